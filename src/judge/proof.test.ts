import { describe, expect, test } from "vitest";
import { type ProofRuns, proofOf } from "./proof.ts";
import type { Report, TestReport } from "./report.ts";

/** A report of two tests of 50 points: those named in `lost` score nothing. */
function report(lost: string[], more: Partial<TestReport> = {}): Report {
  const tests = ["test_a", "test_b"].map(
    (name): TestReport => ({
      name,
      title: { en: name, zh: name },
      number: "1",
      verdict: lost.includes(name) ? "failed" : "passed",
      score: lost.includes(name) ? 0 : 5000,
      max: 5000,
      visibility: "visible",
      tags: [],
      message: null,
      traceback: null,
      stdout: "",
      wallMs: 5,
      cpuMs: null,
      peakBytes: null,
      artifacts: [],
      extra: {},
      ...more,
    }),
  );
  return {
    tests,
    score: tests.reduce((sum, t) => sum + t.score, 0),
    max: 10_000,
    wallMs: 10,
    circumstances: {
      suite: "s",
      suiteHash: "h",
      imageDigests: { student: "a", harness: "b" },
      seed: "",
      cpu: "",
      libraries: {},
      gpu: null,
      limits: { per_test: 10 },
    },
    leaderboard: [],
    flags: [],
  };
}

const good = report([]);
const nothing = report(["test_a", "test_b"]);
const syntax = report(["test_a", "test_b"], {
  verdict: "error",
  score: 0,
  traceback: "SyntaxError: invalid syntax",
});

const proved: ProofRuns = {
  suite: "s",
  hash: "h",
  starterMax: 0,
  seeds: 3,
  reference: [good, good, good],
  strict: good,
  starter: nothing,
  emptyZip: { code: "missing_file", message: "a.py is missing" },
  syntaxError: syntax,
  mutants: [
    {
      name: "m1",
      expected: ["test_a"],
      reports: [report(["test_a"]), report(["test_a"]), report(["test_a"])],
    },
    {
      name: "m2",
      expected: ["test_b"],
      reports: [report(["test_b"]), report(["test_b"]), report(["test_b"])],
    },
  ],
  alternatives: [{ name: "loops", expected: [], report: good }],
  adversaries: [{ name: "nan", report: nothing }],
};

describe("a proof", () => {
  test("holds where every run is as it should be", () => {
    const proof = proofOf(proved);
    expect(proof).toMatchObject({ ok: true, problems: [], seeds: 3, max: 100 });
    expect(proof.mutants[0]).toMatchObject({ name: "m1", killed_by: ["test_a"], expected: ["test_a"] });
    expect(proof.tests[1]).toMatchObject({ name: "test_b", killed_by_mutants: ["m2"] });
  });

  test("warns of a test that hands the reference's answer to the student's side", () => {
    const telling = report([], { extra: { staff: { handed_over: ["work.twice"] } } });
    const proof = proofOf({ ...proved, reference: [telling, telling, telling] });
    expect(proof.ok).toBe(true);
    expect(proof.warnings.map(({ en }) => en)).toContain(
      "test_a: hands the student's side what reference.work.twice answered",
    );
  });

  test.each<[string, Partial<ProofRuns>, RegExp]>([
    [
      "a reference that fails a test",
      { reference: [report(["test_a"]), report(["test_a"])] },
      /^test_a: the reference fails it with every seed/,
    ],
    ["a flaky test", { reference: [good, report(["test_b"]), good] }, /^test_b: flaky/],
    [
      "a tolerance that the reference needs whole",
      { strict: report(["test_b"]) },
      /^test_b: .*tenth of the tolerance/,
    ],
    [
      "a starter that scores",
      { starter: report(["test_b"]) },
      /^starter: scores 50, more than starter_max 0, in test_a/,
    ],
    ["an empty ZIP that is let in", { emptyZip: null }, /empty ZIP is not refused/],
    [
      "a syntax error that is not named",
      { syntaxError: nothing },
      /^test_a: a syntax error ends as "failed" without naming/,
    ],
    [
      "an undetected mutant",
      { mutants: [...proved.mutants, { name: "m3", expected: ["test_a"], reports: [good, good, good] }] },
      /^mutants\/m3: undetected/,
    ],
    [
      "a mutant that a test sees with some seeds only",
      {
        mutants: [
          ...proved.mutants,
          { name: "m3", expected: ["test_a"], reports: [good, report(["test_a"])] },
        ],
      },
      /^mutants\/m3: loses points in test_a with some seeds only/,
    ],
    [
      "a mutant that fails more than it names",
      { mutants: [...proved.mutants, { name: "m3", expected: ["test_a"], reports: [nothing] }] },
      /^mutants\/m3: fails test_b, which it does not name/,
    ],
    [
      "a mutant that names a test that does not exist",
      {
        mutants: [
          ...proved.mutants,
          { name: "m3", expected: ["test_a", "test_c"], reports: [report(["test_a"])] },
        ],
      },
      /^mutants\/m3: fails: there is no test test_c/,
    ],
    [
      "a mutant that nobody is told of",
      {
        mutants: [
          ...proved.mutants,
          { name: "m3", expected: ["test_a"], flagged: true, reports: [report(["test_a"])] },
        ],
      },
      /^mutants\/m3: not flagged to the staff/,
    ],
    ["a test that no mutant fails", { mutants: proved.mutants.slice(0, 1) }, /^test_b: no mutant fails it/],
    [
      "a correct alternative that fails",
      { alternatives: [{ name: "loops", expected: [], report: report(["test_a"]) }] },
      /^alternatives\/loops: a correct solution fails test_a/,
    ],
    [
      "an adversary that scores",
      { adversaries: [{ name: "nan", report: report(["test_a"]) }] },
      /^the adversary "nan" scores 50/,
    ],
    [
      "an adversary that surprises a test",
      {
        adversaries: [
          {
            name: "nan",
            report: report(["test_a", "test_b"], { extra: { harness_traceback: "tests/a.py:3" } }),
          },
        ],
      },
      /^test_a: the adversary "nan" meets an unhandled exception .*tests\/a\.py:3/,
    ],
  ])("fails for %s, naming the place", (_, change, problem) => {
    const proof = proofOf({ ...proved, ...change });
    expect(proof.ok).toBe(false);
    expect(proof.problems.filter(({ en }) => problem.test(en))).not.toEqual([]);
  });
});
