// What a copy of a course would be, before there is one.
import { asc, eq } from "drizzle-orm";
import { requireAdmin, type Viewer } from "../accounts/viewer.ts";
import { type CourseAccess, permit } from "../courses/access.ts";
import { courses, groupSets, roster } from "../courses/tables.ts";
import type { Words } from "../judge/words.ts";
import type { Executor } from "../platform/database.ts";
import { moveDates } from "./copy-plan.ts";
import { type Assignment, assignments, type LateDayBudget, lateDayBudgets } from "./tables.ts";

export interface CopyPreview {
  /** As they are, by the dates that come first, and with the dates that they would get. */
  assignments: { now: Assignment; moved: ReturnType<typeof moveDates> }[];
  /** Versions of suites that assignments use. */
  versions: number;
  groupSets: Words[];
  budgets: LateDayBudget[];
  /** Who stays behind. */
  people: number;
  /** Another course has the short name. */
  taken: boolean;
}

/** For whoever may copy it. @throws not_allowed, admin_only */
export async function previewCopy(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  { slug, shiftDays }: { slug: string; shiftDays: number },
): Promise<CopyPreview> {
  permit(viewer, access, "course.edit");
  requireAdmin(viewer);
  const { id, timeZone } = access.course;
  const rows = await db
    .select()
    .from(assignments)
    .where(eq(assignments.courseId, id))
    .orderBy(asc(assignments.dueAt), asc(assignments.slug));
  const sets = await db
    .select({ title: groupSets.title })
    .from(groupSets)
    .where(eq(groupSets.courseId, id))
    .orderBy(asc(groupSets.slug));
  return {
    assignments: rows.map((now) => ({ now, moved: moveDates(now, shiftDays, timeZone) })),
    versions: new Set(rows.flatMap(({ suiteVersionId }) => suiteVersionId ?? [])).size,
    groupSets: sets.map(({ title }) => title),
    budgets: await db
      .select()
      .from(lateDayBudgets)
      .where(eq(lateDayBudgets.courseId, id))
      .orderBy(asc(lateDayBudgets.kind)),
    people: await db.$count(roster, eq(roster.courseId, id)),
    taken: slug !== "" && (await db.$count(courses, eq(courses.slug, slug))) > 0,
  };
}
