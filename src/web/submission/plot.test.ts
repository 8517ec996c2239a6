import { expect, test } from "vitest";
import { drawPlot, PLOT_HEIGHT, PLOT_WIDTH, readPlot } from "./plot.ts";

const plot = (x: (number | null)[], y: (number | null)[]) => ({
  kind: "line",
  series: [{ label: "loss", x, y }],
});

test("every point lies inside the picture, larger values higher", () => {
  const { dots } = drawPlot(plot([0, 1, 2], [3, -1, 8]))!;
  for (const [x, y] of dots[0]!) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(PLOT_WIDTH);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(PLOT_HEIGHT);
  }
  expect(dots[0]![2]![1]).toBeLessThan(dots[0]![1]![1]);
});

test("a missing value leaves a gap", () => {
  expect(drawPlot(plot([0, 1, 2, 3], [1, null, 2, 3]))!.paths[0]!.match(/M/g)).toHaveLength(2);
});

test("ticks are round numbers", () => {
  const { y } = drawPlot(plot([0, 1], [0.13, 0.91]))!;
  expect(y.ticks.map(({ value }) => value)).toEqual([0.2, 0.4, 0.6, 0.8]);
});

test.each([
  ["no JSON", "{"],
  ["another shape", '{"kind":"line"}'],
])("%s is no plot", (_, text) => expect(readPlot(text)).toBeNull());

test("a plot without a point is not drawn; one of a constant is", () => {
  expect(drawPlot(plot([], []))).toBeNull();
  expect(drawPlot(plot([1], [5]))!.paths[0]).toMatch(/^M/);
});
