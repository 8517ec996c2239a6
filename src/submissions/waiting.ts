// Whom an extension keeps waiting: results that open after the due date open for all when the last extension has ended.
import { and, eq, sql } from "drizzle-orm";
import { type AssignmentAccess, dueDates } from "../assignments/assignments.ts";
import { acceptanceOf, type Delay, delayOf, lastDueDatePassed, laterDue } from "../assignments/dates.ts";
import type { ExtensionHolder } from "../assignments/extensions.ts";
import type { Assignment } from "../assignments/tables.ts";
import { type Executor, idList } from "../platform/database.ts";
import { suiteVersions } from "../suites/tables.ts";
import { submissionMembers, submissions } from "./tables.ts";

interface Waiting {
  /** Tests that open only then. */
  tests: number;
  /** People whose work is here, but for those whose extensions it is. */
  people: number;
}

export interface KeptWaiting extends Waiting {
  /** Whose extensions it is. */
  because: ExtensionHolder[];
  /** When the last of them has ended. */
  until: Date;
}

/** Null while nobody waits for an extension's end. The caller may see the extensions. */
export async function keptWaiting(
  db: Executor,
  { assignment }: AssignmentAccess,
  holders: ExtensionHolder[],
  now: Date,
): Promise<KeptWaiting | null> {
  const { dueAt: due } = assignment;
  const because = holders.filter(
    ({ dueAt }) => due !== null && dueAt > due && !lastDueDatePassed(assignment, dueAt, now),
  );
  const others = acceptanceOf({ ...assignment, state: "open" }, due, now) === "past_due";
  if (because.length === 0 || !others) return null;
  const waiting = await waitingOf(
    db,
    assignment,
    because.map(({ personId }) => personId),
  );
  const last = because.reduce((latest, { dueAt }) => laterDue(latest, dueAt), due)!;
  const delay = delayOf(assignment, due, last, now);
  return waiting && { ...waiting, because, until: delay?.until ?? last };
}

export interface WouldWait extends Waiting, Delay {}

/** The same before it is granted: what a due date for `people` would do. Null where nobody else would wait longer. */
export async function wouldWait(
  db: Executor,
  { assignment }: AssignmentAccess,
  { people, until }: { people: string[]; until: Date },
  now: Date,
): Promise<WouldWait | null> {
  const { last } = await dueDates(db, assignment, people[0] ?? assignment.id);
  const delay = delayOf(assignment, last, until, now);
  if (!delay) return null;
  const waiting = await waitingOf(db, assignment, people);
  return waiting && waiting.people > 0 ? { ...waiting, ...delay } : null;
}

async function waitingOf(db: Executor, assignment: Assignment, but: string[]): Promise<Waiting | null> {
  if (!assignment.suiteVersionId) return null;
  const [version] = await db
    .select({ tests: suiteVersions.tests })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, assignment.suiteVersionId));
  const tests = version?.tests?.filter(({ visibility }) => visibility === "after_due_date").length ?? 0;
  if (tests === 0) return null;
  const [counted] = await db
    .select({ people: sql<number>`count(distinct ${submissionMembers.personId})::int` })
    .from(submissions)
    .innerJoin(submissionMembers, eq(submissionMembers.submissionId, submissions.id))
    .where(
      and(
        eq(submissions.assignmentId, assignment.id),
        sql`not (${submissionMembers.personId} = any(${idList(but)}))`,
      ),
    );
  return { tests, people: counted?.people ?? 0 };
}
