// Points that people gave for submissions, beside those of the tests. Their student gets them with the results'
// publication, never before: whoever asks here has seen to that (openness.ts).
import { and, asc, eq, isNull, or, sql } from "drizzle-orm";
import { people } from "../accounts/tables.ts";
import type { Executor } from "../platform/database.ts";
import { type Adjustment, adjustments, type RubricGrade, rubricGrades } from "./tables.ts";

export interface ByHand {
  grades: RubricGrade[];
  /** In the order in which they were made. */
  adjustments: (Adjustment & { by: string })[];
}

/**
 * An entry for each of the submissions, empty where nobody gave anything.
 * @param personId whose points they are: what was given to another member of the group is not among them. Null: each
 * submission's own submitter's.
 */
export async function pointsByHand(
  db: Executor,
  submissionIds: string[],
  personId: string | null,
): Promise<Map<string, ByHand>> {
  const given = new Map<string, ByHand>(submissionIds.map((id) => [id, { grades: [], adjustments: [] }]));
  if (submissionIds.length === 0) return given;
  // One parameter for however many there are.
  const ids = sql`${`{${submissionIds.join(",")}}`}::uuid[]`;
  const grades = await db
    .select()
    .from(rubricGrades)
    .where(sql`${rubricGrades.submissionId} = any(${ids})`)
    .orderBy(asc(rubricGrades.item));
  for (const grade of grades) given.get(grade.submissionId)!.grades.push(grade);
  const submitter = sql`(select person_id from submissions where id = ${adjustments.submissionId})`;
  const theirs = sql`${adjustments.personId} = ${personId === null ? submitter : sql`${personId}::uuid`}`;
  const adjusted = await db
    .select({ row: adjustments, by: people.name })
    .from(adjustments)
    .innerJoin(people, eq(people.id, adjustments.madeBy))
    .where(and(sql`${adjustments.submissionId} = any(${ids})`, or(isNull(adjustments.personId), theirs)))
    .orderBy(asc(adjustments.madeAt), asc(adjustments.id));
  for (const { row, by } of adjusted) given.get(row.submissionId)!.adjustments.push({ ...row, by });
  return given;
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
