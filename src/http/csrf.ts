// A page of another site cannot act in the name of someone who is signed in here: every request that may change
// something has to come from our own pages, or from a program that sends no cookie and no Origin.
import type { MiddlewareHandler } from "hono";
import { fail } from "./errors.ts";
import type { AppEnv } from "./services.ts";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);
/**
 * A learning platform's page posts to these, without a cookie of ours: what counts is the platform's signature and, at
 * the next step, the browser's cookie (lms/launch.ts).
 */
const posted = new Set(["/lti/login", "/lti/launch"]);

/**
 * Compares `Origin` (or, where a browser leaves it out, `Referer` and `Sec-Fetch-Site`) with the configured sites.
 * The content type decides nothing: a form, or a request without one, is judged the same way.
 */
export const refuseForeignOrigins: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!safe.has(c.req.method) && !posted.has(c.req.path)) {
    const origin = c.req.header("origin") ?? originOf(c.req.header("referer"));
    const site = c.req.header("sec-fetch-site");
    const ours = origin !== undefined && c.var.services.origins.includes(origin);
    // A browser's own word; a page cannot set it.
    const sameSite = site === "same-origin" && (origin === undefined || ours);
    const foreignSite = site !== undefined && site !== "same-origin" && site !== "none";
    // Without any of the three it is no browser; then a cookie has no business here.
    const program = origin === undefined && site === undefined && c.req.header("cookie") === undefined;
    if (!program && !sameSite && (!ours || foreignSite))
      throw fail("foreign_origin", { origin: origin ?? "unknown" });
  }
  await next();
};

function originOf(referer: string | undefined): string | undefined {
  return referer !== undefined && URL.canParse(referer) ? new URL(referer).origin : undefined;
}
