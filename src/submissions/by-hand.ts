// Points that people gave for submissions, beside those of the tests. Their student gets them with the results'
// publication, never before: whoever asks here has seen to that (openness.ts).
import { and, asc, eq, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { people } from "../accounts/tables.ts";
import type { SuiteConfig } from "../judge/suite.ts";
import { type Executor, idList } from "../platform/database.ts";
import { mostOf, pointsNow } from "../scoring/rubric.ts";
import { suiteVersions } from "../suites/tables.ts";
import type { HandPoints } from "./points.ts";
import { worthsOf } from "./rubric-worth.ts";
import { type Adjustment, adjustments, type RubricGrade, rubricGrades, submissions } from "./tables.ts";

export interface ByHand {
  grades: RubricGrade[];
  /** In the order in which they were made. */
  adjustments: (Adjustment & { by: string })[];
}

/**
 * An entry for each of the submissions, empty where nobody gave anything.
 * @param personId whose points they are: what was given to another member of the group is not among them.
 */
export async function pointsByHand(
  db: Executor,
  submissionIds: string[],
  personId: string,
): Promise<Map<string, ByHand>> {
  const given = new Map<string, ByHand>(submissionIds.map((id) => [id, { grades: [], adjustments: [] }]));
  if (submissionIds.length === 0) return given;
  const ids = idList(submissionIds);
  for (const grade of await gradesNow(db, ids)) given.get(grade.submissionId)!.grades.push(grade);
  const adjusted = await db
    .select({ row: adjustments, by: people.name })
    .from(adjustments)
    .innerJoin(people, eq(people.id, adjustments.madeBy))
    .where(
      and(
        sql`${adjustments.submissionId} = any(${ids})`,
        or(isNull(adjustments.personId), eq(adjustments.personId, personId)),
      ),
    )
    .orderBy(asc(adjustments.madeAt), asc(adjustments.id));
  for (const { row, by } of adjusted) given.get(row.submissionId)!.adjustments.push({ ...row, by });
  return given;
}

/**
 * The same for many people at once, without who gave it and why: a handful of statements for a whole course. What one member of
 * a group was given is that member's alone.
 */
export async function handPoints(
  db: Executor,
  submissionIds: readonly string[],
): Promise<(submissionId: string, personId: string) => HandPoints> {
  const ids = idList([...new Set(submissionIds)]);
  const graded = await gradesNow(db, ids);
  const adjusted = await db
    .select({ id: adjustments.submissionId, to: adjustments.personId, points: adjustments.points })
    .from(adjustments)
    .where(sql`${adjustments.submissionId} = any(${ids})`);
  const grades = Map.groupBy(graded, ({ submissionId }) => submissionId);
  const given = Map.groupBy(adjusted, ({ id }) => id);
  return (id, personId) => ({
    grades: grades.get(id) ?? [],
    adjustments: (given.get(id) ?? []).filter(({ to }) => to === null || to === personId),
  });
}

/** Rubric grades with the points that they are worth now (rubric-worth.ts). */
async function gradesNow(db: Executor, ids: SQL): Promise<RubricGrade[]> {
  const rows = await db
    .select({
      grade: rubricGrades,
      assignmentId: submissions.assignmentId,
      versionId: submissions.suiteVersionId,
    })
    .from(rubricGrades)
    .innerJoin(submissions, eq(submissions.id, rubricGrades.submissionId))
    .where(sql`${rubricGrades.submissionId} = any(${ids})`)
    .orderBy(asc(rubricGrades.item));
  const worths = await worthsOf(db, [...new Set(rows.map(({ assignmentId }) => assignmentId))]);
  const rubrics = await rubricsOf(db, [...new Set(rows.map(({ versionId }) => versionId))]);
  return rows.map(({ grade, assignmentId, versionId }) => {
    const item = rubrics.get(versionId)?.find(({ id }) => id === grade.item);
    const own = item && mostOf(item);
    const outOf = grade.outOf ?? own;
    const worth = worths.get(assignmentId)?.get(grade.item) ?? own;
    if (outOf === undefined || worth === undefined) return grade;
    return { ...grade, points: pointsNow(grade.points, outOf, worth), outOf: worth };
  });
}

async function rubricsOf(db: Executor, ids: string[]) {
  if (ids.length === 0) return new Map<string, SuiteConfig["rubric"]>();
  const rows = await db
    .select({ id: suiteVersions.id, rubric: sql<SuiteConfig["rubric"]>`${suiteVersions.config}->'rubric'` })
    .from(suiteVersions)
    .where(inArray(suiteVersions.id, ids));
  return new Map(rows.map(({ id, rubric }) => [id, rubric]));
}

/** What single members of a group were given or taken, with their names; for staff. */
export async function memberAdjustments(
  db: Executor,
  submissionId: string,
): Promise<(Adjustment & { to: string })[]> {
  const rows = await db
    .select({ row: adjustments, to: people.name })
    .from(adjustments)
    .innerJoin(people, eq(people.id, adjustments.personId))
    .where(eq(adjustments.submissionId, submissionId))
    .orderBy(asc(adjustments.madeAt), asc(adjustments.id));
  return rows.map(({ row, to }) => ({ ...row, to }));
}
