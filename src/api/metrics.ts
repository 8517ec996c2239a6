// `/metrics` for Prometheus: this server, and of the whole installation what its database says at that moment. Labels are
// lanes, hosts and words of ours: no course, no person, nothing of a submission.
import { timingSafeEqual } from "node:crypto";
import type { Context, Hono } from "hono";
import { Counter, Gauge, Registry } from "prom-client";
import { fail } from "../accounts/errors.ts";
import { type Measures, measures } from "../grading/measures.ts";
import { addressOf } from "../http/address.ts";
import type { AppEnv } from "../http/services.ts";
import { serverMetrics } from "../platform/metrics.ts";

const loopback = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

export function addMetrics(app: Hono<AppEnv>): void {
  app.get("/metrics", async (c) => {
    if (!mayRead(c)) throw fail("not_found");
    const installation = new Registry();
    write(installation, await measures(c.var.services.db));
    const both = Registry.merge([serverMetrics().registry, installation]);
    return c.body(await both.metrics(), 200, { "Content-Type": both.contentType });
  });
}

/**
 * With METRICS_TOKEN: whoever sends it. Without: whoever asks from this machine itself, as long as no PUBLIC_URL says that
 * a proxy on this machine may be passing strangers on.
 */
function mayRead(c: Context<AppEnv>): boolean {
  const { metrics } = c.var.services;
  if (metrics?.token === undefined) return metrics?.local === true && loopback.has(addressOf(c));
  const sent = Buffer.from(/^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "");
  const wanted = Buffer.from(metrics.token);
  return sent.length === wanted.length && timingSafeEqual(sent, wanted);
}

function write(registry: Registry, { lanes, workers, times }: Measures): void {
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });

  const waiting = gauge("assay_queue_waiting", "Attempts that wait", ["lane", "kind"]);
  const running = gauge("assay_queue_running", "Attempts that are being graded", ["lane"]);
  const oldest = gauge("assay_queue_oldest_seconds", "How long the longest waiting live attempt has waited", [
    "lane",
  ]);
  for (const lane of lanes) {
    waiting.set({ lane: lane.lane, kind: "live" }, lane.waiting);
    waiting.set({ lane: lane.lane, kind: "batch" }, lane.batch);
    running.set({ lane: lane.lane }, lane.running);
    oldest.set({ lane: lane.lane }, lane.oldestSeconds ?? 0);
  }

  const wait = gauge("assay_wait_seconds", "Wait of the newest 500 finished attempts", ["lane", "quantile"]);
  const run = gauge("assay_run_seconds", "Grading time of the newest 500 finished attempts", [
    "lane",
    "quantile",
  ]);
  for (const { lane, ...of } of times) {
    for (const [place, quantile] of ["0.5", "0.95"].entries()) {
      wait.set({ lane, quantile }, of.wait[place]!);
      run.set({ lane, quantile }, of.run[place]!);
    }
  }

  const slots = gauge("assay_worker_slots", "Gradings that a worker may run at once", ["host", "worker"]);
  const busy = gauge("assay_worker_busy", "Attempts in a worker's hands", ["host", "worker"]);
  const draining = gauge("assay_worker_draining", "1 while a worker takes nothing new", ["host", "worker"]);
  const ready = gauge("assay_sandboxes_ready", "Sandboxes that wait, already running", ["host", "worker"]);
  const taken = counter("assay_sandboxes_taken_total", "Sandboxes taken, by whether they waited", [
    "host",
    "worker",
    "kind",
  ]);
  const attempts = counter("assay_attempts_total", "Gradings that ended, by the verdict that says most", [
    "host",
    "worker",
    "verdict",
  ]);
  const seconds = counter("assay_grading_seconds_total", "Time that gradings took", ["host", "worker"]);
  const devices = gauge("assay_devices", "Devices (GPUs and slices), by what they are doing", [
    "host",
    "state",
  ]);
  for (const worker of workers) {
    const who = { host: worker.host, worker: worker.id };
    slots.set(who, worker.slots);
    busy.set(who, worker.busy);
    draining.set(who, worker.draining ? 1 : 0);
    ready.set(who, worker.ready ?? 0);
    for (const [kind, count] of Object.entries(worker.acquired ?? {})) taken.inc({ ...who, kind }, count);
    for (const [verdict, count] of Object.entries(worker.tally?.outcomes ?? {}))
      attempts.inc({ ...who, verdict }, count);
    seconds.inc(who, worker.tally?.seconds ?? 0);
    for (const { place } of worker.gpu?.devices ?? []) devices.inc({ host: worker.host, state: place.state });
  }
}
