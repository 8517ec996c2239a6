// Headers of every answer: nothing is framed, sniffed or fetched from elsewhere; the answers hold people's grades,
// so nothing keeps them.
import type { MiddlewareHandler } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";

const standard = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'", NONCE],
    styleSrc: ["'self'", NONCE],
    imgSrc: ["'self'", "data:"],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: "DENY",
  // `no-referrer` would make browsers send `Origin: null` with our own forms.
  referrerPolicy: "same-origin",
  crossOriginOpenerPolicy: "same-origin",
  crossOriginResourcePolicy: "same-origin",
  strictTransportSecurity: false,
});

const POLICY = "Content-Security-Policy";

/** A route that has a stricter policy of its own (downloads, the API's pages) keeps it. */
export const setHeaders: MiddlewareHandler = async (c, next) => {
  let own: string | null = null;
  await standard(c, async () => {
    await next();
    own = c.res.headers.get(POLICY);
  });
  if (own !== null) c.res.headers.set(POLICY, own);
};

/** Says to caches that an answer is for whoever asked, now; a route that serves fixed bytes says otherwise itself. */
export const keepNothing: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "private, no-store");
};

/** For bytes that a submission chose: a download, never a page. */
export function downloadHeaders(name: string, bytes: number | null): Record<string, string> {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  return {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": `attachment; filename="${ascii}"; filename*=UTF-8''${encodeRfc5987(name)}`,
    "Content-Security-Policy": "sandbox; default-src 'none'",
    ...(bytes === null ? {} : { "Content-Length": String(bytes) }),
  };
}

function encodeRfc5987(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
}
