import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TestReport, Visibility } from "../judge/report.ts";
import type { Feedback } from "./tables.ts";
import { type Grading, isOpen, studentView, withFeedback } from "./visibility.ts";

const during = { lastDueDatePassed: false, ownDueDatePassed: false, published: false };

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

test.each<[Visibility, boolean, boolean, boolean, boolean]>([
  ["visible", false, false, false, true],
  ["visible", true, true, true, true],
  ["hidden", false, false, false, false],
  ["hidden", true, true, true, false],
  ["after_due_date", false, false, true, false],
  ["after_due_date", true, false, false, false],
  ["after_due_date", true, true, false, true],
  ["after_published", true, true, false, false],
  ["after_published", false, false, true, true],
  ["until_due_date", false, false, false, true],
  ["until_due_date", false, false, true, true],
  ["until_due_date", true, false, false, false],
  ["until_due_date", true, true, false, false],
  ["until_due_date", true, false, true, false],
])(
  "%s, own due date passed %s, everybody's %s, published %s: open is %s",
  (visibility, ownDueDatePassed, lastDueDatePassed, published, open) => {
    expect(isOpen(visibility, { ownDueDatePassed, lastDueDatePassed, published })).toBe(open);
  },
);

test.each<[string, Feedback, boolean, boolean, Feedback | undefined]>([
  ["before the end", "verdicts", false, false, "verdicts"],
  ["before the end", "received", false, false, "received"],
  ["when nobody can hand in any more", "received", true, false, undefined],
  ["with the results", "verdicts", false, true, undefined],
  ["within the quota", "full", false, false, "full"],
])("%s, %s", (_, feedback, lastDueDatePassed, published, now) => {
  expect(withFeedback({ ...during, lastDueDatePassed, published }, feedback).feedback).toBe(now);
});

describe("less feedback", () => {
  const tests = [
    result("right", "visible", { stdout: "said", message: { en: "m", zh: "m" } }),
    result("half", "visible", { verdict: "partial", score: 250, traceback: "line 3", extra: { loss: 0.1 } }),
    result("unseen", "hidden"),
  ];
  const leaderboard = [{ name: "loss", value: 0.1, order: "asc" as const, test: "half" }];

  test("is a word for each test, and no points that the words do not tell", () => {
    const view = studentView(grading(tests, { leaderboard }), { ...during, feedback: "verdicts" }, "count");
    expect(view.tests.map(({ name, verdict, score }) => [name, verdict, score])).toEqual([
      ["right", "passed", 500],
      ["half", "partial", 0],
    ]);
    expect(view).toMatchObject({ feedback: "verdicts", score: 500, max: 1000, leaderboard: [] });
    expect(JSON.stringify(view.tests)).not.toMatch(/said|line 3|loss/);
    expect(view.hidden).toMatchObject({ count: 1, passed: null });
  });

  test("or only that it was received, until nobody can hand in any more", () => {
    const view = studentView(grading(tests, { leaderboard }), { ...during, feedback: "received" }, "count");
    expect(view).toMatchObject({ feedback: "received", tests: [], score: 0, max: 0, leaderboard: [] });
    expect(view.hidden).toEqual({ count: 3, points: 1500, passed: null, opens: ["after_due_date"] });
  });

  test("tells nothing of a result that it does not show", () => {
    const other = tests.map((test) => ({ ...test, score: 0, verdict: "failed" as const, stdout: "other" }));
    const view = (results: TestReport[]) =>
      studentView(grading(results), { ...during, feedback: "received" }, "count");
    expect(view(other)).toEqual(view(tests));
  });
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
    expect(studentView(grading(both), { ...during, feedback: "full" }, "count").hidden?.passed).toBe(0);
    expect(studentView(grading(both, { finished: false }), during, "count").hidden?.passed).toBe(null);
  });

  test("counts what runs after the deadline among what is awaited, until it has run", () => {
    const later = { name: "later", max: 300, visibility: "visible" as const, stage: "after_due" as const };
    const seen = result("seen", "visible");
    const before = studentView(
      grading([seen], { declared: [...grading([seen]).declared, later] }),
      during,
      "none",
    );
    expect(before).toMatchObject({ max: 500, hidden: { count: 1, points: 300, opens: ["after_due_date"] } });
    const ran = [seen, result("later", "visible", { max: 300, score: 300, stage: "after_due" })];
    const after = studentView(
      grading(ran, { declared: [...grading([seen]).declared, later] }),
      during,
      "none",
    );
    expect(after).toMatchObject({ score: 800, max: 800, hidden: null });
  });

  test("knows nothing of what only staff run", () => {
    const secret = result("secret", "visible", { stage: "staff", stdout: "SECRET" });
    const declared = [
      { name: "seen", max: 500, visibility: "visible" as const },
      { name: "secret", max: 500, visibility: "visible" as const, stage: "staff" as const },
    ];
    const leaderboard = [{ name: "x", value: 1, order: "asc" as const, test: "secret" }];
    const view = studentView(
      grading([result("seen", "visible"), secret], { declared, leaderboard }),
      { lastDueDatePassed: true, ownDueDatePassed: true, published: true },
      "count",
    );
    expect(view).toMatchObject({ max: 500, hidden: null, leaderboard: [] });
    expect(JSON.stringify(view)).not.toMatch(/secret/i);
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

describe("a named mistake", () => {
  const diagnosis = (others: string[]) => ({
    ...{ mutant: "no-diagonal", title: { en: "t", zh: "t" }, hint: { en: "h", zh: "h" }, others },
    evidence: { calls: 3, differing: 2, function: "dtw.dtw" },
  });
  const wrong = (name: string, visibility: Visibility, others: string[] = []) =>
    result(name, visibility, { verdict: "failed", score: 0, diagnosis: diagnosis(others) });
  const told = (tests: TestReport[], diagnosed: string[], when = {}) =>
    studentView(grading(tests, { diagnosed: new Set(diagnosed) }), { ...during, ...when }, "none").tests.map(
      (test) => test.diagnosis?.mutant ?? null,
    );

  test("is told only where its test is open and the setting allows it", () => {
    expect(told([wrong("a", "visible"), wrong("b", "visible"), wrong("c", "hidden")], ["a", "c"])).toEqual([
      "no-diagonal",
      null,
    ]);
  });

  test("is not told where several mistakes answer alike", () => {
    expect(told([wrong("a", "visible", ["greedy-path"])], ["a"])).toEqual([null]);
  });

  test("is not told where only words for verdicts are", () => {
    expect(told([wrong("a", "visible")], ["a"], { feedback: "verdicts" })).toEqual([null]);
  });
});

describe("whatever a suite holds", () => {
  const visibilities = ["visible", "hidden", "after_due_date", "after_published", "until_due_date"] as const;
  const tests = fc
    .array(
      fc.record({ visibility: fc.constantFrom(...visibilities), score: fc.nat(500), staff: fc.boolean() }),
    )
    .map((some) =>
      some.map(({ visibility, score, staff }, at) => ({
        ...result(`t${at}`, visibility, { score, verdict: score === 500 ? "passed" : "partial" }),
        ...(staff ? { stage: "staff" as const } : {}),
      })),
    );
  const when = fc.record({
    lastDueDatePassed: fc.boolean(),
    ownDueDatePassed: fc.boolean(),
    published: fc.boolean(),
  });
  const shuffled = tests.chain((some) =>
    fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
  );
  const gradingOf = (some: TestReport[]) =>
    grading(some, {
      declared: some.map(({ name, max, visibility, stage }) => ({ name, max, visibility, stage })),
    });

  test("the order of rows changes no sum, no count and not which tests are seen", () => {
    fc.assert(
      fc.property(shuffled, when, ([some, other], at) => {
        const [one, two] = [some, other].map((rows) => studentView(gradingOf(rows), at, "count"));
        const names = ({ tests }: typeof one & object) => tests.map(({ name }) => name).sort();
        expect({ ...two, tests: names(two!) }).toEqual({ ...one, tests: names(one!) });
      }),
      { numRuns: 100 },
    );
  });

  test("more time for oneself hides nothing that was seen, and lowers no score", () => {
    fc.assert(
      fc.property(tests, when, (some, at) => {
        const view = (ownDueDatePassed: boolean) =>
          studentView(gradingOf(some), { ...at, ownDueDatePassed }, "none");
        const [past, extended] = [view(true), view(false)];
        const names = new Set(extended.tests.map(({ name }) => name));
        expect(past.tests.every(({ name }) => names.has(name))).toBe(true);
        expect(extended.score).toBeGreaterThanOrEqual(past.score);
      }),
      { numRuns: 100 },
    );
  });
});
