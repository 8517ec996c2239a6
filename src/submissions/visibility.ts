// The student view: the one function between a report and everything that a student can see of it. Every page,
// API answer, event, e-mail, export and LMS score goes through here (docs/security.md). Pure.
import type { Report, TestReport, Visibility, WholeOutput } from "../judge/report.ts";

/** What decides whether a test has opened: moments of the assignment, by the database's clock. */
export interface Openness {
  /** The last extension of the course for this assignment has ended. */
  lastDueDatePassed: boolean;
  /** Staff have published the results of this assignment, and do not hold this student's back. */
  published: boolean;
}

/** Whether a test of this visibility may be seen by a student now. */
export function isOpen(visibility: Visibility, when: Openness): boolean {
  switch (visibility) {
    case "visible":
      return true;
    case "hidden":
      return false;
    case "after_due_date":
      return when.lastDueDatePassed;
    case "after_published":
      return when.published;
  }
}

export type StudentTest = Omit<TestReport, "visibility">;

export interface HiddenTests {
  /** From the suite, not from the run: the same for every submission. */
  count: number;
  /** Hundredths. */
  points: number;
  /** How many passed, where the suite gives `hidden_feedback: count`; null while they run or where it does not. */
  passed: number | null;
  /** Whether any opens by itself one day, and when. */
  opens: ("after_due_date" | "after_published")[];
}

export interface StudentReport {
  tests: StudentTest[];
  hidden: HiddenTests | null;
  /** Hundredths over the tests in `tests`; the whole score once nothing is hidden. */
  score: number;
  max: number;
  leaderboard: Omit<Report["leaderboard"][number], "test">[];
  /** Only of a Gradescope autograder, which runs in one container with the submission. */
  whole: Pick<WholeOutput, "output" | "outputFormat" | "stdout"> | null;
  /** The device by name alone: its peak memory is over all tests, hidden ones too. */
  circumstances:
    | (Pick<Report["circumstances"], "suite" | "suiteHash" | "cpu" | "libraries"> & {
        gpu: { name: string } | null;
      })
    | null;
}

/** A test as the suite declares it, known before anything has run. */
export interface DeclaredTest {
  name: string;
  /** Hundredths. */
  max: number;
  visibility: Visibility;
}

export interface Grading {
  /** All that the suite declares: what is hidden is counted from here, so that a run cannot move it. */
  declared: DeclaredTest[];
  /** The results that are there: all of them once the attempt has finished, fewer while it runs. */
  results: TestReport[];
  finished: boolean;
  leaderboard: Report["leaderboard"];
  circumstances: Report["circumstances"] | null;
  whole?: WholeOutput | null;
}

/**
 * What a student sees of a grading. Nothing in the answer depends on a test that is not open: neither its
 * result nor its time, nor what it made the submission print. With `count`, the number of hidden tests that
 * passed is the one exception, by the suite's own choice, and only once the attempt has finished.
 */
export function studentView(
  grading: Grading,
  when: Openness,
  hiddenFeedback: "none" | "count",
): StudentReport {
  const open = new Set(grading.declared.filter((t) => isOpen(t.visibility, when)).map((t) => t.name));
  const closed = grading.declared.filter((t) => !open.has(t.name));
  const tests = grading.results.filter((t) => open.has(t.name));
  return {
    tests: tests.map(studentTest),
    hidden: closed.length === 0 ? null : hiddenTests(closed, grading, hiddenFeedback),
    score: (closed.length === 0 ? grading.whole?.given : null) ?? tests.reduce((sum, t) => sum + t.score, 0),
    max: grading.declared.filter((t) => open.has(t.name)).reduce((sum, t) => sum + t.max, 0),
    leaderboard: grading.leaderboard
      .filter((entry) => closed.length === 0 || (entry.test !== null && open.has(entry.test)))
      .map(({ name, value, order }) => ({ name, value, order })),
    whole: grading.whole ? studentWhole(grading.whole, when) : null,
    circumstances: grading.circumstances && studentCircumstances(grading.circumstances),
  };
}

/** By Gradescope's rules: what the autograder printed is hidden unless it says otherwise, the text over all is not. */
function studentWhole(
  { output, outputFormat, stdout, stdoutVisibility, visibility }: WholeOutput,
  when: Openness,
): StudentReport["whole"] {
  return {
    output: isOpen(visibility, when) ? output : null,
    outputFormat,
    stdout: stdoutVisibility !== null && isOpen(stdoutVisibility, when) ? stdout : "",
  };
}

/** What the harness adds for staff alone: where in a hidden source file a test broke. */
const staffExtras = ["staff", "harness_traceback"];

function studentTest({ visibility: _, extra, ...test }: TestReport): StudentTest {
  const shown = Object.entries(extra).filter(([key]) => !staffExtras.includes(key));
  return { ...test, extra: Object.fromEntries(shown) };
}

function hiddenTests(closed: DeclaredTest[], grading: Grading, feedback: "none" | "count"): HiddenTests {
  const names = new Set(closed.map((t) => t.name));
  const passed = grading.results.filter((t) => names.has(t.name) && t.verdict === "passed").length;
  const opens = new Set(closed.map((t) => t.visibility));
  return {
    count: closed.length,
    points: closed.reduce((sum, t) => sum + t.max, 0),
    passed: feedback === "count" && grading.finished ? passed : null,
    opens: (["after_due_date", "after_published"] as const).filter((word) => opens.has(word)),
  };
}

function studentCircumstances({ suite, suiteHash, cpu, libraries, gpu }: Report["circumstances"]) {
  return { suite, suiteHash, cpu, libraries, gpu: gpu && { name: gpu.name } };
}
