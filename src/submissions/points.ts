// All points of one submission as a sum that adds up: what the report, the review, the history, the gradebook and
// every export show. Pure.
import type { SuiteConfig } from "../judge/suite.ts";
import type { Hundredths, LatePolicy, Timing } from "../scoring/lateness.ts";
import { rubricSum } from "../scoring/rubric.ts";
import { type Total, timingOf, totalOf } from "../scoring/total.ts";

/** What people gave, without who and when. */
export interface HandPoints {
  grades: readonly { item: string; points: Hundredths }[];
  adjustments: readonly { points: Hundredths }[];
}

export interface Points extends Total {
  testsMax: Hundredths;
  rubricMax: Hundredths;
  max: Hundredths;
  /** Rubric items that nobody has graded. */
  left: number;
  /** Started days of lateness. */
  days: number;
  /** Late days that pay for them. */
  spent: number;
  /**
   * The tests after lateness, without what people gave: by this the submission that counts is found, so that
   * grading a rubric does not move what is graded.
   */
  testsNet: Hundredths;
}

/** @param byHand null: not to be seen by whoever asks; then neither is the rubric's maximum. */
export function pointsOf(
  tests: { score: Hundredths; max: Hundredths },
  byHand: HandPoints | null,
  rubric: SuiteConfig["rubric"],
  policy: LatePolicy,
  timing: Timing | number,
): Points {
  const { days, spent } = timingOf(timing);
  const people = byHand ? rubricSum(rubric, byHand.grades) : { given: 0, max: 0, left: 0 };
  const adjustments = byHand?.adjustments.map(({ points }) => points) ?? [];
  const total = totalOf({ tests: tests.score, rubric: people.given, adjustments }, policy, timing);
  const testsNet = totalOf({ tests: tests.score, rubric: 0, adjustments: [] }, policy, timing).total;
  const max = tests.max + people.max;
  return {
    ...total,
    testsMax: tests.max,
    rubricMax: people.max,
    max,
    left: people.left,
    days,
    spent,
    testsNet,
  };
}
