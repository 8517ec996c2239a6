import { describe, expect, test } from "vitest";
import { curves, drawing, planFor, type Question, simulate, workersFor } from "./capacity.ts";
import { serviceOf } from "./service-times.ts";

const never = () => 0;
const each = (...at: number[]) => at.map((one, person) => ({ at: one, person }));
const on = (workers: number, machines: number | null = null) => ({ workers, slots: 1, machines });

describe("simulate", () => {
  test.each<[string, number[], number, number[]]>([
    ["one after the other without a queue", [0, 10, 20], 1, [0, 0, 0]],
    ["all at once, one slot", [0, 0, 0, 0], 1, [5, 15, 15]],
    ["all at once, two slots", [0, 0, 0, 0], 2, [0, 5, 5]],
    ["all at once, a slot each", [0, 0, 0, 0], 4, [0, 0, 0]],
  ])("%s", (_, arrivals, workers, [p50, p95, p99]) => {
    expect(simulate(each(...arrivals), serviceOf([5]), on(workers), never)).toMatchObject({ p50, p95, p99 });
  });

  test("nobody comes", () =>
    expect(simulate([], serviceOf([5]), on(1), never)).toMatchObject({ p95: 0, longest: 0, busy: 0 }));

  test("whoever has sent less goes first, as in the real queue", () => {
    const arrivals = [
      { at: 0, person: 1 },
      { at: 0.1, person: 1 },
      { at: 0.2, person: 1 },
      { at: 0.3, person: 2 },
    ];
    // The other person's only one is second, though it came last: it waits 4.7 s, and the third of the first 14.8 s.
    expect(simulate(arrivals, serviceOf([5]), on(1), never)).toMatchObject({ p50: 4.7, longest: 14.8 });
    expect(simulate(arrivals, serviceOf([5]), on(1), never, false)).toMatchObject({
      p50: 4.9,
      longest: 14.7,
    });
  });

  test("two workers on one machine take longer each than two with a machine each", () => {
    const service = { ...serviceOf([5]), seconds: (level: number) => 5 * level };
    expect(simulate(each(0, 0, 0, 0), service, on(2), never)).toMatchObject({ longest: 5 });
    expect(simulate(each(0, 0, 0, 0), service, on(2, 1), never).longest).toBeGreaterThan(9);
  });

  test("a slot whose next grading begins while its last one is written does not count that one as a neighbour", () => {
    const service = { ...serviceOf([5]), turnover: -0.1, seconds: (level: number) => 5 * level };
    expect(simulate(each(0, 0, 0, 0), service, on(1, 1), never).longest).toBeCloseTo(14.7);
  });

  test("agrees with the formula for one slot, random arrivals and times that vary as much (M/M/1)", () => {
    // The share that waits longer than t is ρ·exp(−(μ−λ)·t): Kleinrock, Queueing Systems I, 1975, section 3.2.
    const [rate, mean, count] = [0.7, 1, 200_000];
    const draw = drawing(7);
    let at = 0;
    const arrivals = Array.from({ length: count }, (_, person) => {
      at += -Math.log(1 - draw()) / rate;
      return { at, person };
    });
    const service = serviceOf(Array.from({ length: 20_000 }, () => -Math.log(1 - draw()) * mean));
    const { p95, p50, busy } = simulate(arrivals, service, on(1), draw, false);
    expect(p95).toBeCloseTo(Math.log(0.7 / 0.05) / 0.3, 0);
    expect(p50).toBeCloseTo(Math.log(0.7 / 0.5) / 0.3, 0);
    expect(busy).toBeCloseTo(0.7, 1);
  });
});

describe("a plan", () => {
  const question: Question = {
    ...{ submissions: 1200, people: 1200, seconds: 7200, curve: curves.rush },
    ...{ service: serviceOf([4, 6, 20]), slots: 1, machines: null },
  };

  test("more workers, shorter waits; the same every time", () => {
    const plan = planFor(question, [1, 2, 4, 8]);
    expect(plan.map(({ p95 }) => p95)).toEqual(plan.map(({ p95 }) => p95).toSorted((a, b) => b - a));
    expect(planFor(question, [1, 2, 4, 8])).toEqual(plan);
  });

  test("the number that is needed is enough, and one fewer is not", () => {
    const needed = workersFor(question, 30)!;
    expect(needed.p95).toBeLessThanOrEqual(30);
    expect(planFor(question, [needed.workers - 1])[0]!.p95).toBeGreaterThan(30);
  });

  test("what no number mends is said", () =>
    expect(workersFor({ ...question, curve: () => 0 }, 0, 8)).toBe(null));

  test("half of a rush comes in the last fifth", () => {
    const draw = drawing(3);
    const late = Array.from({ length: 10_000 }, () => curves.rush(draw)).filter(
      (share) => share > 0.8,
    ).length;
    expect(late / 10_000).toBeCloseTo(0.5, 1);
  });
});
