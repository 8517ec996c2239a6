import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BadResults, readResults } from "./results.ts";

const read = (results: unknown, points: number | null = null) => readResults(JSON.stringify(results), points);
const one = (fields: object) => read({ tests: [fields] }).tests[0]!;

describe("points", () => {
  test.each([
    [
      "the sum of the tests where no score is given",
      {
        tests: [
          { score: 2, max_score: 3 },
          { score: 1.5, max_score: 2 },
        ],
      },
      350,
      500,
    ],
    ["a score over all wins over the sum", { score: 4, tests: [{ score: 1, max_score: 5 }] }, 400, 500],
    ["a score without tests", { score: 7 }, 700, 0],
    ["numbers as text", { score: "47.5", tests: [{ score: "1", max_score: "50" }] }, 4750, 5000],
    ["extra credit may exceed the sum", { tests: [{ score: 6, max_score: 5 }] }, 600, 500],
    ["a null score is no score", { score: null, tests: [{ score: 2, max_score: 2 }] }, 200, 200],
  ])("%s", (_, results, score, max) => {
    expect(read(results)).toMatchObject({ score, max, flags: [] });
  });

  test("ten thousand of a hundred are held to a hundred, and a person is told", () => {
    const { score, flags } = read({ score: 10_000, tests: [{ score: 1, max_score: 100 }] });
    expect(score).toBe(10_000);
    expect(flags).toHaveLength(1);
    expect(flags[0]!.en).toContain("10000 points; 100 count");
  });

  test("a negative score is held to 0, and a person is told", () => {
    expect(read({ score: -5 })).toMatchObject({ score: 0, flags: [{}] });
  });

  test("the points of grader.yaml are the maximum where it says them", () => {
    expect(read({ score: 7 }, 1000)).toMatchObject({ score: 700, max: 1000 });
  });
});

describe("a test", () => {
  test.each([
    ["all its points", { score: 2, max_score: 2 }, "passed"],
    ["some of its points", { score: 1, max_score: 2 }, "partial"],
    ["none", { score: 0, max_score: 2 }, "failed"],
    ["a status wins over the points", { score: 2, max_score: 2, status: "failed" }, "failed"],
    ["neither score nor status is information", { output: "hello" }, "passed"],
  ])("%s", (_, fields, verdict) => {
    expect(read({ score: 1, tests: [fields] }).tests[0]!.verdict).toBe(verdict);
  });

  test("keeps number, tags, format, and the visibility of the whole where it has none", () => {
    const { tests } = read({
      visibility: "after_due_date",
      test_output_format: "md",
      tests: [
        { score: 1, name: "Adds", number: "1.1", tags: ["easy", 3], output: "*ok*" },
        { score: 1, visibility: "visible", output_format: "ansi" },
      ],
    });
    expect(tests[0]).toMatchObject({
      number: "1.1",
      title: { en: "Adds" },
      tags: ["easy", "3"],
      visibility: "after_due_date",
      extra: { output_format: "md" },
    });
    expect(tests[1]).toMatchObject({ number: "2", visibility: "visible", extra: { output_format: "ansi" } });
  });

  test("extra_data is for staff alone", () => {
    expect(one({ score: 1, extra_data: { secret: 1 } }).extra.staff).toEqual({ extra_data: { secret: 1 } });
  });

  test("two of one name stay two", () => {
    const { tests } = read({
      tests: [
        { score: 1, name: "a" },
        { score: 1, name: "a" },
      ],
    });
    expect(new Set(tests.map(({ name }) => name)).size).toBe(2);
  });
});

test("unknown keys are passed over, a null leaderboard value stays null, its order is desc by default", () => {
  const { leaderboard } = read({
    score: 1,
    max_score: 3,
    tests: [{ score: 1, merge_subtests: true }],
    leaderboard: [
      { name: "Accuracy", value: null },
      { name: "Time", value: "3 s", order: "asc" },
    ],
  });
  expect(leaderboard).toEqual([
    { name: "Accuracy", value: null, order: "desc", test: null },
    { name: "Time", value: "3 s", order: "asc", test: null },
  ]);
});

describe("what is not results.json is said with its line", () => {
  test.each([
    ["nothing", "", /results.json is empty/],
    [
      "NaN",
      '{\n  "score": 1,\n  "leaderboard": [{"name": "x", "value": NaN}]\n}',
      /line 3: NaN and Infinity are not JSON: .*NaN/,
    ],
    [
      "a print before the object",
      'Running tests\n{"score": 1}',
      /line 1: only JSON may stand in the file: Running tests/,
    ],
    ["a print after the object", '{"score": 1}\ndone', /line 2: only JSON may stand in the file: done/],
    ["a file cut off", '{"score": 1,\n"tests": [', /line 2: only JSON/],
    ["a list", "[]", /results.json: the whole/],
    ["no score anywhere", '{"tests": [{"name": "a"}]}', /neither “score”/],
    ["a word for a score", '{"score": "many"}', /score: .*/],
    ["an unknown visibility", '{"score": 1, "tests": [{"visibility": "secret"}]}', /tests\.0\.visibility/],
  ])("%s", (_, source, sentence) => {
    expect(() => readResults(source, null)).toThrow(BadResults);
    expect(() => readResults(source, null)).toThrow(sentence);
  });
});

test("more tests than a page can show are cut, and a person is told", () => {
  const { tests, flags } = read({
    tests: Array.from({ length: 100_000 }, () => ({ score: 0, max_score: 1 })),
  });
  expect(tests).toHaveLength(1000);
  expect(flags[0]!.en).toContain("100000 tests");
});

test("whatever the text, it is read or refused in words", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.jsonValue().map((value) => JSON.stringify({ score: 1, tests: value })),
      ),
      (text) => {
        try {
          const { score } = readResults(text, null);
          expect(Number.isFinite(score)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(BadResults);
        }
      },
    ),
    { numRuns: 500 },
  );
});
