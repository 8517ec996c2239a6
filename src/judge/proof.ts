// What must hold of a suite before anyone is graded by it, judged from runs that have been made. Pure; the runs
// are made by judge/validate.ts.
import { z } from "zod";
import type { Report, TestReport } from "./report.ts";
import type { Words } from "./words.ts";

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
  tests: {
    name: string;
    points: number;
    killed_by_mutants: string[];
    reference_ms: number;
    /** Null where the kernel did not count it. */
    reference_peak_bytes: number | null;
  }[];
  alternatives: { name: string; score: number; failed: string[]; expected: string[] }[];
  adversaries: { name: string; score: number; unhandled: string[] }[];
  /** Why it may not be published; empty where `ok`. Each names the place. */
  problems: Words[];
  /** What a careful instructor would look at. */
  warnings: Words[];
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

/** Of a Gradescope autograder, whose setup.sh has made an image: all that can be known before it meets a student. */
export function setupProof({ config, hash }: { config: { id: string }; hash: string }): Proof {
  return {
    ...{ ok: true, suite: config.id, hash, seeds: 0, max: 0 },
    reference: { scores: [], strict: 0, wall_ms: [] },
    starter: { score: 0, max: 0 },
    ...{ mutants: [], tests: [], alternatives: [], adversaries: [], problems: [] },
    warnings: [
      said(
        "graded in one container: a submission's code can reach the tests and the results",
        "在同一容器内评分：提交的代码可以接触到测试和结果",
      ),
    ],
  };
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
      .map(({ name }) =>
        said(
          `mutants/${name}: not flagged to the staff with every seed`,
          `mutants/${name}：并非在每个种子下都提示了教学人员`,
        ),
      ),
    ...names
      .filter((name) => killers(name).length === 0)
      .map((name) =>
        said(
          `${name}: no mutant fails it; nothing shows that it can fail`,
          `${name}：没有变异体在此失分，无法证明该测试会失败`,
        ),
      ),
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
      reference_peak_bytes: peakOf(runs.reference, name),
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

const said = (en: string, zh: string): Words => ({ en, zh });

function peakOf(reports: Report[], name: string): number | null {
  const peaks = reports.flatMap((report) => find(report, name)?.peakBytes ?? []);
  return peaks.length > 0 ? Math.max(...peaks) : null;
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

function referenceProblems({ reference, strict }: ProofRuns): Words[] {
  const lost = reference.map((report) => lostIn(report));
  const always = (lost[0] ?? []).filter((name) => lost.every((names) => names.includes(name)));
  const flaky = [...new Set(lost.flat())].filter((name) => !always.includes(name));
  const told = (name: string) => {
    const message = [...reference, strict].map((report) => find(report, name)).find((test) => test?.message)
      ?.message?.en;
    return message ? ` (${message.split("\n")[0]})` : "";
  };
  return [
    ...always.map((name) =>
      said(
        `${name}: the reference fails it with every seed${told(name)}`,
        `${name}：参考答案在每个种子下都失分${told(name)}`,
      ),
    ),
    ...flaky.map((name) =>
      said(
        `${name}: flaky; the reference passes it with some seeds and fails it with others${told(name)}`,
        `${name}：结果不稳定，参考答案在部分种子下通过、部分种子下失分${told(name)}`,
      ),
    ),
    ...lostIn(strict)
      .filter((name) => !lost.flat().includes(name))
      .map((name) =>
        said(
          `${name}: the reference fails it with a tenth of the tolerance; widen it or make the reference exact${told(name)}`,
          `${name}：容差取十分之一时参考答案失分；请放宽容差，或提高参考答案的精度${told(name)}`,
        ),
      ),
  ];
}

function starterProblems({ starter, starterMax }: ProofRuns): Words[] {
  if (starter.score <= starterMax * 100) return [];
  const earned = starter.tests.filter((test) => test.score > 0).map((test) => test.name);
  const score = starter.score / 100;
  return [
    said(
      `starter: scores ${score}, more than starter_max ${starterMax}, in ${earned.join(", ")}`,
      `starter：得 ${score} 分，超过 starter_max ${starterMax}，得分的测试：${earned.join("、")}`,
    ),
  ];
}

function clearRefusalProblems({ emptyZip, syntaxError }: ProofRuns): Words[] {
  const problems: Words[] = [];
  if (emptyZip === null)
    problems.push(
      said(
        "an empty ZIP is not refused: name the files that students must hand in (files.required)",
        "空的 ZIP 未被拒绝：请写明学生必须提交的文件（files.required）",
      ),
    );
  if (syntaxError.score > 0)
    problems.push(said("a submission with a syntax error scores points", "有语法错误的提交得到了分数"));
  for (const test of syntaxError.tests) {
    if (test.verdict === "error" && (test.traceback ?? test.message?.en ?? "").includes("SyntaxError"))
      continue;
    problems.push(
      said(
        `${test.name}: a syntax error ends as "${test.verdict}" without naming the SyntaxError`,
        `${test.name}：语法错误的结果是 "${test.verdict}"，没有指出 SyntaxError`,
      ),
    );
  }
  return problems;
}

function unknownNames({ mutants, alternatives }: ProofRuns, names: string[]): Words[] {
  return [
    ...mutants.map((m) => ({ place: `mutants/${m.name}`, expected: m.expected })),
    ...alternatives.map((a) => ({ place: `alternatives/${a.name}`, expected: a.expected })),
  ].flatMap(({ place, expected }) =>
    expected
      .filter((name) => !names.includes(name))
      .map((name) =>
        said(`${place}: fails: there is no test ${name}`, `${place}：fails：没有名为 ${name} 的测试`),
      ),
  );
}

function mutantProblems({ name, killed_by, expected, unsteady }: MutantProof): Words[] {
  const place = `mutants/${name}`;
  const problems = unsteady.map((test) =>
    said(`${place}: loses points in ${test} with some seeds only`, `${place}：仅在部分种子下于 ${test} 失分`),
  );
  if (killed_by.length === 0 && unsteady.length === 0)
    return [said(`${place}: undetected; it passes every test`, `${place}：未被发现，通过了所有测试`)];
  for (const test of expected)
    if (!killed_by.includes(test) && !unsteady.includes(test))
      problems.push(
        said(`${place}: passes ${test}, which it should fail`, `${place}：通过了应当失分的 ${test}`),
      );
  for (const test of killed_by)
    if (!expected.includes(test))
      problems.push(
        said(`${place}: fails ${test}, which it does not name`, `${place}：在未列出的 ${test} 失分`),
      );
  return problems;
}

const unflagged = ({ flagged, reports }: ProofRuns["mutants"][number]) =>
  flagged === true && !reports.every((report) => report.flags.length > 0);

function alternativeProblems({ name, expected, report }: ProofRuns["alternatives"][number]): Words[] {
  return lostIn(report)
    .filter((test) => !expected.includes(test))
    .map((test) => {
      const message = find(report, test)?.message?.en.split("\n")[0] ?? "";
      return said(
        `alternatives/${name}: a correct solution fails ${test} (${message})`,
        `alternatives/${name}：正确的解法在 ${test} 失分（${message}）`,
      );
    });
}

function adversaryProblems(
  { name, report }: ProofRuns["adversaries"][number],
  starterScore: number,
): Words[] {
  const problems = unhandled(report).map((test) => {
    const where = String(test.extra.harness_traceback);
    return said(
      `${test.name}: the adversary "${name}" meets an unhandled exception in the test (${where})`,
      `${test.name}：对抗程序 "${name}" 在测试中引发了未处理的异常（${where}）`,
    );
  });
  if (report.score > starterScore) {
    const earned = report.tests.filter((test) => test.score > 0).map((test) => test.name);
    const score = report.score / 100;
    problems.push(
      said(
        `the adversary "${name}" scores ${score}, more than the starter, in ${earned.join(", ")}`,
        `对抗程序 "${name}" 得 ${score} 分，超过 starter，得分的测试：${earned.join("、")}`,
      ),
    );
  }
  return problems;
}

function unhandled(report: Report): TestReport[] {
  return report.tests.filter((test) => test.extra.harness_traceback !== undefined);
}

function warnings({ reference }: ProofRuns): Words[] {
  const slow = new Set<string>();
  const handed = new Map<string, Words>();
  const flags = new Map<string, Words>();
  for (const report of reference) {
    const limit = Number(report.circumstances.limits.per_test ?? 0) * 1000;
    for (const test of report.tests) {
      if (limit > 0 && test.wallMs > limit / 2) slow.add(test.name);
      for (const what of handedOver(test)) handed.set(`${test.name} ${what}`, handedWords(test.name, what));
    }
    for (const flag of report.flags) flags.set(flag.en, flag);
  }
  return [
    ...[...slow].map((name) =>
      said(
        `${name}: the reference needs more than half of the time limit`,
        `${name}：参考答案用掉了时限的一半以上`,
      ),
    ),
    ...handed.values(),
    ...[...flags.values()].map((flag) => said(`reference: ${flag.en}`, `参考答案：${flag.zh}`)),
  ];
}

const staffExtra = z.object({ staff: z.object({ handed_over: z.array(z.string()) }) });

/** The reference's functions whose answers a test sent to the student's side (assay_harness/handed.py). */
const handedOver = ({ extra }: TestReport) => staffExtra.safeParse(extra).data?.staff.handed_over ?? [];

const handedWords = (test: string, what: string) =>
  said(
    `${test}: hands the student's side what reference.${what} answered`,
    `${test}：把 reference.${what} 的结果交给了学生一侧`,
  );
