import fc from "fast-check";
import { expect, test } from "vitest";
import { histogram, quartiles } from "./histogram.ts";

test.each<[string, number[], Record<number, number>]>([
  ["nothing", [], {}],
  ["the edges of a tenth", [0, 0.0999, 0.1, 0.3, 0.7], { 0: 2, 1: 1, 3: 1, 7: 1 }],
  ["all there is belongs to the last", [1, 0.95], { 9: 2 }],
  ["a bonus too", [1.2], { 9: 1 }],
])("%s", (_, shares, expected) => {
  expect(histogram(shares)).toEqual(Array.from({ length: 10 }, (_, at) => expected[at] ?? 0));
});

test.each<[number[], [number, number, number] | null]>([
  [[], null],
  [[0.5], [5000, 5000, 5000]],
  [
    [1, 0],
    [2500, 5000, 7500],
  ],
  [
    [0.9, 0.1, 0.5, 0.3, 0.7],
    [3000, 5000, 7000],
  ],
])("quartiles of %j", (shares, expected) => expect(quartiles(shares)).toEqual(expected));

test("nobody is lost", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 2, noNaN: true })), (shares) => {
      expect(histogram(shares).reduce((sum, count) => sum + count, 0)).toBe(shares.length);
    }),
  );
});
