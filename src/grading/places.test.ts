import { expect, test } from "vitest";
import { Places } from "./places.ts";

const of = (...tests: [number: string, name: string][]) => {
  const places = new Places();
  return tests.map(([number, name]) => places.of({ number, name }));
};

test("whole numbers are the places, in whatever order they come", () =>
  expect(of(["2", "b"], ["1", "a"], ["10", "c"])).toEqual([2, 1, 10]));
test("the same test has the same place", () => expect(of(["1", "a"], ["1", "a"])).toEqual([1, 1]));
test("a number twice, or none, comes after all whole ones and takes no later test's place", () => {
  const [first, second, part, later] = of(["1", "a"], ["1", "b"], ["1.2", "c"], ["2", "d"]);
  expect([first, later]).toEqual([1, 2]);
  expect(second).toBeGreaterThan(2);
  expect(part).toBeGreaterThan(second as number);
});
