import { expect, test } from "vitest";
import { pointsNow, rubricSum, rubricUnder } from "./rubric.ts";

const rubric = [
  { id: "clarity", points: 5 },
  { id: "report", points: 7.5 },
];

test.each([
  ["nothing graded", [], { given: 0, max: 1250, left: 2 }],
  ["a zero is a grade", [{ item: "clarity", points: 0 }], { given: 0, max: 1250, left: 1 }],
  ["an item that is gone", [{ item: "style", points: 300 }], { given: 0, max: 1250, left: 2 }],
  [
    "an item that was worth more once",
    [
      { item: "clarity", points: 900 },
      { item: "report", points: 750 },
    ],
    { given: 1250, max: 1250, left: 0 },
  ],
])("%s", (_, grades, sum) => expect(rubricSum(rubric, grades)).toEqual(sum));

test.each([
  ["the same worth changes nothing", 250, 500, 500, 250],
  ["half the worth, half the points", 250, 500, 250, 125],
  ["twice the worth", 250, 500, 1000, 500],
  ["a third is rounded to a hundredth", 100, 300, 100, 33],
  ["half of a hundredth is rounded up", 25, 100, 50, 13],
  ["nothing stays nothing", 0, 500, 1000, 0],
  ["everything stays everything", 500, 500, 733, 733],
  ["an item that counts nothing any more", 400, 500, 0, 0],
  ["an item that was worth nothing", 0, 0, 500, 0],
])("%s", (_, given, outOf, worth, now) => expect(pointsNow(given, outOf, worth)).toBe(now));

test("a change of one item leaves the others, and one of an item that is not there changes nothing", () => {
  expect(
    rubricUnder(
      rubric,
      new Map([
        ["clarity", 800],
        ["style", 100],
      ]),
    ),
  ).toEqual([
    { id: "clarity", points: 8 },
    { id: "report", points: 7.5 },
  ]);
  expect(rubricUnder(rubric, undefined)).toEqual(rubric);
});
