// A published policy written as settings: CMU 11-785, autumn 2025 (deeplearning.cs.cmu.edu/F25/page/syllabus.html,
// "Assignments"), second parts of homeworks. Cutoffs HIGH 90 %, MEDIUM 70 %, LOW 50 %, VERY LOW 30 %, linear between;
// nothing by the early date: 10 % of later marks lost; on time: up to five points of bonus between the HIGH cutoff and
// the best of the class, who gets 105; late: 10 % of the final score once; ten slack days for second parts only.
// What the page leaves open is set here: from nothing to VERY LOW, and from HIGH (90) to the best (100), is linear too.
import { expect, test } from "vitest";
import { chargesFor, lateDaysLeft } from "./late-days.ts";
import type { LatePolicy, Timing } from "./lateness.ts";
import { applyRules, scoreRules } from "./rules.ts";
import { totalOf } from "./total.ts";

const policy: LatePolicy = {
  graceSeconds: 0,
  percentPerDay: 0,
  flatPercent: 10,
  lastDay: 10,
  earlyMalusPercent: 10,
};
const cutoffs = scoreRules.parse({
  bands: [
    {
      test: "kaggle",
      metric: "accuracy",
      bands: [
        { value: 0, points: 0 },
        { value: 0.6, points: 3000 },
        { value: 0.7, points: 5000 },
        { value: 0.8, points: 7000 },
        { value: 0.9, points: 9000 },
        { value: 0.95, points: 10_000 },
      ],
      bonus: [
        { value: 0.9, points: 0 },
        { value: 0.95, points: 500 },
      ],
      bonusOnTimeOnly: true,
    },
  ],
});
const SLACK_DAYS: Record<string, number> = { p1: 0, p2: 10 };

interface Row {
  accuracy: number;
  /** Whether anything had come by the early date. */
  early?: boolean;
  days?: number;
  /** Slack days that were used before. */
  used?: number;
  part?: "p1" | "p2";
}

function points({ accuracy, early = true, days = 0, used = 0, part = "p2" }: Row) {
  const left = lateDaysLeft(SLACK_DAYS[part]!, used === 0 ? [] : [{ kind: "charge", days: used }]);
  const [slack] = chargesFor("each", [{ id: "student", left, spent: 0, late: days }], null);
  const stored = [{ name: "kaggle", score: 0, max: 10_000 }];
  const [kaggle] = applyRules(cutoffs, stored, { metrics: { accuracy }, onTime: days === 0 });
  const timing: Timing = { days, spent: slack!.covered, early: early ? null : "missed" };
  const { total } = totalOf({ tests: kaggle!.score, rubric: 0, adjustments: [] }, policy, timing);
  return { points: total / 100, slack: slack!.days };
}

test.each<[string, Row, number, number]>([
  // 90 at the cutoff itself, no bonus yet.
  ["HIGH", { accuracy: 0.9 }, 90, 0],
  // Half way from 70 to 90.
  ["between MEDIUM and HIGH", { accuracy: 0.85 }, 80, 0],
  ["MEDIUM", { accuracy: 0.8 }, 70, 0],
  // Half way from 50 to 70.
  ["between LOW and MEDIUM", { accuracy: 0.75 }, 60, 0],
  ["LOW", { accuracy: 0.7 }, 50, 0],
  // A quarter of the way from 30 to 50.
  ["between VERY LOW and LOW", { accuracy: 0.625 }, 35, 0],
  ["VERY LOW", { accuracy: 0.6 }, 30, 0],
  // Half of 30.
  ["half of VERY LOW", { accuracy: 0.3 }, 15, 0],
  ["nothing right", { accuracy: 0 }, 0, 0],
  // 100 + 5.
  ["the best of the class, on time", { accuracy: 0.95 }, 105, 0],
  // Half way: 95 + 2.5.
  ["half way to the best, on time", { accuracy: 0.925 }, 97.5, 0],
  // 80 − 8.
  ["nothing by the early date", { accuracy: 0.85, early: false }, 72, 0],
  // 105 − 10.5.
  ["the best, but nothing by the early date", { accuracy: 0.95, early: false }, 94.5, 0],
  // Slack pays: no penalty, but no bonus either.
  ["the best, a day late on slack", { accuracy: 0.95, days: 1 }, 100, 1],
  ["three days late on slack", { accuracy: 0.85, days: 3 }, 80, 3],
  // 100 − 10 %: the slack is used up.
  ["the best, late without slack", { accuracy: 0.95, days: 1, used: 10 }, 90, 0],
  // 80 − 8; the same however many days.
  ["late without slack", { accuracy: 0.85, days: 1, used: 10 }, 72, 0],
  ["five days late without slack", { accuracy: 0.85, days: 5, used: 10 }, 72, 0],
  // Two of three days are paid for: late all the same.
  ["three days late with two of slack", { accuracy: 0.9, days: 3, used: 8 }, 81, 2],
  // 80 − 8 = 72, − 7.2.
  [
    "no early submission and late without slack",
    { accuracy: 0.85, early: false, days: 1, used: 10 },
    64.8,
    0,
  ],
  // First parts know no slack.
  ["a first part, a day late", { accuracy: 0.85, days: 1, part: "p1" }, 72, 0],
])("11-785: %s", (_, row, expected, slack) => {
  expect(points(row)).toEqual({ points: expected, slack });
});
