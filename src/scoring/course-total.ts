// A person's total over a course. Pure.
import type { Hundredths } from "./lateness.ts";

export interface CoursePart {
  /** What was got; null: nothing, or not graded yet. */
  points: Hundredths | null;
  /** The assignment's most. */
  max: Hundredths;
  /** How much the assignment weighs against the others; null where the course gives none. */
  weight: number | null;
}

/**
 * Hundredths and their maximum. Without weights a course adds points up; once any assignment has a weight, the total
 * is a share of 100 points: each assignment's own share times its weight, over the sum of weights (an assignment
 * without one weighs 0). What was not handed in is 0; more than the most (a bonus) counts as more.
 */
export function courseTotal(parts: readonly CoursePart[]): { points: Hundredths; max: Hundredths } {
  const weighted = parts.some(({ weight }) => weight !== null);
  if (!weighted) {
    return {
      points: parts.reduce((sum, part) => sum + (part.points ?? 0), 0),
      max: parts.reduce((sum, part) => sum + part.max, 0),
    };
  }
  const heavy = parts.filter(({ weight, max }) => weight !== null && weight > 0 && max > 0);
  const all = heavy.reduce((sum, part) => sum + part.weight!, 0);
  if (all === 0) return { points: 0, max: 10_000 };
  const share = heavy.reduce((sum, part) => sum + ((part.points ?? 0) / part.max) * part.weight!, 0) / all;
  return { points: Math.round(share * 10_000), max: 10_000 };
}
