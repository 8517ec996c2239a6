import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { Lang, Translate } from "../messages/translate.ts";

export interface PageContext {
  t: Translate;
  lang: Lang;
  theme: "light" | "dark" | null;
  /** Names of the built script and style sheet. */
  assets: { script: string; styles: string[] };
  nonce: string;
  viewer: { name: string; admin: boolean } | null;
  path: string;
}

/** The frame of every page: skip link, navigation, one main landmark, messages for screen readers. */
export function Page(props: {
  at: PageContext;
  title: string;
  trail?: [string, string][];
  wide?: boolean;
  children: Child;
}) {
  const { at, title } = props;
  return (
    <>
      {raw("<!doctype html>")}
      <html lang={at.lang === "zh" ? "zh-CN" : "en"} data-theme={at.theme ? `assay-${at.theme}` : undefined}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{`${title} · ${at.t("app.name")}`}</title>
          {at.assets.styles.map((href) => (
            <link rel="stylesheet" href={href} />
          ))}
          <script type="module" src={at.assets.script} nonce={at.nonce} />
        </head>
        <body class="min-h-dvh bg-base-200 text-base-content flex flex-col">
          <a href="#main" class="sr-only focus:not-sr-only focus:absolute focus:p-3 focus:bg-base-100">
            {at.t("app.skip")}
          </a>
          <Header at={at} />
          <main
            id="main"
            tabindex={-1}
            class={`w-full mx-auto px-4 py-6 grow ${props.wide ? "max-w-7xl" : "max-w-5xl"}`}
          >
            {props.trail && <Trail steps={props.trail} />}
            <h1 class="text-2xl font-semibold mb-4 text-balance">{title}</h1>
            {props.children}
          </main>
          <div id="live-messages" class="sr-only" aria-live="polite" />
        </body>
      </html>
    </>
  );
}

function Header({ at }: { at: PageContext }) {
  const other = at.lang === "zh" ? "en" : "zh";
  return (
    <header class="bg-base-100 border-b border-base-300">
      <nav class="max-w-7xl mx-auto px-4 h-14 flex items-center gap-2" aria-label={at.t("app.name")}>
        <a href="/" class="font-semibold text-lg tracking-tight mr-auto">
          {at.t("app.name")}
        </a>
        {at.viewer?.admin && (
          <a href="/admin" class="btn btn-ghost btn-sm">
            {at.t("nav.admin")}
          </a>
        )}
        <a
          href={`/language/${other}?back=${encodeURIComponent(at.path)}`}
          class="btn btn-ghost btn-sm"
          lang={other}
        >
          {at.t("nav.language")}
        </a>
        {at.viewer && (
          <a href="/account" class="btn btn-ghost btn-sm max-w-40 truncate">
            {at.viewer.name}
          </a>
        )}
      </nav>
    </header>
  );
}

function Trail({ steps }: { steps: [string, string][] }) {
  return (
    <nav aria-label="breadcrumb" class="text-sm mb-1 opacity-80">
      <ol class="flex flex-wrap gap-x-2">
        {steps.map(([text, href]) => (
          <li class="after:content-['/'] after:ml-2 last:after:content-none">
            <a href={href} class="link link-hover">
              {text}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
