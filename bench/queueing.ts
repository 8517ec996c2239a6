// The queue and its database by themselves: real PostgreSQL, pg-boss and workers, gradings that only take their
// time. How long slots stand idle beside a backlog, whom a student with fifty jobs delays, what doing nothing costs.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eq, sql } from "drizzle-orm";
import { attempts } from "../src/grading/tables.ts";
import type { Database } from "../src/platform/database.ts";
import { createLogger } from "../src/platform/log.ts";
import { openQueue } from "../src/platform/queue.ts";
import { enqueue } from "../test/support/attempts.ts";
import { type Figure, figure, single } from "./figures.ts";
import { type Said, sharedClock } from "./queue-said.ts";

const LANES = ["cpu", "gpu"];
const log = createLogger(process.env.LOG_LEVEL ?? "error");
const GRADING_MS = 60;
/** An idle connection hands in its counts after ten seconds: what starting cost must not be counted as idling. */
const STATISTICS_MS = 12_000;

/** One grading as a worker saw it. */
interface Seen {
  id: string;
  team: string;
  began: number;
  ended: number;
}

export async function queueing(
  database: Database,
  size: { backlog: number; idleSeconds: number; workers: number },
): Promise<Figure[]> {
  return [
    ...(await backlog(database, size.backlog)),
    ...(await fairness(database)),
    ...(await idling(database, size.workers, size.idleSeconds)),
  ];
}

async function backlog(database: Database, count: number): Promise<Figure[]> {
  const queue = await openQueue(database.url, { lanes: LANES, log });
  for (let n = 0; n < count; n++) await enqueue(database, queue);
  const { seen, stop } = await startWorker(database, 4);
  await until(() => seen.filter(({ ended }) => ended > 0).length === count);
  await stop();
  await queue.stop();
  const gaps = gapsOf(seen, 4);
  return [figure("backlog_gap_ms", gaps), figure("backlog_gap_most_ms", gaps, "<= 50", 1)];
}

/** Each grading goes to the slot that has been free for longest: the pauses between two in a slot. */
function gapsOf(seen: Seen[], slots: number): number[] {
  const byBegin = seen.toSorted((a, b) => a.began - b.began);
  const free = byBegin.slice(0, slots).map(({ ended }) => ended);
  return byBegin.slice(slots).map(({ began, ended }) => {
    const at = free.indexOf(Math.min(...free));
    const gap = began - free[at]!;
    free[at] = ended;
    return Math.max(0, gap);
  });
}

/** Fifty of one student's in the queue with one slot; then another comes. How many go before the other's first? */
async function fairness(database: Database): Promise<Figure[]> {
  const queue = await openQueue(database.url, { lanes: LANES, log });
  for (let n = 0; n < 50; n++) await enqueue(database, queue, { team: "many" });
  const { seen, stop } = await startWorker(database, 1);
  await until(() => seen.length >= 3);
  await enqueue(database, queue, { team: "one" });
  const came = sharedClock();
  await until(() => seen.some(({ team }) => team === "one"));
  const before = seen.filter(({ team, began }) => team === "many" && began > came).length;
  await database.db.update(attempts).set({ state: "cancelled" }).where(eq(attempts.state, "waiting"));
  await stop();
  await queue.stop();
  return [single("fairness_jobs_before", before, "<= 1")];
}

async function idling(database: Database, count: number, seconds: number): Promise<Figure[]> {
  const workers = await Promise.all(Array.from({ length: count }, () => startWorker(database, 1)));
  await sleep(STATISTICS_MS);
  const before = await transactionsOf(database);
  const began = performance.now();
  await sleep(seconds * 1000);
  const each = (await transactionsOf(database)) - before;
  const value = each / ((performance.now() - began) / 1000) / count;
  await Promise.all(workers.map(({ stop }) => stop()));
  return [single("idle_worker_transactions_per_s", value, "<= 1")];
}

async function transactionsOf({ db }: Database): Promise<number> {
  const [row] = await db.execute<{ n: string }>(
    sql`select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()`,
  );
  return Number(row?.n ?? 0);
}

/** A process of its own, as in every installation: whoever hands in does not share a thread with what grades. */
async function startWorker(database: Database, slots: number) {
  const seen: Seen[] = [];
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    BENCH_SLOTS: String(slots),
    BENCH_GRADING_MS: String(GRADING_MS),
  };
  const child = fork(join(import.meta.dirname, "queue-worker.ts"), { execArgv: ["--import", "tsx"], env });
  const ended = once(child, "exit");
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`a worker ended with ${code}`)));
    child.on("message", (said: Said) => {
      if (said.event === "up") resolve();
      else if (said.event === "began") seen.push({ id: said.id, team: said.team, began: said.at, ended: 0 });
      else for (const one of seen) if (one.id === said.id) one.ended = said.at;
    });
  });
  const stop = async () => {
    child.disconnect();
    await ended;
  };
  return { seen, stop };
}

async function until(done: () => boolean): Promise<void> {
  for (const limit = Date.now() + 120_000; !done(); await sleep(10)) {
    if (Date.now() > limit) throw new Error("the queue did not come to its end within two minutes");
  }
}
