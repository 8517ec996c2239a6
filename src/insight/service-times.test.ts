import { expect, test } from "vitest";
import { type Graded, measuredService } from "./service-times.ts";

/** Gradings of one worker, one after the other without a pause but `gap`. */
function inTurn(worker: string, machine: string, count: number, takes: number, gap = 0): Graded[] {
  return Array.from({ length: count }, (_, nth) => {
    const started = nth * (takes + gap);
    return { worker, machine, slots: 1, created: 0, started, finished: started + takes };
  });
}

test("a lone worker's times are of level one, and more at once than ever measured say nothing new", () => {
  const service = measuredService(inTurn("a", "m", 20, 2, 0.1));
  expect(service.seconds(1, () => 0.5)).toBeCloseTo(2);
  expect(service.seconds(3, () => 0.5)).toBeCloseTo(2);
  expect(service.turnover).toBeCloseTo(0.1);
});

test("two workers of one machine are of level two, of two machines each of level one", () => {
  const alone = inTurn("a", "m", 20, 2);
  const later = (graded: Graded[]) =>
    graded.map((one) => ({ ...one, started: one.started + 1000, finished: one.finished + 1000 }));
  const beside = [...later(inTurn("a", "m", 20, 3)), ...later(inTurn("b", "m", 20, 3))];
  const service = measuredService([...alone, ...beside]);
  expect(service.seconds(1, () => 0.5)).toBeCloseTo(2);
  expect(service.seconds(2, () => 0.5)).toBeCloseTo(3);
  // A machine that was full with two is no fuller with four: each takes twice as long.
  expect(service.seconds(4, () => 0.5)).toBeCloseTo(6);
  const apart = measuredService([...inTurn("a", "m", 20, 3), ...inTurn("b", "n", 20, 3)]);
  expect(apart.seconds(2, () => 0.5)).toBeCloseTo(3);
});

test("a grading that begins while the last one's result is written takes the slot for less than it lasts", () => {
  const service = measuredService(inTurn("a", "m", 20, 2, -0.3));
  expect(service.turnover).toBeCloseTo(-0.3);
});
