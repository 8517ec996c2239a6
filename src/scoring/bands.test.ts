import fc from "fast-check";
import { expect, test } from "vitest";
import { type Band, bandPoints } from "./bands.ts";

const up: Band[] = [
  { value: 0.5, points: 3000 },
  { value: 0.7, points: 5000 },
  { value: 0.9, points: 9000 },
];
/** A distance: less is better. */
const down: Band[] = [
  { value: 40, points: 3000 },
  { value: 10, points: 9000 },
];

test.each<[string, Band[], number | null, number]>([
  ["at the lowest cutoff", up, 0.5, 3000],
  ["below it", up, 0.1, 3000],
  ["half way", up, 0.6, 4000],
  ["at the middle", up, 0.7, 5000],
  ["three quarters between the upper two", up, 0.85, 8000],
  ["at the best", up, 0.9, 9000],
  ["beyond the best", up, 1.2, 9000],
  ["less is better: at the best", down, 10, 9000],
  ["less is better: beyond the best", down, 2, 9000],
  ["less is better: half way", down, 25, 6000],
  ["less is better: at the worst", down, 40, 3000],
  ["less is better: worse than the worst", down, 4000, 3000],
  ["nothing measured", up, null, 0],
  ["not a number", up, Number.NaN, 0],
  ["no bands", [], 0.7, 0],
  ["one band", [{ value: 1, points: 100 }], 7, 100],
  ["infinity", up, Number.POSITIVE_INFINITY, 9000],
  ["minus infinity", up, Number.NEGATIVE_INFINITY, 3000],
  [
    "a step gives the better",
    [
      { value: 1, points: 0 },
      { value: 1, points: 500 },
    ],
    1,
    500,
  ],
  [
    "a third is rounded to hundredths",
    [
      { value: 0, points: 0 },
      { value: 3, points: 100 },
    ],
    1,
    33,
  ],
])("%s", (_, bands, value, points) => expect(bandPoints(bands, value)).toBe(points));

const anyBands = fc.array(fc.record({ value: fc.integer({ min: -100, max: 100 }), points: fc.nat(10_000) }), {
  minLength: 1,
  maxLength: 8,
});

test("the order of the cutoffs changes nothing", () => {
  fc.assert(
    fc.property(anyBands, fc.double({ noNaN: true, min: -200, max: 200 }), (bands, value) => {
      expect(bandPoints([...bands].reverse(), value)).toBe(bandPoints(bands, value));
    }),
  );
});

test("points stay between the least and the most of the cutoffs", () => {
  fc.assert(
    fc.property(anyBands, fc.double({ noNaN: true }), (bands, value) => {
      const all = bands.map(({ points }) => points);
      expect(bandPoints(bands, value)).toBeGreaterThanOrEqual(Math.min(...all));
      expect(bandPoints(bands, value)).toBeLessThanOrEqual(Math.max(...all));
    }),
  );
});
