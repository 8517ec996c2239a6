// Points that people gave for submissions, beside those of the tests. Their student gets them with the results'
// publication, never before: whoever asks here has seen to that (openness.ts).
import { asc, eq, sql } from "drizzle-orm";
import { people } from "../accounts/tables.ts";
import type { Executor } from "../platform/database.ts";
import { type Adjustment, adjustments, type RubricGrade, rubricGrades } from "./tables.ts";

export interface ByHand {
  grades: RubricGrade[];
  /** In the order in which they were made. */
  adjustments: (Adjustment & { by: string })[];
}

/** An entry for each of the submissions, empty where nobody gave anything. */
export async function pointsByHand(db: Executor, submissionIds: string[]): Promise<Map<string, ByHand>> {
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
  const adjusted = await db
    .select({ row: adjustments, by: people.name })
    .from(adjustments)
    .innerJoin(people, eq(people.id, adjustments.madeBy))
    .where(sql`${adjustments.submissionId} = any(${ids})`)
    .orderBy(asc(adjustments.madeAt), asc(adjustments.id));
  for (const { row, by } of adjusted) given.get(row.submissionId)!.adjustments.push({ ...row, by });
  return given;
}
