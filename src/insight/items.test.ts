import { describe, expect, test } from "vitest";
import { type ItemResult, itemFigures } from "./items.ts";

const one = (passed: boolean, rest: number): ItemResult => {
  return { passed, score: passed ? 100 : 0, max: 100, total: rest + (passed ? 100 : 0) };
};

describe("a test's figures", () => {
  test.each<[string, ItemResult[], number, number | null]>([
    ["nobody", [], 0, null],
    ["everybody passes", [one(true, 1), one(true, 9)], 1, null],
    ["the rest is alike", [one(true, 5), one(false, 5)], 0.5, null],
    ["only the better ones pass", [one(true, 8), one(true, 8), one(false, 2), one(false, 2)], 0.5, 1],
    ["only the worse ones pass", [one(true, 2), one(false, 8)], 0.5, -1],
  ])("%s", (_, results, difficulty, discrimination) => {
    expect(itemFigures(results)).toMatchObject({ difficulty, discrimination });
  });

  test("is Pearson's correlation of 0 and 1 with the rest", () => {
    const results = [3, 9, 4, 7, 1, 6, 8].map((rest, at) => one([0, 1, 0, 1, 0, 0, 1][at] === 1, rest));
    const [x, y] = [results.map(({ passed }) => Number(passed)), [3, 9, 4, 7, 1, 6, 8]];
    const middle = (of: number[]) => of.reduce((a, b) => a + b) / of.length;
    const product = (a: number[], b: number[]) =>
      a.reduce((sum, value, at) => sum + (value - middle(a)) * (b[at]! - middle(b)), 0);
    const pearson = product(x!, y!) / Math.sqrt(product(x!, x!) * product(y!, y!));
    expect(itemFigures(results).discrimination).toBeCloseTo(pearson, 12);
  });
});
