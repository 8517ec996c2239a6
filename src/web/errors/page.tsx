// What went wrong, as a page: what it means and where to go on.
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { errorFor } from "../../http/errors.ts";
import type { AppEnv } from "../../http/services.ts";
import type { UserError } from "../../platform/errors.ts";
import { Page } from "../components/page.tsx";
import { type PageContext, pageContext } from "../context.ts";

export function errorPage(error: unknown, c: Context<AppEnv>): Response | Promise<Response> {
  const told = errorFor(error, c);
  c.set("lang", c.var.lang ?? "en");
  if (told.status === 401) return signInFirst(c);
  const at = pageContext(c);
  return c.html(<ErrorPage at={at} error={told} />, told.status as ContentfulStatusCode);
}

/** A page's reader is sent to sign in and comes back; a fragment's is told so. */
function signInFirst(c: Context<AppEnv>): Response {
  if (c.req.header("hx-request")) return c.body(null, 401);
  const { pathname, search } = new URL(c.req.url);
  const back = c.req.method === "GET" ? pathname + search : "/";
  return c.redirect(back === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(back)}`, 303);
}

const titled = [403, 404, 500] as const;

function ErrorPage({ at, error }: { at: PageContext; error: UserError }) {
  const known = titled.find((status) => status === error.status);
  const kind = known ?? (error.status >= 500 ? 500 : "other");
  return (
    <Page at={at} title={at.t(`error.title.${kind}`)}>
      <p class="mb-6 max-w-prose whitespace-pre-line wrap-anywhere">{error.sentence(at.lang)}</p>
      <a href="/" class="btn btn-primary">
        {at.t("error.home")}
      </a>
    </Page>
  );
}
