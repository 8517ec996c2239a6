// Everything that a student can see of a grading while nothing is open, and what in it should not be there.
import type { Report, TestReport } from "../../src/judge/report.ts";
import { type Grading, type StudentReport, studentView } from "../../src/submissions/visibility.ts";
import type { Graded } from "./bench.ts";

const NOTHING_OPEN = { lastDueDatePassed: false, ownDueDatePassed: false, published: false };
/** Planted in the suite: no student may see these, and no student's process may ever read them. */
const SUITE_CANARY = /CANARY-(?:tests|reference|data)-\w+/g;
/** Planted in the inputs of hidden tests, which the student's process does see. */
const INPUT_CANARY = /CANARY-\w+-\w+/g;

export type View = (grading: Grading) => StudentReport;
export const realView: View = (grading) => studentView(grading, NOTHING_OPEN, "none");
/** For `--without student-view`: all that there is. */
export const openView: View = (grading) =>
  ({ ...studentView(grading, NOTHING_OPEN, "none"), tests: grading.results }) as StudentReport;

/** What a page shows: after each test as it ends, and at the end. */
export function shownOf({ report, told }: Graded, view: View): StudentReport[] {
  const declared = report.tests.map(({ name, max, visibility }) => ({ name, max, visibility }));
  const meanwhile = told.map((_, ended) => ({
    declared,
    results: told.slice(0, ended + 1),
    finished: false,
    leaderboard: [],
    circumstances: null,
  }));
  const { tests: results, leaderboard, circumstances } = report;
  return [...meanwhile, { declared, results, finished: true, leaderboard, circumstances }].map(view);
}

/** What is seen that should not be, one line each. */
export function leaksIn(graded: Graded, shown: StudentReport[]): string[] {
  const { circumstances, ...rest } = graded.report;
  const anywhere = JSON.stringify([rest, graded.told]).match(SUITE_CANARY) ?? [];
  const text = JSON.stringify(shown);
  const inView = text.match(INPUT_CANARY) ?? [];
  const key = text.includes(circumstances.seed) ? ["the run's key"] : [];
  return [...new Set([...anywhere, ...inView, ...key])];
}

/** Equal for equal views; the time and memory of visible tests are the machine's, not the inputs'. */
export function fingerprint(shown: StudentReport[]): string {
  const measured = ["wallMs", "cpuMs", "peakBytes"];
  const distinct = new Set(shown.map((one) => JSON.stringify(one, (k, v) => (measured.includes(k) ? 0 : v))));
  return [...distinct].join("\n");
}

/** Characters that a terminal or a page would obey, in any text of the report. */
export function activeText(report: Report): string[] {
  return report.tests.flatMap((test) => textsOf(test).flatMap((text) => text.match(ACTIVE) ?? []));
}

const ACTIVE = /(?![\n\t])[\p{Cc}\p{Cs}]|[\u202a-\u202e\u2066-\u2069]/gu;

function textsOf({ message, traceback, stdout, artifacts }: TestReport): string[] {
  const words = [message, ...artifacts.map(({ caption }) => caption)];
  return [
    ...words.flatMap((one) => (one ? [one.en, one.zh] : [])),
    ...artifacts.map(({ name }) => name),
    traceback ?? "",
    stdout,
  ];
}
