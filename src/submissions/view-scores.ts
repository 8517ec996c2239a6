// Points of many submissions at once, as their own student may see them: for histories and courses. In a handful
// of statements however many there are, and through the student view like everything else.
import { asc, inArray, sql } from "drizzle-orm";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { latePolicyOf } from "../assignments/dates.ts";
import { type Attempt, testResults } from "../grading/tables.ts";
import type { TestReport } from "../judge/report.ts";
import type { SuiteConfig } from "../judge/suite.ts";
import type { Executor } from "../platform/database.ts";
import { rubricUnder } from "../scoring/rubric.ts";
import { suiteVersions } from "../suites/tables.ts";
import { pointsByHand } from "./by-hand.ts";
import { declaredUnder } from "./declared-under.ts";
import { opennessFor } from "./openness.ts";
import { type Points, pointsOf } from "./points.ts";
import { worthsOf } from "./rubric-worth.ts";
import type { Submission } from "./tables.ts";
import { timingsFor } from "./timing.ts";
import { type AttemptWord, type LateView, wordOf } from "./view-report.ts";
import { type DeclaredTest, type StudentReport, studentView, withFeedback } from "./visibility.ts";

/** A submission without its tests. */
export interface ScoreView {
  state: AttemptWord | null;
  /** Null until the grading has ended. */
  points: Points | null;
  /** `points.total`: what it is worth, as far as it is shown. */
  net: number | null;
  max: number | null;
  late: LateView;
  hidden: StudentReport["hidden"];
}

interface Entry {
  submission: Submission;
  attempt: Attempt | null;
}

/**
 * The scores of one person's submissions to one assignment, by submission; the caller may see them all.
 * @param full everything, for staff; else what the person themself may see.
 */
export async function viewScores(
  db: Executor,
  { assignment }: AssignmentAccess,
  personId: string,
  entries: Entry[],
  full: boolean,
): Promise<Map<string, ScoreView>> {
  if (entries.length === 0) return new Map();
  const { openness } = await opennessFor(db, assignment, personId);
  const timings = await timingsFor(db, assignment, [personId]);
  const ended = entries.flatMap(({ attempt }) => (attempt?.state === "finished" ? [attempt.id] : []));
  const results = await scoresOf(db, ended);
  const versionIds = [...new Set(entries.map((entry) => entry.submission.suiteVersionId))];
  const versions = await versionsOf(db, versionIds, assignment.id);
  const byHand =
    full || openness.published
      ? await pointsByHand(
          db,
          entries.map(({ submission }) => submission.id),
          personId,
        )
      : null;

  const view = ({ submission, attempt }: Entry): ScoreView => {
    const timing = timings.at(personId, submission.receivedAt);
    const { days } = timing;
    if (attempt?.state !== "finished") {
      const state = attempt && wordOf(attempt.state);
      return { state, points: null, max: null, late: { days, penalty: 0 }, net: null, hidden: null };
    }
    const tests = results.get(attempt.id) ?? [];
    const version = versions.get(submission.suiteVersionId);
    const { score, max, hidden } = studentView(
      {
        declared: declaredUnder(attempt, version?.tests ?? null) ?? tests,
        results: tests,
        finished: true,
        leaderboard: [],
        circumstances: null,
        whole: attempt.report?.whole ?? null,
      },
      withFeedback(openness, submission.feedback),
      attempt.suiteConfig.hidden_feedback,
    );
    const shown = full ? { score: attempt.score ?? score, max: attempt.max ?? max } : { score, max };
    const hand = byHand?.get(submission.id) ?? null;
    const points = pointsOf(shown, hand, version?.rubric ?? [], latePolicyOf(assignment), timing);
    const late = { days, penalty: points.late };
    return { state: "finished", points, net: points.total, max: points.max, late, hidden };
  };
  return new Map(entries.map((entry) => [entry.submission.id, view(entry)]));
}

/** Results without what they say: a report's texts may be megabytes. */
export async function scoresOf(db: Executor, attemptIds: string[]): Promise<Map<string, TestReport[]>> {
  if (attemptIds.length === 0) return new Map();
  const rows = await db
    .select({
      attemptId: testResults.attemptId,
      name: testResults.name,
      score: testResults.score,
      max: testResults.max,
      visibility: testResults.visibility,
      verdict: sql<TestReport["verdict"]>`${testResults.result}->>'verdict'`,
      stage: sql<TestReport["stage"] | null>`${testResults.result}->>'stage'`,
    })
    .from(testResults)
    .where(inArray(testResults.attemptId, attemptIds))
    .orderBy(asc(testResults.position));
  const told = {
    title: { en: "", zh: "" },
    number: "",
    tags: [],
    message: null,
    traceback: null,
    stdout: "",
  };
  const spent = { wallMs: 0, cpuMs: null, peakBytes: null, artifacts: [], extra: {} };
  const tests = new Map<string, TestReport[]>(attemptIds.map((id) => [id, []]));
  for (const { attemptId, stage, ...row } of rows) {
    tests.get(attemptId)!.push({ ...told, ...spent, ...row, ...(stage && { stage }) });
  }
  return tests;
}

export interface VersionFacts {
  tests: DeclaredTest[] | null;
  rubric: SuiteConfig["rubric"];
}

/** @param assignmentId whose changes of the rubric count. */
export async function versionsOf(
  db: Executor,
  ids: string[],
  assignmentId: string,
): Promise<Map<string, VersionFacts>> {
  const worths = (await worthsOf(db, [assignmentId])).get(assignmentId);
  const rows = await db
    .select({ id: suiteVersions.id, tests: suiteVersions.tests, config: suiteVersions.config })
    .from(suiteVersions)
    .where(inArray(suiteVersions.id, ids));
  return new Map(
    rows.map(({ id, tests, config }) => [id, { tests, rubric: rubricUnder(config.rubric, worths) }]),
  );
}
