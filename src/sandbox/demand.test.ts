import { expect, test } from "vitest";
import { Demand } from "./demand.ts";

const arrivals = (count: number, everyMs: number) => {
  const demand = new Demand();
  for (let i = 0; i < count; i++) demand.arrived(i * everyMs);
  return demand;
};

test.each([
  ["nobody came: nothing waits", 0, 0, 0, 1000, 0],
  ["one came: one more waits and a spare", 1, 0, 0, 1000, 2],
  ["a burst: never more than the ceiling", 600, 10, 6000, 2000, 32],
  ["ten a minute with a quick suite", 10, 6000, 54_000, 300, 2],
  ["a minute after the last nothing waits", 5, 10, 60_041, 1000, 0],
])("%s", (_, count, everyMs, now, makingMs, depth) => {
  expect(arrivals(count, everyMs).depth(now, makingMs)).toBe(depth);
});

test("what was asked for waits until its time is over", () => {
  const demand = new Demand();
  demand.ask(3, 1000);
  expect(demand.depth(999, 500)).toBe(3);
  expect(demand.depth(1000, 500)).toBe(0);
});
