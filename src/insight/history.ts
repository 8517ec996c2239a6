// What this installation has seen: how long gradings take, and how people hand in before deadlines.
import { and, desc, eq, sql } from "drizzle-orm";
import { assignments } from "../assignments/tables.ts";
import { attempts, workers } from "../grading/tables.ts";
import type { Executor } from "../platform/database.ts";
import { submissions } from "../submissions/tables.ts";
import type { Draw, Graded } from "./service-times.ts";

const MEASURED_LIMIT = 2000;
const ARRIVALS_LIMIT = 20_000;

export interface Measured {
  lane: string;
  /** One suite's gradings alone; absent: all. */
  suiteHash?: string | undefined;
  /** Workers share one machine; else each has its own. */
  oneMachine?: boolean;
}

/** The latest gradings of a lane, the oldest first: from a worker's start to the whole report. */
export async function gradedLately(
  db: Executor,
  { lane, suiteHash, oneMachine }: Measured,
): Promise<Graded[]> {
  const epoch = (column: unknown) => sql<number>`extract(epoch from ${column})::float8`;
  const rows = await db
    .select({
      worker: sql<string>`${attempts.worker}::text`,
      // A worker that is gone has left no row: then it is a machine of its own.
      host: workers.host,
      slots: workers.slots,
      created: epoch(attempts.createdAt),
      started: epoch(attempts.startedAt),
      finished: epoch(attempts.finishedAt),
    })
    .from(attempts)
    .leftJoin(workers, eq(workers.id, attempts.worker))
    .where(
      and(
        eq(attempts.state, "finished"),
        eq(attempts.lane, lane),
        sql`${attempts.startedAt} is not null and ${attempts.worker} is not null and ${attempts.finishedAt} > ${attempts.startedAt}`,
        suiteHash === undefined ? undefined : eq(attempts.suiteHash, suiteHash),
      ),
    )
    .orderBy(desc(attempts.id))
    .limit(MEASURED_LIMIT);
  return rows
    .reverse()
    .map(({ host, ...row }) => ({ ...row, machine: oneMachine ? "" : (host ?? row.worker) }));
}

/** How the latest submissions spread over the last `seconds` before their assignments' past deadlines; null: none. */
export async function pastArrivals(db: Executor, seconds: number): Promise<((draw: Draw) => number) | null> {
  const rows = await db
    .select({
      share: sql<number>`1 - extract(epoch from ${assignments.dueAt} - ${submissions.receivedAt})::float8 / ${seconds}::float8`,
    })
    .from(submissions)
    .innerJoin(assignments, eq(assignments.id, submissions.assignmentId))
    .where(
      sql`${assignments.dueAt} < now() and ${submissions.receivedAt} <= ${assignments.dueAt}
        and ${submissions.receivedAt} > ${assignments.dueAt} - make_interval(secs => ${seconds}::float8)`,
    )
    .orderBy(desc(submissions.receivedAt))
    .limit(ARRIVALS_LIMIT);
  if (rows.length === 0) return null;
  return (draw) => rows[Math.floor(draw() * rows.length)]!.share;
}
