// What waits for a device when its assignment's settings or dates change: it waits on the new terms from then on.
import { and, eq, sql } from "drizzle-orm";
import type { Assignment } from "../assignments/tables.ts";
import { DEVICE_LANE } from "../grading/device-claim.ts";
import { attempts } from "../grading/tables.ts";
import { type Executor, transaction } from "../platform/database.ts";
import { notify } from "../platform/events.ts";
import { submissions } from "./tables.ts";

/** Budgets are for what students hand in; an attempt that has none keeps none. */
export function renewDeviceTerms(db: Executor, assignment: Assignment): Promise<void> {
  const { gpuFallback, gpuMinutesAWeek, dueAt, id } = assignment;
  const week = gpuMinutesAWeek === null ? null : gpuMinutesAWeek * 60;
  const mine = sql`exists (select 1 from ${submissions}
    where ${submissions.id}::text = ${attempts.subject} and ${submissions.assignmentId} = ${id}::uuid)`;
  return transaction(db, async (tx) => {
    const changed = await tx
      .update(attempts)
      .set({
        fallback: gpuFallback,
        wantedBy: sql`case when ${attempts.wantedBy} is null then null else ${dueAt?.toISOString() ?? null}::timestamptz end`,
        weekSeconds: sql`case when ${attempts.weekSeconds} is null then null else ${week}::int end`,
      })
      .where(and(eq(attempts.state, "waiting"), eq(attempts.lane, DEVICE_LANE), mine))
      .returning({ id: attempts.id });
    for (const one of changed) await notify(tx, "attempt_changed", one.id);
    if (changed.length > 0) await notify(tx, "attempt_waiting", DEVICE_LANE);
  });
}
