import { expect, test } from "vitest";
import { depthFor } from "./readiness.ts";

test.each<[string, number | null, number, number]>([
  ["no due date", null, 2, 2],
  ["a due date far away", 86_400, 2, 2],
  ["two hours before, to the second", 7200, 2, 2],
  ["within two hours", 7199, 2, 24],
  ["within two hours on a large machine", 60, 32, 32],
])("%s: %s s with %d slots keeps %d ready", (_, secondsToDue, slots, depth) => {
  expect(depthFor({ secondsToDue }, slots)).toBe(depth);
});
