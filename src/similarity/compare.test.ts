import { beforeAll, expect, test } from "vitest";
import type { Parser } from "web-tree-sitter";
import { compare, type Source } from "./compare.ts";
import { compareInProcess } from "./compare-process.ts";
import { hasLongLine } from "./gather.ts";
import { pythonParser } from "./tokens.ts";

let parser: Parser;
beforeAll(async () => {
  parser = await pythonParser();
});

const accumulate = `import numpy as np

def accumulate(cost):
    rows, columns = cost.shape
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            best = min(total[i - 1, j], total[i, j - 1], total[i - 1, j - 1])
            total[i, j] = cost[i - 1, j - 1] + best
    return total[1:, 1:]
`;
/** The same with other names, a comment a line and other layout. */
const renamed = accumulate
  .replaceAll("total", "dp")
  .replaceAll("cost", "matrix")
  .replaceAll("rows", "n")
  .replaceAll("columns", "m")
  .replaceAll("\n", "  # mine\n\n")
  .replaceAll("    ", "  ");
const own = `def accumulate(cost):
    from itertools import product
    answer = {}
    for place in product(*map(range, cost.shape)):
        before = [answer[p] for p in neighbours(place) if p in answer]
        answer[place] = cost[place] + (sorted(before)[0] if before else 0.0)
    return [[answer[r, c] for c in range(cost.shape[1])] for r in range(cost.shape[0])]

def neighbours(place):
    r, c = place
    yield r - 1, c
    yield r, c - 1
    yield r - 1, c - 1
`;
const of = (submissionId: string, text: string): Source => ({ submissionId, path: "dtw.py", text });
const names = (sources: Source[], starter: string[] = []) =>
  compare(parser, sources, starter).map(({ left, right }) =>
    [left.submissionId, right.submissionId].sort().join(),
  );

test("a copy with other names, comments and layout is found; work of one's own is not", () => {
  expect(names([of("a", accumulate), of("b", renamed), of("c", own)])).toEqual(["a,b"]);
});

test("the lines that both have are told", () => {
  const [pair] = compare(parser, [of("a", accumulate), of("b", `${own}\n\n${accumulate}`)], []);
  const [from, to, otherFrom] = pair!.fragments[0]!;
  expect(from).toBeLessThan(6);
  expect(to).toBeGreaterThan(8);
  expect(otherFrom).toBeGreaterThanOrEqual(own.split("\n").length - 1);
});

test("what everybody was given counts nothing", () => {
  expect(names([of("a", accumulate), of("b", renamed)], [accumulate])).toEqual([]);
});

test("two files of one submission are no pair", () => {
  const second = { ...of("a", accumulate), path: "copy.py" };
  expect(names([of("a", accumulate), second])).toEqual([]);
});

test("code that does not parse, and code nested as deeply as its writer liked, is compared too", () => {
  const deep = `x = ${"(".repeat(20_000)}1${")".repeat(20_000)}\n`;
  expect(names([of("a", deep), of("b", `${accumulate}\ndef (:\n`), of("c", accumulate)])).toEqual(["b,c"]);
});

test.each([
  ["one line of data", "x".repeat(6000), true],
  ["at the end", `a\n${"x".repeat(6000)}`, true],
  ["many short lines", "x = 1\n".repeat(5000), false],
  ["nothing", "", false],
])("a long line: %s", (_, text, long) => expect(hasLongLine(text)).toBe(long));

async function* given(sources: Source[]) {
  yield* sources;
}

test("a process of its own says the same", async () => {
  const pairs = await compareInProcess(given([of("a", accumulate), of("b", renamed), of("c", own)]), []);
  expect(pairs).toMatchObject([{ left: { submissionId: "a" }, right: { submissionId: "b" } }]);
}, 60_000);

test("a comparison that is late is ended", async () => {
  const many = Array.from({ length: 60 }, (_, at) => of(String(at), accumulate.repeat(60)));
  await expect(compareInProcess(given(many), [], 50)).rejects.toThrow("not done within 0.05 s");
}, 60_000);
