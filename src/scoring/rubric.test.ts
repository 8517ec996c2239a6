import { expect, test } from "vitest";
import { rubricSum } from "./rubric.ts";

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
