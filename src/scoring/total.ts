// A submission's points as a sum that adds up: the one rule for reports, reviews, gradebook and exports
// (docs/decisions/030-one-total.md). Pure.
import { earlyPoints, type Hundredths, type LatePolicy, latePenalty, type Timing } from "./lateness.ts";

export interface Parts {
  tests: Hundredths;
  rubric: Hundredths;
  adjustments: readonly Hundredths[];
}

export interface Total extends Parts {
  /** Given or (negative) taken by the early date, of tests and rubric. */
  early: Hundredths;
  /** Taken for lateness, from all that the work earned: tests and rubric; not from what people adjust by hand. */
  late: Hundredths;
  /** What adjustments took below nothing and is given back, so that the lines add up to `total`. */
  floor: Hundredths;
  total: Hundredths;
}

/**
 * tests + rubric ± early date − lateness ± adjustments, and never below 0. Lateness takes its share of what the early
 * date left.
 * @param timing days, what was spent on them, and the early date; a number is days of which none was paid for.
 */
export function totalOf(parts: Parts, policy: LatePolicy, timing: Timing | number): Total {
  const { days, spent, early: mark } = timingOf(timing);
  const earned = parts.tests + parts.rubric;
  const early = earlyPoints(policy, mark, earned);
  const late = latePenalty(policy, days, spent, earned + early);
  const sum = earned + early - late + parts.adjustments.reduce((all, one) => all + one, 0);
  return { ...parts, early, late, floor: Math.max(0, -sum), total: Math.max(0, sum) };
}

export function timingOf(timing: Timing | number): Timing {
  return typeof timing === "number" ? { days: timing, spent: 0, early: null } : timing;
}
