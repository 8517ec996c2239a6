// Reads an autograder's results.json as its writers write it, and makes a report of it. Pure. The format is
// Gradescope's ("Autograder specifications", gradescope-autograders.readthedocs.io): numbers may be text, keys may be
// unknown; what is not JSON at all is a fault of the autograder, never a silent 0.
import { z } from "zod";
import { outputFormats, type TestReport, type Verdict, visibility, type WholeOutput } from "../report.ts";
import type { Words } from "../words.ts";

/** A larger file is refused unread. */
export const RESULTS_LIMIT_BYTES = 5 * 1024 * 1024;
const TESTS_LIMIT = 1000;
const TEXT_LIMIT = 64 * 1024;
const POINTS_LIMIT = 1_000_000;
/** A score this many times what can be earned is a mistake of the autograder's, not extra credit. */
const EXTRA_CREDIT_FACTOR = 1.5;

export interface ReadResults {
  tests: TestReport[];
  /** Hundredths. */
  score: number;
  max: number;
  leaderboard: { name: string; value: number | string | null; order: "asc" | "desc"; test: null }[];
  whole: Omit<WholeOutput, "stdout" | "results">;
  flags: Words[];
}

/** Why results.json cannot be used, for staff, with the offending line where there is one. */
export class BadResults extends Error {}

const number = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, "is not a number")
    .transform(Number),
]);
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const format = z.enum(outputFormats);
const test = z.looseObject({
  score: maybe(number),
  max_score: maybe(number),
  status: maybe(z.enum(["passed", "failed"])),
  name: maybe(text),
  name_format: maybe(format),
  number: maybe(text),
  output: maybe(text),
  output_format: maybe(format),
  tags: maybe(z.array(text)),
  visibility: maybe(visibility),
  extra_data: maybe(z.record(z.string(), z.unknown())),
});
const results = z.looseObject({
  score: maybe(number),
  execution_time: maybe(number),
  output: maybe(text),
  output_format: maybe(format),
  test_output_format: maybe(format),
  test_name_format: maybe(format),
  visibility: maybe(visibility),
  stdout_visibility: maybe(visibility),
  extra_data: maybe(z.record(z.string(), z.unknown())),
  tests: maybe(z.array(test)),
  leaderboard: maybe(
    z.array(
      z.looseObject({
        name: text,
        value: maybe(z.union([z.number(), z.string()])),
        order: maybe(z.enum(["asc", "desc"])),
      }),
    ),
  ),
});
type Results = z.infer<typeof results>;
type Test = z.infer<typeof test>;

/**
 * @param points hundredths that the assignment gives for its tests, where grader.yaml says so.
 * @throws BadResults with a sentence for staff
 */
export function readResults(source: string, points: number | null): ReadResults {
  const read = results.safeParse(parse(source));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new BadResults(`results.json: ${issue!.path.join(".") || "the whole"}: ${issue!.message}`);
  }
  const { data } = read;
  const given = (data.tests ?? []).slice(0, TESTS_LIMIT);
  const tests = given.map((one, at) => testReport(one, at, data));
  if (data.score === null && given.every(({ score }) => score === null))
    throw new BadResults("results.json: neither “score” nor any test’s “score” is there");
  const sum = tests.reduce((total, { score }) => total + score, 0);
  const max = points ?? tests.reduce((total, one) => total + one.max, 0);
  const flags: Words[] = [];
  if ((data.tests ?? []).length > TESTS_LIMIT) flags.push(tooManyTests(data.tests!.length));
  const wanted = data.score === null ? sum : hundredths(data.score);
  const score = within(wanted, max, flags);
  return {
    tests,
    score,
    max,
    leaderboard: (data.leaderboard ?? [])
      .slice(0, 50)
      .map(({ name, value, order }) => ({ name: cut(name), value, order: order ?? "desc", test: null })),
    whole: {
      output: data.output === null ? null : cut(data.output),
      outputFormat: data.output_format ?? "simple_format",
      stdoutVisibility: data.stdout_visibility,
      visibility: data.visibility ?? "visible",
      given: data.score === null ? null : score,
      executionTime: data.execution_time,
    },
    flags,
  };
}

/** JSON alone; what stands around it is named, since a print into results.json is the usual mistake. */
function parse(source: string): unknown {
  const text = source.replace(/^\uFEFF/, "");
  if (text.trim() === "") throw new BadResults("results.json is empty");
  try {
    return JSON.parse(text);
  } catch (error) {
    const line = offendingLine(text, (error as Error).message);
    const shown = (text.split("\n")[line - 1] ?? "").trim().slice(0, 200);
    const why = notJson.test(shown) ? "NaN and Infinity are not JSON" : "only JSON may stand in the file";
    throw new BadResults(`results.json, line ${line}: ${why}: ${shown}`);
  }
}

const notJson = /(^|[^"\w])-?(NaN|Infinity)\b/;

/** From 1. JSON.parse tells a position for some mistakes only. */
function offendingLine(text: string, message: string): number {
  const position = /position (\d+)/.exec(message);
  const before = (at: number) => text.slice(0, at).split("\n").length;
  if (position) return before(Number(position[1]));
  const start = text.search(/\S/);
  if (text[start] !== "{") return before(start);
  const odd = text.split("\n").findIndex((line) => notJson.test(line));
  if (odd >= 0) return odd + 1;
  // Node quotes some text around the mistake.
  const around = /"(?:\.\.\.)?([\s\S]{4,}?)(?:\.\.\.)?" is not valid JSON/.exec(message)?.[1];
  const found = around === undefined ? -1 : text.indexOf(around);
  return found < 0 ? before(text.length) : before(found + around!.length / 2);
}

function testReport(one: Test, at: number, whole: Results): TestReport {
  const max = hundredths(one.max_score ?? 0);
  const score = hundredths(one.score ?? 0);
  const name = cut(one.name ?? `Test ${at + 1}`);
  const output = one.output === null ? null : cut(one.output);
  const isInformation = one.score === null && one.max_score === null && one.status === null;
  return {
    name: `${at + 1} ${name}`,
    title: both(name),
    number: one.number ?? String(at + 1),
    verdict: isInformation ? "passed" : verdictOf(one, score, max),
    score,
    max,
    visibility: one.visibility ?? whole.visibility ?? "visible",
    tags: (one.tags ?? []).slice(0, 50).map(cut),
    message: output === null || output === "" ? null : both(output),
    traceback: null,
    stdout: "",
    wallMs: 0,
    cpuMs: null,
    peakBytes: null,
    artifacts: [],
    extra: {
      output_format: one.output_format ?? whole.test_output_format ?? whole.output_format ?? "simple_format",
      name_format: one.name_format ?? whole.test_name_format ?? "text",
      ...(isInformation ? { information: true } : {}),
      ...(one.extra_data ? { staff: { extra_data: one.extra_data } } : {}),
    },
  };
}

/** A status that is said wins; else passed where the score is the maximum. */
function verdictOf({ status }: Test, score: number, max: number): Verdict {
  if (status) return status;
  if (score >= max) return "passed";
  return score > 0 ? "partial" : "failed";
}

const both = (words: string): Words => ({ en: words, zh: words });

/** @throws BadResults where it is finite and yet no number of points: a column of the database could not hold it. */
function hundredths(points: number): number {
  if (Math.abs(points) > POINTS_LIMIT && Number.isFinite(points))
    throw new BadResults(`results.json: ${points} is no number of points`);
  return Number.isFinite(points) ? Math.round(points * 100) : 0;
}
const cut = (text: string) => (text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text);

/** A score outside of what can be meant is held to it, and a person is told. */
function within(score: number, max: number, flags: Words[]): number {
  const most = Math.round(max * EXTRA_CREDIT_FACTOR);
  if (score < 0) {
    flags.push(heldTo(score, 0));
    return 0;
  }
  if (max > 0 && score > most) {
    flags.push(heldTo(score, max));
    return max;
  }
  return score;
}

const shown = (points: number) => String(points / 100);
const heldTo = (score: number, to: number): Words => ({
  en: `The autograder gave ${shown(score)} points; ${shown(to)} count. Look at its results.json.`,
  zh: `自动评分程序给出 ${shown(score)} 分，按 ${shown(to)} 分计。请检查其 results.json。`,
});
const tooManyTests = (count: number): Words => ({
  en: `The autograder reported ${count} tests; the first ${TESTS_LIMIT} are shown.`,
  zh: `自动评分程序报告了 ${count} 项测试，仅显示前 ${TESTS_LIMIT} 项。`,
});
