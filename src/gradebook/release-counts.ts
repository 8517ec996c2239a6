// What would be released: how far the grading of an assignment is.
import { and, eq } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { permitSight } from "../courses/access.ts";
import { roster } from "../courses/tables.ts";
import type { Executor } from "../platform/database.ts";
import { standings } from "./standings.ts";

export interface ReleaseCounts {
  students: number;
  /** Students whose work that counts is graded. */
  graded: number;
  /** Of these, with a rubric item that nobody has graded. */
  left: number;
}

export async function releaseCounts(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
): Promise<ReleaseCounts> {
  permitSight(viewer, access, "gradebook.view");
  const students = await db
    .select({ id: roster.personId })
    .from(roster)
    .where(and(eq(roster.courseId, access.course.id), eq(roster.role, "student")));
  const found = await standings(
    db,
    [access.assignment],
    students.map(({ id }) => id),
  );
  const graded = found.flatMap(({ points }) => points ?? []);
  return {
    students: students.length,
    graded: graded.length,
    left: graded.filter(({ left }) => left > 0).length,
  };
}
