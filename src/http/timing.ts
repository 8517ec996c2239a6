// How long answers take, for /metrics.
import type { MiddlewareHandler } from "hono";
import { serverMetrics } from "../platform/metrics.ts";
import type { AppEnv } from "./services.ts";

/** First in line, so that it sees every answer. */
export const timeRequests: MiddlewareHandler<AppEnv> = async (c, next) => {
  const began = performance.now();
  await next();
  // A stream of events is open as long as its page is: that is no slow answer.
  if (c.res.headers.get("content-type")?.startsWith("text/event-stream")) return;
  const status = `${Math.floor(c.res.status / 100)}xx`;
  const labels = { method: known(c.req.method), kind: kindOf(c.req.path), status };
  serverMetrics().requests.observe(labels, (performance.now() - began) / 1000);
};

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const known = (method: string) => (methods.has(method) ? method : "other");
const kindOf = (path: string) => /^\/(api|assets|lti)\//.exec(path)?.[1] ?? "page";
