import { expect, test } from "vitest";
import { neighbours, readPoints, reviewOrder } from "./rules.ts";

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
