import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TestReport, Visibility } from "../judge/report.ts";
import { type Grading, isOpen, studentView } from "./visibility.ts";

const during = { lastDueDatePassed: false, published: false };

function result(name: string, visibility: Visibility, more: Partial<TestReport> = {}): TestReport {
  return {
    name,
    title: { en: name, zh: name },
    number: "1",
    verdict: "passed",
    score: 500,
    max: 500,
    visibility,
    tags: [],
    message: null,
    traceback: null,
    stdout: "",
    wallMs: 3,
    cpuMs: 2,
    peakBytes: 1000,
    artifacts: [],
    extra: {},
    ...more,
  };
}

function grading(results: TestReport[], more: Partial<Grading> = {}): Grading {
  return {
    declared: results.map(({ name, max, visibility }) => ({ name, max, visibility })),
    results,
    finished: true,
    leaderboard: [],
    circumstances: null,
    ...more,
  };
}

test.each<[Visibility, boolean, boolean, boolean]>([
  ["visible", false, false, true],
  ["hidden", true, true, false],
  ["after_due_date", false, true, false],
  ["after_due_date", true, false, true],
  ["after_published", true, false, false],
  ["after_published", false, true, true],
])("%s, due date passed %s, published %s: open is %s", (visibility, lastDueDatePassed, published, open) => {
  expect(isOpen(visibility, { lastDueDatePassed, published })).toBe(open);
});

describe("the student view", () => {
  const both = [
    result("seen", "visible"),
    result("unseen", "hidden", { stdout: "secret", score: 0, verdict: "failed" }),
  ];

  test("shows a visible test and counts a hidden one", () => {
    const view = studentView(grading(both), during, "none");
    expect(view.tests.map((t) => t.name)).toEqual(["seen"]);
    expect(view.hidden).toEqual({ count: 1, points: 500, passed: null, opens: [] });
    expect(view).toMatchObject({ score: 500, max: 500 });
  });

  test("says how many hidden tests passed where the suite says count, and only at the end", () => {
    expect(studentView(grading(both), during, "count").hidden?.passed).toBe(0);
    expect(studentView(grading(both, { finished: false }), during, "count").hidden?.passed).toBe(null);
  });

  test("leaves out what a suite keeps for staff", () => {
    const told = result("seen", "visible", {
      extra: { staff: "line 12", harness_traceback: "tests/test_x.py:3", mismatch: [1] },
    });
    expect(studentView(grading([told]), during, "none").tests[0]?.extra).toEqual({ mismatch: [1] });
  });

  test("shows a leaderboard value only where its test is open", () => {
    const leaderboard = [
      { name: "loss", value: 1, order: "asc" as const, test: "unseen" },
      { name: "time", value: 2, order: "asc" as const, test: "seen" },
    ];
    expect(
      studentView(grading(both, { leaderboard }), during, "none").leaderboard.map((l) => l.name),
    ).toEqual(["time"]);
  });

  test("opens with its date", () => {
    const later = [result("later", "after_due_date")];
    expect(studentView(grading(later), during, "none").hidden?.opens).toEqual(["after_due_date"]);
    expect(studentView(grading(later), { ...during, lastDueDatePassed: true }, "none").hidden).toBe(null);
  });

  test("is byte for byte the same whatever a hidden test brought", () => {
    const visibility = fc.constantFrom<Visibility>("hidden", "after_due_date", "after_published");
    const anything = fc.record({
      stdout: fc.string(),
      traceback: fc.option(fc.string()),
      score: fc.integer({ min: 0, max: 500 }),
      wallMs: fc.double(),
      verdict: fc.constantFrom("passed", "failed", "error", "timeout", "memory", "killed"),
      extra: fc.dictionary(fc.string(), fc.string()),
    }) as fc.Arbitrary<Partial<TestReport>>;
    fc.assert(
      fc.property(visibility, anything, anything, fc.boolean(), (hidden, one, other, finished) => {
        const views = [one, other].map((more) =>
          JSON.stringify(
            studentView(
              grading([result("seen", "visible"), result("unseen", hidden, more)], {
                finished,
                leaderboard: [{ name: "x", value: more.wallMs ?? 0, order: "asc", test: "unseen" }],
              }),
              during,
              "none",
            ),
          ),
        );
        expect(views[0]).toBe(views[1]);
      }),
    );
  });
});

describe("a Gradescope autograder's words over all its tests", () => {
  const whole = {
    output: "nice",
    outputFormat: "text" as const,
    stdout: "printed",
    stdoutVisibility: null,
    visibility: "visible" as const,
    given: 700,
    executionTime: 1,
    results: "a blob",
  };
  const seen = result("seen", "visible");
  const unseen = result("unseen", "after_published");

  test("its score over all is the score while nothing is hidden", () => {
    expect(studentView(grading([seen], { whole }), during, "none").score).toBe(700);
  });
  test("while anything is hidden, the shown tests' sum is all that is told", () => {
    expect(studentView(grading([seen, unseen], { whole }), during, "none").score).toBe(500);
  });
  test.each([
    ["what it printed is hidden unless it says otherwise", {}, { output: "nice", stdout: "" }],
    ["it may show what it printed", { stdoutVisibility: "visible" as const }, { stdout: "printed" }],
    ["its visibility hides the text, too", { visibility: "hidden" as const }, { output: null }],
  ])("%s", (_, more, shown) => {
    expect(
      studentView(grading([seen], { whole: { ...whole, ...more } }), during, "none").whole,
    ).toMatchObject(shown);
  });
  test("where its results lie is told to nobody", () => {
    expect(JSON.stringify(studentView(grading([seen], { whole }), during, "none"))).not.toContain("a blob");
  });
});
