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

/** A rubric with other worths for some items, in hundredths by id. */
export function rubricUnder<T extends RubricItem>(
  rubric: readonly T[],
  worths: ReadonlyMap<string, Hundredths> | undefined,
): T[] {
  return rubric.map((item) => {
    const worth = worths?.get(item.id);
    return worth === undefined ? item : { ...item, points: worth / 100 };
  });
}

/**
 * What a grade is worth now: the same share of the item as when it was given, rounded to a hundredth. What was given
 * is never written over, so however often the worth changes, going back gives back the very points.
 */
export function pointsNow(given: Hundredths, outOf: Hundredths, worth: Hundredths): Hundredths {
  if (outOf === worth) return given;
  return outOf === 0 ? 0 : Math.round((given * worth) / outOf);
}
