// What must hold of a suite before anyone is graded by it, judged from runs that have been made. Pure; the runs
// are made by judge/validate.ts.
import type { Report, TestReport } from "./report.ts";

export interface MutantProof {
  name: string;
  /** Tests that it loses points in with every seed. */
  killed_by: string[];
  expected: string[];
  /** Tests that it loses with some seeds and not with others. */
  unsteady: string[];
  wall_ms: number;
}

export interface Proof {
  ok: boolean;
  suite: string;
  hash: string;
  seeds: number;
  max: number;
  reference: { scores: number[]; strict: number; wall_ms: number[] };
  starter: { score: number; max: number };
  mutants: MutantProof[];
  tests: { name: string; points: number; killed_by_mutants: string[]; reference_ms: number }[];
  alternatives: { name: string; score: number; failed: string[]; expected: string[] }[];
  adversaries: { name: string; score: number; unhandled: string[] }[];
  /** Why it may not be published; empty where `ok`. Each names the place. */
  problems: string[];
  /** What a careful instructor would look at. */
  warnings: string[];
}

export interface ProofRuns {
  suite: string;
  hash: string;
  /** Points, not hundredths. */
  starterMax: number;
  seeds: number;
  reference: Report[];
  /** The reference with a tenth of each tolerance. */
  strict: Report;
  starter: Report;
  emptyZip: { code: string; message: string } | null;
  syntaxError: Report;
  mutants: { name: string; expected: string[]; flagged?: boolean; reports: Report[] }[];
  alternatives: { name: string; expected: string[]; report: Report }[];
  adversaries: { name: string; report: Report }[];
}

/** Names of the tests in which points were lost. */
export function lostIn(report: Report): string[] {
  return report.tests.filter((test) => test.score < test.max).map((test) => test.name);
}

/** Weighs the runs: `problems` holds every reason against publishing. */
export function proofOf(runs: ProofRuns): Proof {
  const names = runs.reference[0]?.tests.map((test) => test.name) ?? [];
  const mutants = runs.mutants.map(mutantProof);
  const killers = (name: string) => mutants.filter((m) => m.killed_by.includes(name)).map((m) => m.name);
  const problems = [
    ...referenceProblems(runs),
    ...starterProblems(runs),
    ...clearRefusalProblems(runs),
    ...unknownNames(runs, names),
    ...mutants.flatMap(mutantProblems),
    ...runs.mutants
      .filter(unflagged)
      .map(({ name }) => `mutants/${name}: not flagged to the staff with every seed`),
    ...names
      .filter((name) => killers(name).length === 0)
      .map((name) => `${name}: no mutant fails it; nothing shows that it can fail`),
    ...runs.alternatives.flatMap(alternativeProblems),
    ...runs.adversaries.flatMap((adversary) => adversaryProblems(adversary, runs.starter.score)),
  ];
  return {
    ok: problems.length === 0,
    suite: runs.suite,
    hash: runs.hash,
    seeds: runs.seeds,
    max: (runs.reference[0]?.max ?? 0) / 100,
    reference: {
      scores: runs.reference.map((report) => report.score / 100),
      strict: runs.strict.score / 100,
      wall_ms: runs.reference.map((report) => Math.round(report.wallMs)),
    },
    starter: { score: runs.starter.score / 100, max: runs.starterMax },
    mutants,
    tests: names.map((name) => ({
      name,
      points: (find(runs.reference[0], name)?.max ?? 0) / 100,
      killed_by_mutants: killers(name),
      reference_ms: Math.round(Math.max(...runs.reference.map((report) => find(report, name)?.wallMs ?? 0))),
    })),
    alternatives: runs.alternatives.map(({ name, expected, report }) => ({
      name,
      score: report.score / 100,
      failed: lostIn(report),
      expected,
    })),
    adversaries: runs.adversaries.map(({ name, report }) => ({
      name,
      score: report.score / 100,
      unhandled: unhandled(report).map((test) => test.name),
    })),
    problems,
    warnings: warnings(runs),
  };
}

const find = (report: Report | undefined, name: string) => report?.tests.find((test) => test.name === name);

function mutantProof({ name, expected, reports }: ProofRuns["mutants"][number]): MutantProof {
  const lost = reports.map((report) => new Set(lostIn(report)));
  const ever = [...new Set(reports.flatMap(lostIn))];
  const killedBy = ever.filter((test) => lost.every((set) => set.has(test)));
  return {
    name,
    killed_by: killedBy,
    expected,
    unsteady: ever.filter((test) => !killedBy.includes(test)),
    wall_ms: Math.round(Math.max(...reports.map((report) => report.wallMs))),
  };
}

function referenceProblems({ reference, strict }: ProofRuns): string[] {
  const lost = reference.map((report) => lostIn(report));
  const always = (lost[0] ?? []).filter((name) => lost.every((names) => names.includes(name)));
  const flaky = [...new Set(lost.flat())].filter((name) => !always.includes(name));
  const said = (name: string) => {
    const message = [...reference, strict].map((report) => find(report, name)).find((test) => test?.message)
      ?.message?.en;
    return message ? ` (${message.split("\n")[0]})` : "";
  };
  return [
    ...always.map((name) => `${name}: the reference fails it with every seed${said(name)}`),
    ...flaky.map(
      (name) =>
        `${name}: flaky; the reference passes it with some seeds and fails it with others${said(name)}`,
    ),
    ...lostIn(strict)
      .filter((name) => !lost.flat().includes(name))
      .map(
        (name) =>
          `${name}: the reference fails it with a tenth of the tolerance; widen it or make the reference exact${said(name)}`,
      ),
  ];
}

function starterProblems({ starter, starterMax }: ProofRuns): string[] {
  if (starter.score <= starterMax * 100) return [];
  const earned = starter.tests.filter((test) => test.score > 0).map((test) => test.name);
  return [
    `starter: scores ${starter.score / 100}, more than starter_max ${starterMax}, in ${earned.join(", ")}`,
  ];
}

function clearRefusalProblems({ emptyZip, syntaxError }: ProofRuns): string[] {
  const problems: string[] = [];
  if (emptyZip === null)
    problems.push("an empty ZIP is not refused: name the files that students must hand in (files.required)");
  if (syntaxError.score > 0) problems.push("a submission with a syntax error scores points");
  for (const test of syntaxError.tests) {
    if (test.verdict === "error" && (test.traceback ?? test.message?.en ?? "").includes("SyntaxError"))
      continue;
    problems.push(`${test.name}: a syntax error ends as "${test.verdict}" without naming the SyntaxError`);
  }
  return problems;
}

function unknownNames({ mutants, alternatives }: ProofRuns, names: string[]): string[] {
  return [
    ...mutants.map((m) => ({ place: `mutants/${m.name}`, expected: m.expected })),
    ...alternatives.map((a) => ({ place: `alternatives/${a.name}`, expected: a.expected })),
  ].flatMap(({ place, expected }) =>
    expected
      .filter((name) => !names.includes(name))
      .map((name) => `${place}: fails: there is no test ${name}`),
  );
}

function mutantProblems({ name, killed_by, expected, unsteady }: MutantProof): string[] {
  const place = `mutants/${name}`;
  const problems = unsteady.map((test) => `${place}: loses points in ${test} with some seeds only`);
  if (killed_by.length === 0 && unsteady.length === 0) return [`${place}: undetected; it passes every test`];
  for (const test of expected)
    if (!killed_by.includes(test) && !unsteady.includes(test))
      problems.push(`${place}: passes ${test}, which it should fail`);
  for (const test of killed_by)
    if (!expected.includes(test)) problems.push(`${place}: fails ${test}, which it does not name`);
  return problems;
}

const unflagged = ({ flagged, reports }: ProofRuns["mutants"][number]) =>
  flagged === true && !reports.every((report) => report.flags.length > 0);

function alternativeProblems({ name, expected, report }: ProofRuns["alternatives"][number]): string[] {
  return lostIn(report)
    .filter((test) => !expected.includes(test))
    .map(
      (test) =>
        `alternatives/${name}: a correct solution fails ${test} (${find(report, test)?.message?.en.split("\n")[0] ?? ""})`,
    );
}

function adversaryProblems(
  { name, report }: ProofRuns["adversaries"][number],
  starterScore: number,
): string[] {
  const problems = unhandled(report).map(
    (test) =>
      `${test.name}: the adversary "${name}" meets an unhandled exception in the test (${String(test.extra.harness_traceback)})`,
  );
  if (report.score > starterScore) {
    const earned = report.tests.filter((test) => test.score > 0).map((test) => test.name);
    problems.push(
      `the adversary "${name}" scores ${report.score / 100}, more than the starter, in ${earned.join(", ")}`,
    );
  }
  return problems;
}

function unhandled(report: Report): TestReport[] {
  return report.tests.filter((test) => test.extra.harness_traceback !== undefined);
}

function warnings({ reference }: ProofRuns): string[] {
  const slow = new Set<string>();
  const flags = new Set<string>();
  for (const report of reference) {
    const limit = Number(report.circumstances.limits.per_test ?? 0) * 1000;
    for (const test of report.tests) if (limit > 0 && test.wallMs > limit / 2) slow.add(test.name);
    for (const flag of report.flags) flags.add(flag.en);
  }
  return [
    ...[...slow].map((name) => `${name}: the reference needs more than half of the time limit`),
    ...[...flags].map((flag) => `reference: ${flag}`),
  ];
}
