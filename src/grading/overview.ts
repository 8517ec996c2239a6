// What the engine is doing: workers, and what waits in each lane. Nothing is decided by it.
import { asc, sql } from "drizzle-orm";
import type { Executor } from "../platform/database.ts";
import { BATCH_BELOW } from "./priority.ts";
import { ALIVE_SECONDS } from "./queries.ts";
import { workers } from "./tables.ts";

export interface WorkerView {
  id: string;
  host: string;
  pid: number;
  lanes: string[];
  slots: number;
  startedAt: Date;
  seenAt: Date;
  alive: boolean;
  busy: number;
  draining: boolean;
  /** Sandboxes of its pool; null where it told nothing of them. */
  sandboxes: { suites: number; ready: number; busy: number; waitingBytes: number } | null;
}

const WORKERS_SHOWN = 200;
/** A worker that was killed leaves its row; after so long it is no news any more. */
const FORGOTTEN_HOURS = 24;

export async function listWorkers(db: Executor): Promise<WorkerView[]> {
  const rows = await db
    .select({
      worker: workers,
      alive: sql<boolean>`${workers.seenAt} > now() - make_interval(secs => ${ALIVE_SECONDS}::int)`,
    })
    .from(workers)
    .where(sql`${workers.seenAt} > now() - make_interval(hours => ${FORGOTTEN_HOURS}::int)`)
    .orderBy(asc(workers.host), asc(workers.startedAt))
    .limit(WORKERS_SHOWN);
  return rows.map(({ worker: { detail, ...worker }, alive }) => ({
    ...{ ...worker, alive },
    busy: number(detail.busy),
    draining: detail.draining === true,
    sandboxes:
      typeof detail.ready === "number"
        ? {
            ...{ suites: number(detail.suites), ready: number(detail.ready), busy: number(detail.busy) },
            waitingBytes: number(detail.waitingBytes),
          }
        : null,
  }));
}

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

export interface LaneView {
  lane: string;
  /** What somebody waits for. */
  waiting: number;
  /** Re-runs and proofs. */
  batch: number;
  running: number;
  /** Seconds that the longest waiting live attempt has waited; null where none waits. */
  oldestSeconds: number | null;
}

export async function listLanes(db: Executor): Promise<LaneView[]> {
  const rows = await db.execute<{
    lane: string;
    waiting: number;
    batch: number;
    running: number;
    oldest: number | null;
  }>(sql`
    select lane,
      (count(*) filter (where state = 'waiting' and priority > ${-BATCH_BELOW / 2}))::int as waiting,
      (count(*) filter (where state = 'waiting' and priority <= ${-BATCH_BELOW / 2}))::int as batch,
      (count(*) filter (where state = 'running'))::int as running,
      (extract(epoch from now() - min(created_at)
        filter (where state = 'waiting' and priority > ${-BATCH_BELOW / 2})))::int as oldest
    from attempts where state in ('waiting', 'running') group by lane order by lane`);
  return rows.map(({ oldest, ...row }) => ({ ...row, oldestSeconds: oldest }));
}
