// What every request goes through, whichever room answers it: headers, language, origin, who asks; errors at last.
import { type Hook, OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { ADDRESS_HEADER } from "../accounts/auth.ts";
import { addressOf } from "./address.ts";
import { refuseForeignOrigins } from "./csrf.ts";
import { errorResponse, fail } from "./errors.ts";
import { keepNothing, setHeaders } from "./headers.ts";
import { setLanguage } from "./language.ts";
import type { AppEnv, Services } from "./services.ts";
import { timeRequests } from "./timing.ts";
import { sizeInWords } from "./upload.ts";
import { setViewer } from "./viewer.ts";

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
/** Streamed to disk under limits of their own (http/upload.ts). */
const uploadPaths =
  /^\/(api\/v1\/)?(assignments\/[^/]+\/(submissions|uploads)|courses\/[^/]+\/suites|uploads\/[^/]+)$/;

/** What a request's schema refuses, as everything else is refused: code, sentence, place. */
export const refuseInvalid: Hook<unknown, AppEnv, string, unknown> = (result) => {
  if (result.success) return;
  const [issue] = result.error.issues;
  throw fail("invalid", {
    where: issue?.path.join(".") || result.target,
    why: issue?.message ?? "not valid",
  });
};

/** The application without its routes: api/ and web/ are mounted on it. */
export function createApp(services: Services): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  const limited = bodyLimit({
    maxSize: BODY_LIMIT_BYTES,
    onError: () => {
      throw fail("body_too_large", { limit: sizeInWords(BODY_LIMIT_BYTES) });
    },
  });
  app.use(timeRequests, setHeaders, keepNothing);
  app.use(async (c, next) => {
    c.set("services", services);
    c.set("viewer", null);
    await next();
  });
  app.use(setLanguage, refuseForeignOrigins);
  app.use((c, next) => (uploadPaths.test(c.req.path) ? next() : limited(c, next)));
  app.on(["GET", "POST"], "/api/auth/*", (c) => {
    const headers = new Headers(c.req.raw.headers);
    headers.set(ADDRESS_HEADER, addressOf(c));
    return services.auth.handler(new Request(c.req.raw, { headers }));
  });
  app.use("/api/v1/*", setViewer);
  app.onError((error, c) => errorResponse(error, c));
  app.notFound((c) => errorResponse(fail("not_found"), c));
  return app;
}
