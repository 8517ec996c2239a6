// Whom an extension keeps waiting: results that open after the due date open when the last extension has ended.
import { and, eq, sql } from "drizzle-orm";
import { type AssignmentAccess, dueDates } from "../assignments/assignments.ts";
import { acceptanceOf, lastDueDatePassed } from "../assignments/dates.ts";
import type { ExtensionHolder } from "../assignments/extensions.ts";
import type { Executor } from "../platform/database.ts";
import { suiteVersions } from "../suites/tables.ts";
import { submissions } from "./tables.ts";

export interface KeptWaiting {
  /** Tests that open only then. */
  tests: number;
  /** People who handed in and can do so no more. */
  people: number;
  /** Whose extensions it is. */
  because: ExtensionHolder[];
  /** The last of them. */
  until: Date;
}

/** Null while nobody waits for an extension's end. The caller may see the extensions. */
export async function keptWaiting(
  db: Executor,
  { assignment }: AssignmentAccess,
  holders: ExtensionHolder[],
  now: Date,
): Promise<KeptWaiting | null> {
  const because = holders.filter(
    ({ dueAt }) =>
      assignment.dueAt !== null && dueAt > assignment.dueAt && !lastDueDatePassed(assignment, dueAt, now),
  );
  const others = acceptanceOf({ ...assignment, state: "open" }, assignment.dueAt, now) === "past_due";
  if (because.length === 0 || !others || !assignment.suiteVersionId) return null;
  const [version] = await db
    .select({ tests: suiteVersions.tests })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, assignment.suiteVersionId));
  const tests = version?.tests?.filter(({ visibility }) => visibility === "after_due_date").length ?? 0;
  const [counted] = await db
    .select({ people: sql<number>`count(distinct ${submissions.personId})::int` })
    .from(submissions)
    .where(and(eq(submissions.assignmentId, assignment.id)));
  const { last } = await dueDates(db, assignment, because[0]!.personId);
  const people = Math.max(0, (counted?.people ?? 0) - because.length);
  return tests === 0 ? null : { tests, people, because, until: last! };
}
