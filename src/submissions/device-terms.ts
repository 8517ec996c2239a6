// What waits for a device when its assignment's settings or dates change: it waits on the new terms from then on.
import { and, eq, or, sql } from "drizzle-orm";
import { type Assignment, extensions } from "../assignments/tables.ts";
import { DEVICE_LANE } from "../grading/device-queue.ts";
import { BATCH_BELOW } from "../grading/priority.ts";
import { attempts } from "../grading/tables.ts";
import { type Executor, transaction } from "../platform/database.ts";
import { notify } from "../platform/events.ts";
import { FIRST_RUN, submissions } from "./tables.ts";

/**
 * What a student handed in gets the assignment's budget and its submitter's own date; what staff run has neither.
 * What is still at its preflight takes its terms along to the queue.
 */
export function renewDeviceTerms(db: Executor, assignment: Assignment): Promise<void> {
  const { gpuFallback, gpuMinutesAWeek, dueAt, id } = assignment;
  const week = gpuMinutesAWeek === null ? null : gpuMinutesAWeek * 60;
  const mine = sql`${attempts.subject} in (select ${submissions.id}::text from ${submissions}
    where ${submissions.assignmentId} = ${id}::uuid)`;
  const due = sql`${dueAt?.toISOString() ?? null}::timestamptz`;
  // An extension never shortens, and no date at all is later than any (assignments/dates.ts, laterDue).
  const ownDue = sql`case when ${due} is null then null else greatest(${due}, (select ${extensions.dueAt}
    from ${extensions} join ${submissions} on ${submissions.personId} = ${extensions.personId}
    where ${submissions.id}::text = ${attempts.subject} and ${extensions.assignmentId} = ${id}::uuid)) end`;
  const students = sql`${attempts.run} = ${FIRST_RUN} and ${attempts.priority} > ${-BATCH_BELOW}`;
  const forStudents = (value: ReturnType<typeof sql>) => sql`case when ${students} then ${value} end`;
  const waits = and(eq(attempts.state, "waiting"), eq(attempts.lane, DEVICE_LANE));
  const before = sql`${attempts.state} in ('waiting', 'running') and ${attempts.options}->>'preflight' = 'true'`;
  return transaction(db, async (tx) => {
    const changed = await tx
      .update(attempts)
      .set({
        fallback: gpuFallback,
        wantedBy: forStudents(ownDue),
        weekSeconds: forStudents(sql`${week}::int`),
      })
      .where(and(or(waits, before), mine))
      .returning({ id: attempts.id });
    for (const one of changed) await notify(tx, "attempt_changed", one.id);
    if (changed.length > 0) await notify(tx, "attempt_waiting", DEVICE_LANE);
  });
}
