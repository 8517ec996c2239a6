import fc from "fast-check";
import { expect, test } from "vitest";
import { type CoursePart, courseTotal } from "./course-total.ts";

const part = (points: number | null, max: number, weight: number | null = null): CoursePart => {
  return { points, max, weight };
};

test.each<[string, CoursePart[], number, number]>([
  ["nothing to sum", [], 0, 0],
  ["points add up", [part(3000, 5000), part(1250, 2000)], 4250, 7000],
  ["what was not handed in is 0", [part(3000, 5000), part(null, 2000)], 3000, 7000],
  ["weights make shares of 100", [part(2500, 5000, 20), part(2000, 2000, 30)], 8000, 10_000],
  [
    "the size of an assignment does not matter then",
    [part(250, 500, 20), part(2000, 2000, 30)],
    8000,
    10_000,
  ],
  ["an assignment without a weight is left out", [part(0, 5000), part(2000, 2000, 1)], 10_000, 10_000],
  ["a weight of 0 leaves out as well", [part(0, 5000, 0), part(1000, 2000, 3)], 5000, 10_000],
  ["nothing weighs anything", [part(10, 10, 0)], 0, 10_000],
  ["an assignment of no points weighs nothing", [part(null, 0, 5), part(1000, 2000, 5)], 5000, 10_000],
  ["a bonus counts", [part(2200, 2000, 1)], 11_000, 10_000],
])("%s", (_, parts, points, max) => expect(courseTotal(parts)).toEqual({ points, max }));

const parts = fc.array(
  fc.record({
    points: fc.option(fc.nat(10_000)),
    max: fc.integer({ min: 1, max: 10_000 }),
    weight: fc.option(fc.nat(100)),
  }),
  { maxLength: 12 },
);

test("the order of assignments changes nothing", () => {
  fc.assert(
    fc.property(parts, (some) => {
      const back = courseTotal([...some].reverse());
      expect(Math.abs(courseTotal(some).points - back.points)).toBeLessThanOrEqual(1);
    }),
  );
});

test("more points never make a total smaller", () => {
  fc.assert(
    fc.property(parts, fc.nat(11), fc.nat(1000), (some, at, more) => {
      const better = some.map((one, index) =>
        index === at ? { ...one, points: (one.points ?? 0) + more } : one,
      );
      expect(courseTotal(better).points).toBeGreaterThanOrEqual(courseTotal(some).points);
    }),
  );
});
