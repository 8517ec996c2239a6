// A course's retention date: from then on files, outputs and words of what was handed in are removed, by every server's
// housekeeping, whichever comes first. Names and points stay: they are the record.
import { and, eq, lt, or, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { assignments } from "../assignments/tables.ts";
import { type CourseAccess, permit } from "../courses/access.ts";
import { type Course, courses } from "../courses/tables.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import { databaseNow } from "../platform/time.ts";
import { regradeRequests } from "../review/tables.ts";
import { submissions } from "../submissions/tables.ts";
import { applyLines, countLines, type Line } from "./apply.ts";
import { fail, RETENTION_NOTICE_DAYS } from "./errors.ts";
import { reasonOf, rowsOf, unfinishedOf } from "./removal.ts";
import { type RetentionState, retentionState } from "./rules.ts";

export interface RetentionView {
  retainUntil: Date | null;
  clearedAt: Date | null;
  state: RetentionState;
  /** What the date would remove if it were now. */
  lines: Line[];
  work: number;
  unfinished: number;
  open: number;
}

/** @throws not_allowed */
export async function viewRetention(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
): Promise<RetentionView> {
  permit(viewer, access, "retention.view");
  return retentionOf(db, access.course.id);
}

async function retentionOf(db: Executor, courseId: string): Promise<RetentionView> {
  const [course] = await db.select().from(courses).where(eq(courses.id, courseId));
  const { retainUntil, clearedAt } = course!;
  const work = await workOf(db, courseId);
  const unfinished = await unfinishedOf(db, work);
  const open = await openRequests(db, courseId);
  const state = retentionState({ retainUntil, clearedAt, unfinished, open }, await databaseNow(db));
  const lines = await countLines(db, { course: courseId, work });
  return { retainUntil, clearedAt, state, lines, work: work.length, unfinished, open };
}

/** Sets the date, or (null) takes it back. @throws not_allowed, removal_reason_needed, retention_too_soon */
export async function setRetention(
  db: Db,
  viewer: Viewer,
  access: CourseAccess,
  wish: { until: Date | null; reason: string },
): Promise<void> {
  permit(viewer, access, "retention.edit");
  const reason = reasonOf(wish.reason);
  const { id } = access.course;
  await transaction(db, async (tx) => {
    const soonest = (await databaseNow(tx)).getTime() + RETENTION_NOTICE_DAYS * 86_400_000;
    if (wish.until && wish.until.getTime() < soonest) {
      throw fail("retention_too_soon", { days: RETENTION_NOTICE_DAYS });
    }
    const [before] = await tx.select().from(courses).where(eq(courses.id, id)).for("update");
    await tx.update(courses).set({ retainUntil: wish.until }).where(eq(courses.id, id));
    await audit(tx, {
      ...{
        actorId: viewer.id,
        action: "course.retention_set",
        courseId: id,
        subject: { kind: "course", id },
      },
      detail: { until: wish.until, before: before!.retainUntil, reason },
    });
  });
}

/** Clears the courses whose date has come. Called again and again by every server. @returns how many were cleared. */
export async function clearDueCourses(db: Db): Promise<number> {
  const due = await db
    .select({ id: courses.id })
    .from(courses)
    .where(
      and(
        lt(courses.retainUntil, sql`now()`),
        or(sql`${courses.clearedAt} is null`, lt(courses.clearedAt, courses.retainUntil)),
      ),
    );
  let cleared = 0;
  for (const { id } of due) if (await clearCourse(db, id)) cleared++;
  return cleared;
}

function clearCourse(db: Db, id: Course["id"]): Promise<boolean> {
  return transaction(db, async (tx) => {
    const [free] = await tx
      .select()
      .from(courses)
      .where(eq(courses.id, id))
      .for("update", { skipLocked: true });
    if (!free || (await retentionOf(tx, id)).state !== "due") return false;
    const lines = await applyLines(tx, { course: id, work: await workOf(tx, id) });
    await tx.update(courses).set({ clearedAt: sql`now()` }).where(eq(courses.id, id));
    await audit(tx, {
      ...{ actorId: null, action: "course.cleared", courseId: id, subject: { kind: "course", id } },
      detail: { retainUntil: free.retainUntil, rows: rowsOf(lines) },
    });
    return true;
  });
}

/** Everything that was handed in and still has its files. */
async function workOf(db: Executor, courseId: string): Promise<string[]> {
  const rows = await db
    .select({ id: submissions.id })
    .from(submissions)
    .innerJoin(assignments, eq(assignments.id, submissions.assignmentId))
    .where(and(eq(assignments.courseId, courseId), sql`${submissions.filesRemovedAt} is null`));
  return rows.map(({ id }) => id);
}

async function openRequests(db: Executor, courseId: string): Promise<number> {
  const [counted] = await db
    .select({ open: sql<number>`count(*)::int` })
    .from(regradeRequests)
    .innerJoin(submissions, eq(submissions.id, regradeRequests.submissionId))
    .innerJoin(assignments, eq(assignments.id, submissions.assignmentId))
    .where(and(eq(assignments.courseId, courseId), eq(regradeRequests.state, "open")));
  return counted!.open;
}
