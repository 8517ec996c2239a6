// Reads for pages: how long a waiting attempt is likely to wait, from what was measured.
import { and, desc, eq, sql } from "drizzle-orm";
import type { Executor } from "../platform/database.ts";
import { attempts, workers } from "./tables.ts";

export interface WaitEstimate {
  /** Gradings that the living workers of the lane run at once; 0 says that none is there. */
  slots: number;
  /** Until it has probably ended; null where nothing was measured yet. */
  seconds: number | null;
}

const MEASURED = 20;
/** A worker that was not heard of for so long is counted as gone. */
export const ALIVE_SECONDS = 15;

/** @param ahead waiting attempts that go first. Others' times only, of the whole lane: nothing of one suite shows. */
export async function estimateWait(db: Executor, attemptId: string, ahead: number): Promise<WaitEstimate> {
  const [attempt] = await db.select({ lane: attempts.lane }).from(attempts).where(eq(attempts.id, attemptId));
  const lane = attempt?.lane ?? "";
  const [alive] = await db
    .select({ slots: sql<number>`coalesce(sum(${workers.slots}), 0)::int` })
    .from(workers)
    .where(
      sql`${lane} = any(${workers.lanes}) and ${workers.seenAt} > now() - make_interval(secs => ${ALIVE_SECONDS}::int)`,
    );
  // Ids grow with time (UUID v7), so the newest are at the end of the primary key.
  const newest = db
    .select({
      seconds: sql<number>`extract(epoch from ${attempts.finishedAt} - ${attempts.startedAt})`.as("s"),
    })
    .from(attempts)
    .where(and(eq(attempts.state, "finished"), eq(attempts.lane, lane)))
    .orderBy(desc(attempts.id))
    .limit(MEASURED)
    .as("newest");
  const [measured] = await db.select({ mean: sql<string | null>`avg(${newest.seconds})` }).from(newest);
  const slots = alive?.slots ?? 0;
  const mean = measured?.mean == null ? null : Number(measured.mean);
  const seconds = mean === null || slots === 0 ? null : Math.ceil((mean * (ahead + slots)) / slots);
  return { slots, seconds };
}
