// Tells students that results are out, whichever way they came out: by the button, by a date that was set, by being let
// go after all. The server looks; what it finds it tells in the transaction that notes it, so that nobody is told twice
// and nobody is left out by a crash.
import { and, eq, sql } from "drizzle-orm";
import { assignments, holdBacks } from "../assignments/tables.ts";
import { courses, roster } from "../courses/tables.ts";
import { tell } from "../notifications/notifications.ts";
import { notifications } from "../notifications/tables.ts";
import { type Db, type Tx, transaction } from "../platform/database.ts";
import { submissionMembers, submissions } from "./tables.ts";

const ASSIGNMENTS_AT_ONCE = 20;

/** How many people were told. Several servers share it: each takes what no other has in hand. */
export function announceResults(db: Db): Promise<number> {
  return transaction(db, async (tx) => {
    const due = await tx
      .select({ assignment: assignments, slug: courses.slug })
      .from(assignments)
      .innerJoin(courses, eq(courses.id, assignments.courseId))
      .where(
        and(
          sql`${assignments.resultsPublishedAt} <= now()`,
          sql`${assignments.resultsAnnouncedFor} is distinct from ${assignments.resultsPublishedAt}`,
        ),
      )
      .limit(ASSIGNMENTS_AT_ONCE)
      .for("update", { of: assignments, skipLocked: true });
    let told = 0;
    for (const { assignment, slug } of due) {
      const path = `/assignments/${slug}.${assignment.slug}`;
      const people = await untold(tx, assignment.id, assignment.courseId, path);
      await tell(tx, people, { kind: "results_published", about: assignment.title, path });
      await tx
        .update(assignments)
        .set({ resultsAnnouncedFor: assignments.resultsPublishedAt })
        .where(eq(assignments.id, assignment.id));
      told += people.length;
    }
    return told;
  });
}

/** Students whose name is on something, whose results are not held back, and who were not told before. */
async function untold(tx: Tx, assignmentId: string, courseId: string, path: string): Promise<string[]> {
  const { personId } = submissionMembers;
  const held = sql`exists (select 1 from ${holdBacks}
    where ${holdBacks.assignmentId} = ${assignmentId} and ${holdBacks.personId} = ${personId})`;
  const before = sql`exists (select 1 from ${notifications} where ${notifications.personId} = ${personId}
    and ${notifications.kind} = 'results_published' and ${notifications.path} = ${path})`;
  const rows = await tx
    .selectDistinct({ personId })
    .from(submissionMembers)
    .innerJoin(submissions, eq(submissions.id, submissionMembers.submissionId))
    .innerJoin(roster, and(eq(roster.personId, personId), eq(roster.courseId, courseId)))
    .where(
      and(
        eq(submissions.assignmentId, assignmentId),
        eq(roster.role, "student"),
        sql`not ${held}`,
        sql`not ${before}`,
      ),
    );
  return rows.map((row) => row.personId);
}
