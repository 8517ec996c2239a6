import { expect, test } from "vitest";
import { DIFFERING_LIMIT_LINES, lineDiff } from "./line-diff.ts";

const shown = (before: string, after: string) =>
  lineDiff(before, after)?.map((hunk) => hunk.map(({ kind, number, text }) => `${kind} ${number} ${text}`));

test("a changed line is taken away and added, with its numbers in either file", () => {
  expect(shown("a\nb\nc\n", "a\nx\nc\n")).toEqual([["same 1 a", "removed 2 b", "added 2 x", "same 3 c"]]);
});

test("what lies far apart stands in hunks of its own, with three lines around", () => {
  const lines = Array.from({ length: 40 }, (_, at) => `line ${at + 1}`);
  const other = lines.with(4, "changed").with(34, "changed too");
  const hunks = lineDiff(lines.join("\n"), other.join("\n"))!;
  expect(hunks.map((hunk) => [hunk[0]!.number, hunk.at(-1)!.number, hunk.length])).toEqual([
    [2, 8, 8],
    [32, 38, 8],
  ]);
});

test("a last line without its end is no line more", () => {
  expect(shown("a\n", "a")).toEqual([["removed 1 a", "added 1 a"]]);
});

test("what differs in too much is not compared, and soon", () => {
  const many = (word: string) => Array.from({ length: DIFFERING_LIMIT_LINES }, (_, at) => `${word} ${at}`);
  const begun = performance.now();
  expect(lineDiff(many("a").join("\n"), many("b").join("\n"))).toBe(null);
  expect(performance.now() - begun).toBeLessThan(2000);
});
