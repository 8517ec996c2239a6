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

const dated = { ...policy, flatPercent: 10, percentPerDay: 0, earlyBonusPercent: 5, earlyMalusPercent: 10 };
const timing = (days: number, spent: number, early: "by" | "missed" | null) => ({ days, spent, early });
test.each<[string, ReturnType<typeof timing>, number, number, number]>([
  ["early, on time", timing(0, 0, "by"), 500, 0, 10_500],
  ["early missed, on time", timing(0, 0, "missed"), -1000, 0, 9000],
  ["early missed and late", timing(1, 0, "missed"), -1000, 900, 8100],
  ["late by nine days takes it once", timing(9, 0, null), 0, 1000, 9000],
  ["late, paid for", timing(2, 2, null), 0, 0, 10_000],
  ["late, half paid for", timing(2, 1, null), 0, 1000, 9000],
  ["early by another submission says nothing", timing(0, 0, null), 0, 0, 10_000],
])("%s", (_, when, early, late, total) => {
  const sum = totalOf({ tests: 8000, rubric: 2000, adjustments: [] }, dated, when);
  expect([sum.early, sum.late, sum.total]).toEqual([early, late, total]);
});

test("the lines add up to the total, whatever they are", () => {
  const points = fc.nat(100_000);
  const byHand = fc.array(fc.integer({ min: -100_000, max: 100_000 }), { maxLength: 5 });
  fc.assert(
    fc.property(points, points, byHand, fc.nat(20), (tests, rubric, adjustments, days) => {
      const sum = totalOf({ tests, rubric, adjustments }, policy, days);
      const hand = adjustments.reduce((all, one) => all + one, 0);
      expect(sum.tests + sum.rubric + sum.early - sum.late + hand + sum.floor).toBe(sum.total);
      expect(sum.total).toBeGreaterThanOrEqual(0);
    }),
  );
});
