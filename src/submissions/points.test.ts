import { expect, test } from "vitest";
import { pointsOf } from "./points.ts";

const words = { en: "x", zh: "x" };
const rubric = [{ id: "report", title: words, points: 20 }];
const tenPercent = { graceSeconds: 0, percentPerDay: 10, lastDay: null };
const tests = { score: 6000, max: 8000 };
const given = (points: number, ...adjusted: number[]) => {
  return { grades: [{ item: "report", points }], adjustments: adjusted.map((one) => ({ points: one })) };
};

test.each<[string, Parameters<typeof pointsOf>[1], number, { total: number; late: number; max: number }]>([
  ["tests alone before publication", null, 0, { total: 6000, late: 0, max: 8000 }],
  [
    "a day late before publication takes nothing of the rubric",
    null,
    1,
    { total: 5400, late: 600, max: 8000 },
  ],
  ["nothing given yet", { grades: [], adjustments: [] }, 0, { total: 6000, late: 0, max: 10000 }],
  ["lateness is on tests and rubric", given(1500), 1, { total: 6750, late: 750, max: 10000 }],
  ["and not on adjustments", given(1500, 500, -200), 1, { total: 7050, late: 750, max: 10000 }],
  ["never below nothing", given(0, -90000), 0, { total: 0, late: 0, max: 10000 }],
])("%s", (_, byHand, days, sum) => {
  expect(pointsOf(tests, byHand, rubric, tenPercent, days)).toMatchObject(sum);
});

test("what people give never moves which submission counts", () => {
  const net = (byHand: Parameters<typeof pointsOf>[1]) =>
    pointsOf(tests, byHand, rubric, tenPercent, 1).testsNet;
  expect([net(null), net(given(2000)), net(given(0, 5000))]).toEqual([5400, 5400, 5400]);
});
