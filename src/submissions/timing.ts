// How submissions stand to their people's dates: due dates with extensions, late days that were spent, the early date.
import { and, eq, inArray, lt, sql } from "drizzle-orm";
import { laterDue, type PersonDates, timingAt } from "../assignments/dates.ts";
import { type Assignment, extensions } from "../assignments/tables.ts";
import type { Executor } from "../platform/database.ts";
import type { Timing } from "../scoring/lateness.ts";
import { endOfShownMinute } from "../scoring/lateness.ts";
import { lateDayEntries, submissions } from "./tables.ts";

export interface Timings {
  of(personId: string): PersonDates;
  at(personId: string, received: Date): Timing;
}

/** For some people, or (null) for everybody of the assignment, in at most three statements. */
export async function timingsFor(
  db: Executor,
  assignment: Assignment,
  personIds: string[] | null,
): Promise<Timings> {
  const due = await extendedDues(db, assignment, personIds);
  const spent = await spentDays(db, assignment, personIds);
  const early = await earlyPeople(db, assignment, personIds);
  const of = (personId: string) => ({
    due: laterDue(assignment.dueAt, due.get(personId) ?? assignment.dueAt),
    spent: Math.max(0, spent.get(personId) ?? 0),
    early: early.has(personId),
  });
  return { of, at: (personId, received) => timingAt(assignment, of(personId), received) };
}

async function extendedDues(db: Executor, { id }: Assignment, personIds: string[] | null) {
  const some = personIds === null ? undefined : inArray(extensions.personId, personIds);
  const rows = await db
    .select({ personId: extensions.personId, dueAt: extensions.dueAt })
    .from(extensions)
    .where(and(eq(extensions.assignmentId, id), some));
  return new Map(rows.map(({ personId, dueAt }) => [personId, dueAt]));
}

async function spentDays(db: Executor, { id }: Assignment, personIds: string[] | null) {
  const some = personIds === null ? undefined : inArray(lateDayEntries.personId, personIds);
  const rows = await db
    .select({
      personId: lateDayEntries.personId,
      days: sql<number>`sum(case ${lateDayEntries.kind} when 'charge' then ${lateDayEntries.days}
        when 'refund' then -${lateDayEntries.days} else 0 end)::int`,
    })
    .from(lateDayEntries)
    .where(and(eq(lateDayEntries.assignmentId, id), some))
    .groupBy(lateDayEntries.personId);
  return new Map(rows.map(({ personId, days }) => [personId, days]));
}

async function earlyPeople(db: Executor, { id, earlyAt }: Assignment, personIds: string[] | null) {
  if (!earlyAt) return new Set<string>();
  const some = personIds === null ? undefined : inArray(submissions.personId, personIds);
  const rows = await db
    .selectDistinct({ personId: submissions.personId })
    .from(submissions)
    .where(
      and(eq(submissions.assignmentId, id), lt(submissions.receivedAt, endOfShownMinute(earlyAt)), some),
    );
  return new Set(rows.map(({ personId }) => personId));
}
