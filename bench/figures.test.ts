import { expect, test } from "vitest";
import { figure, isMet, quantile, single } from "./figures.ts";

test("a quantile lies between its neighbours in proportion", () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([4, 1, 3, 2], 1)).toBe(4);
  expect(quantile([7], 0.95)).toBe(7);
});

test("a figure of one sample claims no spread", () => {
  expect(figure("x", [2]).spread).toBeNull();
  expect(figure("x", [1, 2, 3]).spread).toEqual([1.5, 2.5]);
});

test("a goal is met or not; what was not measured is not met", () => {
  expect(isMet(single("x", 0.1, "<= 0.15"))).toBe(true);
  expect(isMet(single("x", 0.2, "<= 0.15"))).toBe(false);
  expect(isMet(single("x", 1, ">= 1"))).toBe(true);
  expect(isMet(single("x", Number.NaN, "<= 1"))).toBe(false);
  expect(isMet(single("x", 1))).toBeNull();
});
