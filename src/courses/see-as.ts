// Staff look at a course with a student's eyes: what that student is shown, by the student's own rights and nothing more.
// Read only, and each look is in the audit log.
import { and, eq } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import { tokenViewer, type Viewer } from "../accounts/viewer.ts";
import type { Db } from "../platform/database.ts";
import { type CourseAccess, permitSight } from "./access.ts";
import { isUuid } from "./courses.ts";
import { fail } from "./errors.ts";
import { roster } from "./tables.ts";

/** For students of this course alone. @throws not_found */
export async function seeAsStudent(
  db: Db,
  viewer: Viewer,
  { course, standing }: CourseAccess,
  personId: string,
  detail: Record<string, unknown> = {},
): Promise<{ viewer: Viewer; access: CourseAccess }> {
  permitSight(viewer, { course, standing }, "submission.view_any");
  if (!isUuid(personId)) throw fail("not_found");
  const [found] = await db
    .select({ person: people })
    .from(roster)
    .innerJoin(people, eq(people.id, roster.personId))
    .where(and(eq(roster.courseId, course.id), eq(roster.personId, personId), eq(roster.role, "student")));
  if (!found) throw fail("not_found");
  await audit(db, {
    actorId: viewer.id,
    action: "course.seen_as_student",
    courseId: course.id,
    subject: { kind: "person", id: personId },
    detail,
  });
  // Whatever else the person is elsewhere, these eyes read and are a student's.
  const eyes = { ...tokenViewer(found.person, ["read"]), admin: false };
  return { viewer: eyes, access: { course, standing: "student" } };
}
