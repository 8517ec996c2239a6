import { expect, test } from "vitest";
import { neighbours, readPoints, reviewOrder, rubricSum } from "./rules.ts";

test.each<[string, number | null]>([
  ["7", 700],
  ["7.25", 725],
  [" -1.5 ", -150],
  ["−1.5", -150],
  ["0.29", 29],
  ["7.125", null],
  ["1e3", null],
  ["", null],
  ["seven", null],
])("%j reads as %s hundredths", (text, points) => {
  expect(readPoints(text)).toBe(points);
});

const words = { en: "x", zh: "x" };
const rubric = [
  { id: "clarity", title: words, points: 5 },
  { id: "report", title: words, points: 7.5 },
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

const six = ["a", "b", "c", "d", "e", "f"].map((id) => ({ id }));
test("each reviewer has an order of their own, the same whatever order the rows come in", () => {
  const mine = reviewOrder("me", six);
  expect(reviewOrder("me", [...six].reverse())).toEqual(mine);
  expect(reviewOrder("you", six)).not.toEqual(mine);
  expect(mine).not.toEqual(six);
});

const line = (...left: number[]) => left.map((count, at) => ({ id: `${at}`, left: count }));
test.each([
  ["the nearest to both sides", line(1, 1, 0, 1), "1", "0", "3"],
  ["round the end", line(1, 0, 1), "2", "0", "0"],
  ["never oneself", line(0, 1, 0), "1", undefined, undefined],
  ["from one that is not in it, the first and last", line(1, 1), "z", "1", "0"],
])("%s", (_, order, id, previous, next) => {
  const found = neighbours(order, id);
  expect([found.previous?.id, found.next?.id]).toEqual([previous, next]);
});
