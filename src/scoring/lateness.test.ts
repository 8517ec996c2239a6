import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAccepted, type LatePolicy, latePenalty, startedDays } from "./lateness.ts";

const due = new Date("2026-11-24T15:59:00Z");
const at = (iso: string) => new Date(iso);
const tenPercent: LatePolicy = { graceSeconds: 600, percentPerDay: 10, lastDay: 3 };

test.each<[string, string, number, number]>([
  ["long before", "2026-11-01T00:00:00Z", 0, 0],
  ["the deadline's own second", "2026-11-24T15:59:00Z", 0, 0],
  ["the last moment of the shown minute", "2026-11-24T15:59:59.999Z", 0, 0],
  ["the next minute without grace", "2026-11-24T16:00:00.000Z", 0, 1],
  ["the last moment of grace", "2026-11-24T16:09:59.999Z", 600, 0],
  ["the first moment after grace", "2026-11-24T16:10:00.000Z", 600, 1],
  ["the last moment of the first late day", "2026-11-25T16:09:59.999Z", 600, 1],
  ["the first moment of the second", "2026-11-25T16:10:00.000Z", 600, 2],
  ["a week later", "2026-12-01T16:10:00.000Z", 600, 8],
])("%s: %s with %d s of grace is %d days late", (_, received, grace, days) => {
  expect(startedDays(due, at(received), grace)).toBe(days);
});

test("a deadline given to the second includes no further minute", () => {
  expect(startedDays(at("2026-11-24T15:59:30Z"), at("2026-11-24T15:59:31Z"), 0)).toBe(1);
});

test.each<[number, number, number]>([
  [0, 0, 0],
  [1, 0, 1000],
  [2, 0, 2000],
  [2, 1, 1000],
  [2, 5, 0],
  [20, 0, 10_000],
])("%d days late with %d late days spent loses %d of 10000", (days, spent, lost) => {
  expect(latePenalty(tenPercent, days, spent, 10_000)).toBe(lost);
});

test.each<[number, boolean]>([
  [0, true],
  [3, true],
  [4, false],
])("%d days late is accepted: %s", (days, accepted) => {
  expect(isAccepted(tenPercent, days)).toBe(accepted);
});

describe("lateness", () => {
  test("never costs more than there is and never gives", () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.nat(100),
        fc.nat(400),
        fc.nat(10),
        (points, percentPerDay, days, spent) => {
          const lost = latePenalty({ ...tenPercent, percentPerDay }, days, spent, points);
          expect(lost).toBeGreaterThanOrEqual(0);
          expect(lost).toBeLessThanOrEqual(points);
        },
      ),
    );
  });
});
