// The frame in which a submission's PDF is drawn. A PDF is a stranger's file, and its reader is large: so it runs with
// no origin (`sandbox`), may fetch nothing but its own script, and is handed the bytes by the page around it.
import type { Hono } from "hono";
import { raw } from "hono/html";
import type { AppEnv } from "../../http/services.ts";
import { builtAssets } from "../assets.ts";
import { translator } from "../messages/translate.ts";

const POLICY = [
  "sandbox allow-scripts",
  "default-src 'none'",
  "img-src blob: data:",
  "font-src blob: data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
];

export function addPdf(web: Hono<AppEnv>): void {
  web.get("/pdf-frame", (c) => {
    const nonce = c.get("secureHeadersNonce" as never) as string;
    const { script } = builtAssets("pdf-frame.ts");
    const t = translator(c.var.lang);
    const allowed = [`script-src 'nonce-${nonce}'`, `style-src 'nonce-${nonce}'`];
    c.header("Content-Security-Policy", [...POLICY, ...allowed].join("; "));
    return c.html(
      <>
        {raw("<!doctype html>")}
        <html lang={c.var.lang === "zh" ? "zh-CN" : "en"}>
          <head>
            <meta charset="utf-8" />
            <title>{t("pdf.title")}</title>
            <style nonce={nonce}>{raw(STYLE)}</style>
            <script type="module" src={script} nonce={nonce} />
          </head>
          <body>
            <main
              id="pages"
              data-page={t("pdf.page")}
              data-comment={t("pdf.comment")}
              data-broken={t("pdf.broken")}
            >
              <h1 class="sr">{t("pdf.title")}</h1>
            </main>
          </body>
        </html>
      </>,
    );
  });
}

const STYLE = `
body { margin: 0; background: #6b7280; font: 14px system-ui, sans-serif; }
#pages { display: grid; gap: 12px; padding: 12px; justify-items: center; }
figure { margin: 0; max-width: 100%; background: #fff; color: #1f2937; }
figcaption { display: flex; gap: 12px; align-items: center; padding: 6px 10px; }
canvas { display: block; width: 100%; height: auto; }
button { font: inherit; padding: 2px 8px; color: #1f2937; background: #fff; border: 1px solid #6b7280; border-radius: 6px; cursor: pointer; }
p { background: #fff; color: #1f2937; padding: 12px; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
