import { expect, test } from "vitest";
import type { RotaRunning, RotaView, RotaWaiting } from "../../submissions/rota.ts";
import { timelineOf } from "./timeline.ts";

const now = new Date("2026-11-27T12:00:00Z");
const part = { attemptId: "a", work: null, group: 0, batch: false, takes: { seconds: 300, measured: true } };
const running = (seconds: number, given: Partial<RotaRunning> = {}): RotaRunning => ({
  ...{ ...part, startedAt: new Date(now.getTime() - seconds * 1000), devices: ["x"] },
  ...given,
});
const waiting = (place: number, from: number, to: number, given: Partial<RotaWaiting> = {}): RotaWaiting => ({
  ...{ ...part, place, since: now, deadline: null, moved: false, movable: null, spent: false },
  ...{ startsIn: from, endsIn: to, devices: ["x"], measured: true },
  ...given,
});
const rota = (given: Partial<RotaView>): RotaView => ({
  ...{ now, devices: [{ id: "x" }, { id: "y" }] as never, running: [], waiting: [] },
  ...given,
});

test("nothing runs and nothing waits: five minutes ahead, empty rows", () => {
  expect(timelineOf(rota({}))).toEqual({
    rows: [
      { device: "x", bars: [] },
      { device: "y", bars: [] },
    ],
    now: 0,
    ticks: [2, 4].map((minutes) => ({ minutes, at: 40 * (minutes / 2) })),
    beyond: 0,
  });
});

test("what runs reaches back to its start and on to its usual end; what waits follows it", () => {
  const shown = timelineOf(rota({ running: [running(100)], waiting: [waiting(1, 200, 500)] }));
  // 100 s back and 500 s ahead.
  expect(shown.now).toBeCloseTo(100 / 6, 1);
  expect(shown.rows[0]!.bars).toEqual([
    { from: 0, width: 50, group: 0, place: null, done: shown.now },
    { from: 50, width: 50, group: 0, place: 1, done: 0 },
  ]);
  expect(shown.rows[1]!.bars).toEqual([]);
});

test("what runs longer than usual ends at the line of now", () => {
  const [bar] = timelineOf(rota({ running: [running(100, { takes: { seconds: 60, measured: true } })] }))
    .rows[0]!.bars;
  expect(bar!.width).toBe(bar!.done);
});

test("a job of two devices stands in both rows", () => {
  const { rows } = timelineOf(rota({ running: [running(10, { devices: ["x", "y"] })] }));
  expect(rows.map(({ bars }) => bars.length)).toEqual([1, 1]);
});

test("what begins far ahead, or cannot begin, is counted and not drawn", () => {
  const many = Array.from({ length: 30 }, (_, n) => waiting(n + 1, n * 300, (n + 1) * 300));
  const never = waiting(31, 0, 0, { startsIn: null, endsIn: null, devices: [] });
  const shown = timelineOf(rota({ waiting: [...many, never] }));
  expect([shown.rows[0]!.bars.length, shown.beyond]).toEqual([10, 21]);
  expect(shown.rows[0]!.bars.every(({ from, width }) => from + width <= 100.01)).toBe(true);
});
