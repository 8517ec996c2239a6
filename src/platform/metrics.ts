// The one registry of a server's metrics: what Node says of its process, and how long requests take.
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

export interface ServerMetrics {
  registry: Registry;
  /** Seconds of each answer, by method, kind of address and status. */
  requests: Histogram<"method" | "kind" | "status">;
}

/** From what a page may take to what a person gives up on; uploads are minutes. */
const BUCKETS_SECONDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 60, 600];

let made: ServerMetrics | undefined;

/** Made when it is first asked for: a command that serves nothing measures nothing. */
export function serverMetrics(): ServerMetrics {
  made ??= make();
  return made;
}

function make(): ServerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "assay_" });
  const requests = new Histogram({
    ...{ name: "assay_http_request_seconds", help: "Time from a request's arrival to its answer" },
    ...{ labelNames: ["method", "kind", "status"] as const, buckets: BUCKETS_SECONDS, registers: [registry] },
  });
  return { registry, requests };
}
