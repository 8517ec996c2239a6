import { describe, expect, test } from "vitest";
import { curves, drawing, planFor, type Question, simulate, slotsFor } from "./capacity.ts";

const never = () => {
  throw new Error("nothing is drawn");
};

describe("simulate", () => {
  test.each<[string, number[], number, number[]]>([
    ["one after the other without a queue", [0, 10, 20], 1, [0, 0, 0]],
    ["all at once, one slot", [0, 0, 0, 0], 1, [5, 15, 15]],
    ["all at once, two slots", [0, 0, 0, 0], 2, [0, 5, 5]],
    ["all at once, a slot each", [0, 0, 0, 0], 4, [0, 0, 0]],
  ])("%s", (_, arrivals, slots, [p50, p95, p99]) => {
    expect(simulate(arrivals, [5], slots, () => 0)).toMatchObject({ p50, p95, p99 });
  });

  test("nobody comes", () =>
    expect(simulate([], [5], 1, never)).toMatchObject({ p95: 0, longest: 0, busy: 0 }));

  test("agrees with the formula for one slot, random arrivals and times that vary as much (M/M/1)", () => {
    // The share that waits longer than t is ρ·exp(−(μ−λ)·t): Kleinrock, Queueing Systems I, 1975, section 3.2.
    const [rate, mean, count] = [0.7, 1, 200_000];
    const draw = drawing(7);
    let at = 0;
    const arrivals = Array.from({ length: count }, () => (at += -Math.log(1 - draw()) / rate));
    const service = Array.from({ length: 20_000 }, () => -Math.log(1 - draw()) * mean);
    const { p95, p50, busy } = simulate(arrivals, service, 1, draw);
    expect(p95).toBeCloseTo(Math.log(0.7 / 0.05) / 0.3, 0);
    expect(p50).toBeCloseTo(Math.log(0.7 / 0.5) / 0.3, 0);
    expect(busy).toBeCloseTo(0.7, 1);
  });
});

describe("a plan", () => {
  const question: Question = { submissions: 1200, seconds: 7200, curve: curves.rush, service: [4, 6, 20] };

  test("more slots, shorter waits; the same every time", () => {
    const plan = planFor(question, [1, 2, 4, 8]);
    expect(plan.map(({ p95 }) => p95)).toEqual(plan.map(({ p95 }) => p95).toSorted((a, b) => b - a));
    expect(planFor(question, [1, 2, 4, 8])).toEqual(plan);
  });

  test("the number that is needed is enough, and one fewer is not", () => {
    const needed = slotsFor(question, 30)!;
    expect(needed.p95).toBeLessThanOrEqual(30);
    expect(planFor(question, [needed.slots - 1])[0]!.p95).toBeGreaterThan(30);
  });

  test("what no number mends is said", () =>
    expect(slotsFor({ ...question, curve: () => 0 }, 0, 8)).toBe(null));

  test("half of a rush comes in the last fifth", () => {
    const draw = drawing(3);
    const late = Array.from({ length: 10_000 }, () => curves.rush(draw)).filter(
      (share) => share > 0.8,
    ).length;
    expect(late / 10_000).toBeCloseTo(0.5, 1);
  });
});
