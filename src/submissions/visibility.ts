// The student view: the one function between a report and everything that a student can see of it. Every page,
// API answer, event, e-mail, export and LMS score goes through here (docs/security.md). Pure.
import type { Report, Stage, TestReport, Visibility, WholeOutput } from "../judge/report.ts";
import type { Feedback } from "./tables.ts";

/** What decides whether a test has opened: moments of the assignment, by the database's clock. */
export interface Openness {
  /** The last extension of the course for this assignment has ended. */
  lastDueDatePassed: boolean;
  /** This student's own has ended: an extension of theirs counts, another's does not. */
  ownDueDatePassed: boolean;
  /** Staff have published the results of this assignment, and do not hold this student's back. */
  published: boolean;
  /** What came beyond a quota says less until nobody can hand in any more; absent: all (quota.ts). */
  feedback?: Feedback;
}

/** How much a submission's report says now: all of it once nobody can hand in any more. */
export function withFeedback(when: Openness, feedback: Feedback): Openness {
  return when.lastDueDatePassed || when.published ? when : { ...when, feedback };
}

/** Whether a test of this visibility may be seen by a student now. */
export function isOpen(visibility: Visibility, when: Openness): boolean {
  if (when.feedback === "received") return false;
  switch (visibility) {
    case "visible":
      return true;
    case "hidden":
      return false;
    case "after_due_date":
      return when.lastDueDatePassed;
    case "until_due_date":
      // Their own: somebody else's extension keeps nothing open, and an own one closes nothing early.
      return !when.ownDueDatePassed;
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
  /** `verdicts`: a word for each test, and only points that the words tell: a partly right test counts none yet. */
  feedback: Feedback;
  tests: StudentTest[];
  hidden: HiddenTests | null;
  /** Hundredths over the tests in `tests`; the whole score once nothing is hidden. */
  score: number;
  max: number;
  leaderboard: Omit<Report["leaderboard"][number], "test">[];
  /** Only of a Gradescope autograder, which runs in one container with the submission. */
  whole: Pick<WholeOutput, "output" | "outputFormat" | "stdout"> | null;
  /** The device by name and id alone: its peak memory is over all tests, hidden ones too. */
  circumstances:
    | (Pick<Report["circumstances"], "suite" | "suiteHash" | "cpu" | "libraries" | "reduced"> & {
        gpu: { name: string; id?: string } | null;
      })
    | null;
}

/** A test as the suite declares it, known before anything has run. */
export interface DeclaredTest {
  name: string;
  /** Hundredths. */
  max: number;
  visibility: Visibility;
  /** Absent: it runs with every submission. */
  stage?: Stage | undefined;
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
  /** Names of the tests whose recognised mistake may be told to the student; absent: none. */
  diagnosed?: ReadonlySet<string>;
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
  const ran = new Set(grading.results.map((t) => t.name));
  // What only staff run is theirs alone; what runs after the deadline is not there before.
  const declared = grading.declared.filter((t) => t.stage !== "staff");
  const opened = (t: DeclaredTest) => isOpen(t.visibility, when) && !isAwaited(t, ran);
  const open = new Set(declared.filter(opened).map((t) => t.name));
  const closed = declared.filter((t) => !open.has(t.name));
  const words = when.feedback === "verdicts";
  const whole = words || when.feedback === "received" ? null : (grading.whole ?? null);
  const tests = grading.results.filter((t) => open.has(t.name)).map((t) => (words ? wordOf(t) : t));
  return {
    feedback: when.feedback ?? "full",
    tests: tests.map((test) => studentTest(test, !words && (grading.diagnosed?.has(test.name) ?? false))),
    hidden: closed.length === 0 ? null : hiddenTests(closed, grading, ran, when, hiddenFeedback),
    score: (whole && closed.length === 0 ? whole.given : null) ?? tests.reduce((sum, t) => sum + t.score, 0),
    max: declared.filter((t) => open.has(t.name)).reduce((sum, t) => sum + t.max, 0),
    leaderboard: (words ? [] : grading.leaderboard)
      .filter(({ test }) => (test === null ? closed.length === 0 : open.has(test)))
      .map(({ name, value, order }) => ({ name, value, order })),
    whole: whole ? studentWhole(whole, when) : null,
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

function studentTest({ visibility: _, extra, diagnosis, ...test }: TestReport, named: boolean): StudentTest {
  const shown = Object.entries(extra).filter(([key]) => !staffExtras.includes(key));
  // Where several mistakes answer alike, a person looks first: a hint to the wrong one costs an evening.
  const sure = named && diagnosis?.others.length === 0 ? { diagnosis } : {};
  return { ...test, extra: Object.fromEntries(shown), ...sure };
}

/** A test of which only the word is said. What it was partly right by would tell as much as a message. */
function wordOf(test: TestReport): TestReport {
  const said = { message: null, traceback: null, stdout: "", artifacts: [], extra: {} };
  const spent = { wallMs: 0, cpuMs: null, peakBytes: null };
  return { ...test, ...said, ...spent, score: test.verdict === "passed" ? test.score : 0 };
}

/** Runs after the deadline and has not: the same for every submission that was not chosen for it. */
function isAwaited({ stage, name }: DeclaredTest, ran: Set<string>): boolean {
  return stage === "after_due" && !ran.has(name);
}

function hiddenTests(
  closed: DeclaredTest[],
  grading: Grading,
  ran: Set<string>,
  when: Openness,
  feedback: "none" | "count",
): HiddenTests {
  const names = new Set(closed.map((t) => t.name));
  const passed = grading.results.filter((t) => names.has(t.name) && t.verdict === "passed").length;
  const opens = new Set(closed.map((t) => t.visibility));
  // What a quota closes opens when nobody can hand in any more.
  if (when.feedback === "received" || closed.some((t) => isAwaited(t, ran))) opens.add("after_due_date");
  return {
    count: closed.length,
    points: closed.reduce((sum, t) => sum + t.max, 0),
    passed: feedback === "count" && grading.finished && (when.feedback ?? "full") === "full" ? passed : null,
    opens: (["after_due_date", "after_published"] as const).filter((word) => opens.has(word)),
  };
}

function studentCircumstances({ suite, suiteHash, cpu, libraries, gpu, reduced }: Report["circumstances"]) {
  const device = gpu && { name: gpu.name, ...(gpu.id === undefined ? {} : { id: gpu.id }) };
  return { suite, suiteHash, cpu, libraries, gpu: device, ...(reduced ? { reduced } : {}) };
}
