// Points that people gave for submissions, beside those of the tests. Their student gets them with the results'
// publication, never before: whoever asks here has seen to that (openness.ts).
import { and, asc, eq, isNull, or, sql } from "drizzle-orm";
import { people } from "../accounts/tables.ts";
import { type Executor, idList } from "../platform/database.ts";
import type { HandPoints } from "./points.ts";
import { type Adjustment, adjustments, type RubricGrade, rubricGrades } from "./tables.ts";

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
  const grades = await db
    .select()
    .from(rubricGrades)
    .where(sql`${rubricGrades.submissionId} = any(${ids})`)
    .orderBy(asc(rubricGrades.item));
  for (const grade of grades) given.get(grade.submissionId)!.grades.push(grade);
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
 * The same for many people at once, without who gave it and why: two statements for a whole course. What one member of
 * a group was given is that member's alone.
 */
export async function handPoints(
  db: Executor,
  submissionIds: readonly string[],
): Promise<(submissionId: string, personId: string) => HandPoints> {
  const ids = idList([...new Set(submissionIds)]);
  const graded = await db
    .select({ id: rubricGrades.submissionId, item: rubricGrades.item, points: rubricGrades.points })
    .from(rubricGrades)
    .where(sql`${rubricGrades.submissionId} = any(${ids})`);
  const adjusted = await db
    .select({ id: adjustments.submissionId, to: adjustments.personId, points: adjustments.points })
    .from(adjustments)
    .where(sql`${adjustments.submissionId} = any(${ids})`);
  const grades = Map.groupBy(graded, ({ id }) => id);
  const given = Map.groupBy(adjusted, ({ id }) => id);
  return (id, personId) => ({
    grades: grades.get(id) ?? [],
    adjustments: (given.get(id) ?? []).filter(({ to }) => to === null || to === personId),
  });
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
