// A course again, a year later: suites in use, assignments with their dates moved, sets of groups without groups, late
// days by kind of work; nobody's work and nobody's marks.
import { randomBytes } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { type CourseAccess, permit } from "../courses/access.ts";
import { createCourse } from "../courses/courses.ts";
import { type Course, groupSets } from "../courses/tables.ts";
import type { Words } from "../judge/words.ts";
import { type Db, type Tx, transaction } from "../platform/database.ts";
import { suites, suiteVersions } from "../suites/tables.ts";
import { moveDates } from "./copy-plan.ts";
import { assignments, lateDayBudgets } from "./tables.ts";

const SECRET_BYTES = 32;

export interface Copied {
  course: Course;
  suites: number;
  assignments: number;
}

/**
 * All of it or nothing. Assignments begin as drafts, unpublished; dates move by whole days of the course's zone, so that
 * 23:59 stays 23:59 over a change of the clocks. Each version gets a secret of its own: what last year's students saw of
 * a test's inputs is worth nothing this year.
 * @throws course_exists, admin_only
 */
export async function copyCourse(
  db: Db,
  viewer: Viewer,
  access: CourseAccess,
  wish: { slug: string; title?: Words | undefined; shiftDays: number; instructorId: string | null },
): Promise<Copied> {
  permit(viewer, access, "course.edit");
  return transaction(db, async (tx) => {
    const { slug, shiftDays, instructorId } = wish;
    const { timeZone } = access.course;
    const title = wish.title ?? access.course.title;
    const made = await createCourse(tx, viewer, { slug, title, timeZone }, instructorId);
    const versions = await copySuites(tx, viewer, access.course, made);
    const sets = await copyGroupSets(tx, access.course, made);
    await copyBudgets(tx, access.course, made);
    const count = await copyAssignments(tx, access.course, made, { versions, sets }, shiftDays);
    await audit(tx, {
      actorId: viewer.id,
      action: "course.copied",
      courseId: made.id,
      subject: { kind: "course", id: access.course.id },
      detail: { from: access.course.slug, shiftDays, assignments: count },
    });
    return { course: made, suites: versions.size, assignments: count };
  });
}

/** The versions that assignments use, by their old ids. */
async function copySuites(tx: Tx, viewer: Viewer, from: Course, to: Course): Promise<Map<string, string>> {
  const used = await tx
    .selectDistinct({ id: assignments.suiteVersionId })
    .from(assignments)
    .where(eq(assignments.courseId, from.id));
  const ids = used.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ version: suiteVersions, name: suites.name })
    .from(suiteVersions)
    .innerJoin(suites, eq(suites.id, suiteVersions.suiteId))
    .where(and(eq(suites.courseId, from.id), inArray(suiteVersions.id, ids)))
    .orderBy(suites.name, suiteVersions.number);
  const copied = new Map<string, string>();
  const suiteOf = new Map<string, { id: string; number: number }>();
  for (const { version, name } of rows) {
    const suite = suiteOf.get(name) ?? { id: await newSuite(tx, to, name), number: 0 };
    suite.number += 1;
    suiteOf.set(name, suite);
    const { id: _, createdAt: __, ...same } = version;
    const [made] = await tx
      .insert(suiteVersions)
      .values({
        ...same,
        suiteId: suite.id,
        number: suite.number,
        secret: randomBytes(SECRET_BYTES),
        registeredBy: viewer.id,
      })
      .returning({ id: suiteVersions.id });
    copied.set(version.id, made!.id);
  }
  return copied;
}

async function newSuite(tx: Tx, { id }: Course, name: string): Promise<string> {
  const [suite] = await tx.insert(suites).values({ courseId: id, name }).returning({ id: suites.id });
  return suite!.id;
}

/** The sets alone, by their old ids: who is with whom is another year's matter. */
async function copyGroupSets(tx: Tx, from: Course, to: Course): Promise<Map<string, string>> {
  const copied = new Map<string, string>();
  const sets = await tx.select().from(groupSets).where(eq(groupSets.courseId, from.id));
  for (const { id, createdAt: _, ...same } of sets) {
    const [made] = await tx
      .insert(groupSets)
      .values({ ...same, courseId: to.id })
      .returning({ id: groupSets.id });
    copied.set(id, made!.id);
  }
  return copied;
}

async function copyBudgets(tx: Tx, from: Course, to: Course): Promise<void> {
  const rows = await tx.select().from(lateDayBudgets).where(eq(lateDayBudgets.courseId, from.id));
  if (rows.length > 0)
    await tx.insert(lateDayBudgets).values(rows.map((row) => ({ ...row, courseId: to.id })));
}

async function copyAssignments(
  tx: Tx,
  from: Course,
  to: Course,
  made: { versions: ReadonlyMap<string, string>; sets: ReadonlyMap<string, string> },
  shiftDays: number,
): Promise<number> {
  const rows = await tx.select().from(assignments).where(eq(assignments.courseId, from.id));
  for (const { id: _, createdAt: __, updatedAt: ___, ...same } of rows) {
    await tx.insert(assignments).values({
      ...same,
      ...moveDates(same, shiftDays, to.timeZone),
      courseId: to.id,
      suiteVersionId: made.versions.get(same.suiteVersionId ?? "") ?? null,
      groupSetId: made.sets.get(same.groupSetId ?? "") ?? null,
      state: "draft",
      resultsPublishedAt: null,
      resultsAnnouncedFor: null,
    });
  }
  return rows.length;
}
