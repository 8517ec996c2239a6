// A roster one person at a time: looked through a page at a time, one added, one changed.
import { and, asc, count, eq, gt, ilike, or, sql } from "drizzle-orm";
import { z } from "zod";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { type Db, type Executor, type Tx, transaction, violates } from "../platform/database.ts";
import { type CourseAccess, permit } from "./access.ts";
import { isUuid, type RosterRow } from "./courses.ts";
import { fail } from "./errors.ts";
import { courses, type Role, role, roster } from "./tables.ts";

export const ROSTER_PAGE_ROWS = 100;

/** What the page's address says; whatever is not understood is as if it were absent. */
export const rosterQuery = z.object({
  q: z.string().trim().max(100).catch(""),
  role: role.or(z.literal("")).catch(""),
  section: z.string().trim().max(64).catch(""),
  /** The last e-mail of the page before. */
  after: z.string().max(300).catch(""),
});
export type RosterQuery = z.infer<typeof rosterQuery>;

const columns = {
  personId: people.id,
  name: people.name,
  email: people.email,
  role: roster.role,
  studentNumber: roster.studentNumber,
  section: roster.section,
};

/** A page by e-mail, how many match in all, and the sections there are; for staff. */
export async function searchRoster(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  query: RosterQuery,
): Promise<{ rows: RosterRow[]; total: number; sections: string[] }> {
  permit(viewer, access, "roster.view");
  const inCourse = eq(roster.courseId, access.course.id);
  const pattern = `%${query.q.replace(/[\\%_]/g, "\\$&")}%`;
  const named = or(
    ilike(people.name, pattern),
    ilike(people.email, pattern),
    ilike(roster.studentNumber, pattern),
  );
  const wanted = and(
    inCourse,
    query.q === "" ? undefined : named,
    query.role === "" ? undefined : eq(roster.role, query.role),
    query.section === "" ? undefined : eq(roster.section, query.section),
  );
  const from = () => eq(people.id, roster.personId);
  const [counted] = await db.select({ total: count() }).from(roster).innerJoin(people, from()).where(wanted);
  const rows = await db
    .select(columns)
    .from(roster)
    .innerJoin(people, from())
    .where(and(wanted, gt(people.email, query.after)))
    .orderBy(asc(people.email))
    .limit(ROSTER_PAGE_ROWS);
  const sections = await db
    .selectDistinct({ section: roster.section })
    .from(roster)
    .where(and(inCourse, sql`${roster.section} is not null`))
    .orderBy(asc(roster.section))
    .limit(SECTIONS_SHOWN);
  return { rows, total: counted?.total ?? 0, sections: sections.flatMap(({ section }) => section ?? []) };
}

const SECTIONS_SHOWN = 200;

/** One person of a roster; for staff. @throws not_found */
export async function findRosterRow(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  personId: string,
): Promise<RosterRow> {
  permit(viewer, access, "roster.view");
  const [row] = isUuid(personId)
    ? await db
        .select(columns)
        .from(roster)
        .innerJoin(people, eq(people.id, roster.personId))
        .where(and(eq(roster.courseId, access.course.id), eq(roster.personId, personId)))
    : [];
  if (!row) throw fail("not_found");
  return row;
}

export interface RosterChange {
  role: Role;
  studentNumber: string | null;
  section: string | null;
}

/** Gives somebody on the roster another role, number or section. @throws not_found, last_instructor, number_taken */
export async function changeRosterRow(
  db: Db,
  viewer: Viewer,
  access: CourseAccess,
  personId: string,
  change: RosterChange,
): Promise<void> {
  permit(viewer, access, "roster.edit");
  try {
    await transaction(db, async (tx) => {
      // The course's row is the lock, as in an import and a removal.
      await tx.select({ id: courses.id }).from(courses).where(eq(courses.id, access.course.id)).for("update");
      const before = await findRosterRow(tx, viewer, access, personId);
      await tx
        .update(roster)
        .set(change)
        .where(and(eq(roster.courseId, access.course.id), eq(roster.personId, personId)));
      if (before.role === "instructor") await keepAnInstructor(tx, access.course.id);
      await audit(tx, {
        ...{ actorId: viewer.id, action: "roster.changed", courseId: access.course.id },
        subject: { kind: "person", id: personId },
        detail: { before: { role: before.role, section: before.section }, ...change },
      });
    });
  } catch (error) {
    if (violates(error, "roster_student_number")) throw fail("number_taken");
    throw error;
  }
}

async function keepAnInstructor(tx: Tx, courseId: string): Promise<void> {
  const instructors = and(eq(roster.courseId, courseId), eq(roster.role, "instructor"));
  if ((await tx.$count(roster, instructors)) === 0) throw fail("last_instructor");
}
