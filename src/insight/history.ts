// What this installation has seen: how long gradings take, and how people hand in before deadlines.
import { and, desc, eq, sql } from "drizzle-orm";
import { assignments } from "../assignments/tables.ts";
import { attempts } from "../grading/tables.ts";
import type { Executor } from "../platform/database.ts";
import { submissions } from "../submissions/tables.ts";
import type { Draw } from "./capacity.ts";

const MEASURED_LIMIT = 5000;
const ARRIVALS_LIMIT = 20_000;

/** Seconds of the latest gradings of a lane: from a worker's start to the whole report. */
export async function serviceTimes(db: Executor, lane: string): Promise<number[]> {
  const rows = await db
    .select({
      seconds: sql<number>`extract(epoch from ${attempts.finishedAt} - ${attempts.startedAt})::float8`,
    })
    .from(attempts)
    .where(
      and(eq(attempts.state, "finished"), eq(attempts.lane, lane), sql`${attempts.startedAt} is not null`),
    )
    .orderBy(desc(attempts.id))
    .limit(MEASURED_LIMIT);
  return rows.map(({ seconds }) => seconds).filter((seconds) => seconds > 0);
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
