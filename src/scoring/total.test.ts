import fc from "fast-check";
import { expect, test } from "vitest";
import { totalOf } from "./total.ts";

const policy = { graceSeconds: 0, percentPerDay: 10, lastDay: null };

test.each<[string, number, number, number[], number, number]>([
  ["tests alone", 5000, 0, [], 0, 5000],
  ["rubric on top of tests", 5000, 1000, [], 0, 6000],
  ["a day late costs a tenth of both", 5000, 1000, [], 1, 5400],
  ["lateness takes nothing of what was given by hand", 5000, 0, [500], 1, 5000],
  ["what is taken by hand", 5000, 0, [-1250, 250], 0, 4000],
  ["never below nothing", 1000, 0, [-5000], 0, 0],
])("%s", (_, tests, rubric, adjustments, days, total) => {
  expect(totalOf({ tests, rubric, adjustments }, policy, days).total).toBe(total);
});

test("the lines add up to the total, whatever they are", () => {
  const points = fc.nat(100_000);
  const byHand = fc.array(fc.integer({ min: -100_000, max: 100_000 }), { maxLength: 5 });
  fc.assert(
    fc.property(points, points, byHand, fc.nat(20), (tests, rubric, adjustments, days) => {
      const sum = totalOf({ tests, rubric, adjustments }, policy, days);
      const hand = adjustments.reduce((all, one) => all + one, 0);
      expect(sum.tests + sum.rubric - sum.late + hand + sum.floor).toBe(sum.total);
      expect(sum.total).toBeGreaterThanOrEqual(0);
    }),
  );
});
