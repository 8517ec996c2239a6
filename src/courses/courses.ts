// Courses, found only through the eyes of somebody.
import { and, asc, eq, gt, or } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import { requireAdmin, requireScope, type Viewer } from "../accounts/viewer.ts";
import type { Words } from "../judge/words.ts";
import { type Executor, transaction, violates } from "../platform/database.ts";
import { actions, type CourseAccess, permit } from "./access.ts";
import { fail } from "./errors.ts";
import { type Course, courses, type Role, roster } from "./tables.ts";

export const COURSES_PAGE = 100;
export const ROSTER_PAGE = 200;

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Ids and short names never look alike to the database: anything but a UUID is a short name. */
export const isUuid = (text: string): boolean => uuidShape.test(text);

/** A course by id or short name, if the viewer is in it or an administrator. @throws not_found */
export async function findCourse(db: Executor, viewer: Viewer, ref: string): Promise<CourseAccess> {
  requireScope(viewer, actions["course.view"].scope);
  return findCourseForAny(db, viewer, ref);
}

/** The same for callers that ask for another scope by `permit` themselves (a token that may only submit). */
export async function findCourseForAny(db: Executor, viewer: Viewer, ref: string): Promise<CourseAccess> {
  const [found] = await db
    .select({ course: courses, role: roster.role })
    .from(courses)
    .leftJoin(roster, and(eq(roster.courseId, courses.id), eq(roster.personId, viewer.id)))
    .where(isUuid(ref) ? eq(courses.id, ref) : eq(courses.slug, ref));
  const standing = found?.role ?? (viewer.admin ? "admin" : null);
  if (!found || !standing) throw fail("not_found");
  // An administrator stays one in a course where they are also on the roster.
  return { course: found.course, standing: viewer.admin ? "admin" : standing };
}

/** The viewer's courses; all of them for an administrator. `after` is the last short name of the page before. */
export async function listCourses(db: Executor, viewer: Viewer, after = ""): Promise<CourseAccess[]> {
  requireScope(viewer, actions["course.view"].scope);
  const rows = await db
    .select({ course: courses, role: roster.role })
    .from(courses)
    .leftJoin(roster, and(eq(roster.courseId, courses.id), eq(roster.personId, viewer.id)))
    .where(and(gt(courses.slug, after), viewer.admin ? undefined : eq(roster.personId, viewer.id)))
    .orderBy(asc(courses.slug))
    .limit(COURSES_PAGE);
  return rows.map(({ course, role }) => ({ course, standing: viewer.admin ? "admin" : role! }));
}

export interface NewCourse {
  slug: string;
  title: Words;
  timeZone: string;
}

/** Makes a course with an instructor, who may be its maker. @throws course_exists, admin_only */
export async function createCourse(
  db: Executor,
  viewer: Viewer,
  wish: NewCourse,
  instructorId: string | null,
): Promise<Course> {
  requireAdmin(viewer);
  try {
    return await transaction(db, async (tx) => {
      const [course] = await tx.insert(courses).values(wish).returning();
      if (instructorId) {
        await tx.insert(roster).values({ courseId: course!.id, personId: instructorId, role: "instructor" });
      }
      await audit(tx, {
        actorId: viewer.id,
        action: "course.created",
        courseId: course!.id,
        subject: { kind: "course", id: course!.id },
        detail: { slug: wish.slug, instructor: instructorId },
      });
      return course!;
    });
  } catch (error) {
    if (violates(error, "courses_slug_unique")) throw fail("course_exists", { slug: wish.slug });
    throw error;
  }
}

export interface RosterRow {
  personId: string;
  name: string;
  email: string;
  role: Role;
  studentNumber: string | null;
  section: string | null;
}

/** The roster by e-mail, a page at a time; for staff. */
export async function listRoster(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  after = "",
): Promise<RosterRow[]> {
  permit(viewer, access, "roster.view");
  return db
    .select({
      personId: people.id,
      name: people.name,
      email: people.email,
      role: roster.role,
      studentNumber: roster.studentNumber,
      section: roster.section,
    })
    .from(roster)
    .innerJoin(people, eq(people.id, roster.personId))
    .where(and(eq(roster.courseId, access.course.id), gt(people.email, after)))
    .orderBy(asc(people.email))
    .limit(ROSTER_PAGE);
}

/** Takes someone off the roster; what they handed in stays. @throws not_found, last_instructor */
export async function removeFromRoster(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  personId: string,
): Promise<void> {
  permit(viewer, access, "roster.edit");
  const courseId = access.course.id;
  await transaction(db, async (tx) => {
    // The course's row is the lock: two instructors cannot remove each other at once.
    await tx.select({ id: courses.id }).from(courses).where(eq(courses.id, courseId)).for("update");
    const rows = await tx
      .select()
      .from(roster)
      .where(
        and(eq(roster.courseId, courseId), or(eq(roster.personId, personId), eq(roster.role, "instructor"))),
      );
    const entry = rows.find((row) => row.personId === personId);
    if (!entry) throw fail("not_found");
    if (entry.role === "instructor" && rows.length === 1) throw fail("last_instructor");
    await tx.delete(roster).where(and(eq(roster.courseId, courseId), eq(roster.personId, personId)));
    await audit(tx, {
      actorId: viewer.id,
      action: "roster.removed",
      courseId,
      subject: { kind: "person", id: personId },
      detail: { role: entry.role },
    });
  });
}
