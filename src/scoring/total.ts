// A submission's points as a sum that adds up: the one rule for reports, reviews, gradebook and exports
// (docs/decisions/030-one-total.md). Pure.
import { type Hundredths, type LatePolicy, latePenalty } from "./lateness.ts";

export interface Parts {
  tests: Hundredths;
  rubric: Hundredths;
  adjustments: readonly Hundredths[];
}

export interface Total extends Parts {
  /** Taken for lateness, from all that the work earned: tests and rubric; not from what people adjust by hand. */
  late: Hundredths;
  /** What adjustments took below nothing and is given back, so that the lines add up to `total`. */
  floor: Hundredths;
  total: Hundredths;
}

/** tests + rubric − lateness ± adjustments, and never below 0. @param days started days of lateness */
export function totalOf(parts: Parts, policy: LatePolicy, days: number): Total {
  const late = latePenalty(policy, days, 0, parts.tests + parts.rubric);
  const sum = parts.tests + parts.rubric - late + parts.adjustments.reduce((all, one) => all + one, 0);
  return { ...parts, late, floor: Math.max(0, -sum), total: Math.max(0, sum) };
}
