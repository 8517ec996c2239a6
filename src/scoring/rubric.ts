// Points that people give for items of a rubric. Pure.
import type { Hundredths } from "./lateness.ts";

export interface RubricItem {
  id: string;
  /** Points, not hundredths: as a suite writes them. */
  points: number;
}

/** An item's most points in hundredths. */
export const mostOf = (item: RubricItem): Hundredths => Math.round(item.points * 100);

/** Points given for the items that the rubric has; a grade of an item that is gone counts nothing. */
export function rubricSum(
  rubric: readonly RubricItem[],
  grades: readonly { item: string; points: Hundredths }[],
): { given: Hundredths; max: Hundredths; left: number } {
  const points = new Map(grades.map((grade) => [grade.item, grade.points]));
  return {
    given: rubric.reduce((sum, item) => sum + Math.min(mostOf(item), points.get(item.id) ?? 0), 0),
    max: rubric.reduce((sum, item) => sum + mostOf(item), 0),
    left: rubric.filter((item) => !points.has(item.id)).length,
  };
}
