import fc from "fast-check";
import { expect, test } from "vitest";
import { priorityOf } from "./priority.ts";

const waiting = fc.record({ team: fc.nat(1_000_000), crowd: fc.nat(1_000_000) });

test("the first of anybody is at the top", () => expect(priorityOf({ team: 0, crowd: 0 }, false)).toBe(0));

test("a team with fewer waiting goes first, whatever its course has", () =>
  expect(priorityOf({ team: 0, crowd: 9000 }, false)).toBeGreaterThan(
    priorityOf({ team: 1, crowd: 0 }, false),
  ));

test("of equal teams the smaller course's goes first", () =>
  expect(priorityOf({ team: 0, crowd: 3 }, false)).toBeGreaterThan(priorityOf({ team: 0, crowd: 4 }, false)));

test("whatever a student waits for goes before any batch", () =>
  fc.assert(fc.property(waiting, waiting, (one, other) => priorityOf(one, false) > priorityOf(other, true))));

test("it is an integer of 32 bits and never minus zero", () =>
  fc.assert(
    fc.property(waiting, fc.boolean(), (count, batch) => {
      const priority = priorityOf(count, batch);
      expect(priority).toBe(priority | 0);
      expect(Object.is(priority, -0)).toBe(false);
    }),
  ));
