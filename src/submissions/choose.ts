// Which of one's submissions counts, where the assignment leaves it to its students; until results are published.
import { and, eq, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { permit } from "../courses/access.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import { fail } from "./errors.ts";
import { opennessFor } from "./openness.ts";
import { isOwn, type SubmissionAccess } from "./submissions.ts";
import { chosenSubmissions } from "./tables.ts";

/** By person. */
export async function chosenOf(
  db: Executor,
  assignmentId: string,
  personId?: string,
): Promise<Map<string, string>> {
  const rows = await db
    .select({ personId: chosenSubmissions.personId, id: chosenSubmissions.submissionId })
    .from(chosenSubmissions)
    .where(
      and(
        eq(chosenSubmissions.assignmentId, assignmentId),
        personId === undefined ? undefined : eq(chosenSubmissions.personId, personId),
      ),
    );
  return new Map(rows.map(({ personId, id }) => [personId, id]));
}

/** Whether the viewer may let this one count now. */
export async function mayChoose(db: Executor, viewer: Viewer, access: SubmissionAccess): Promise<boolean> {
  if (!isOwn(viewer, access) || access.assignment.counting !== "chosen") return false;
  return !(await opennessFor(db, access.assignment, viewer.id)).openness.published;
}

/** In a group each member chooses for themself. @throws not_found, nothing_to_choose, choice_over */
export async function choose(db: Db, viewer: Viewer, access: SubmissionAccess): Promise<void> {
  permit(viewer, access, "submission.choose");
  const { assignment, submission, course } = access;
  if (!isOwn(viewer, access)) throw fail("not_found");
  if (assignment.counting !== "chosen") throw fail("nothing_to_choose");
  if (!(await mayChoose(db, viewer, access))) throw fail("choice_over");
  await transaction(db, async (tx) => {
    const chosen = { submissionId: submission.id, chosenAt: sql`now()` };
    await tx
      .insert(chosenSubmissions)
      .values({ assignmentId: assignment.id, personId: viewer.id, ...chosen })
      .onConflictDoUpdate({
        target: [chosenSubmissions.assignmentId, chosenSubmissions.personId],
        set: chosen,
      });
    await audit(tx, {
      actorId: viewer.id,
      action: "submission.chosen",
      courseId: course.id,
      subject: { kind: "submission", id: submission.id },
    });
  });
}
