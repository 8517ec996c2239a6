// Points of many submissions at once, as their own student may see them: for histories and courses. In a handful
// of statements however many there are, and through the student view like everything else.
import { asc, inArray, sql } from "drizzle-orm";
import { type AssignmentAccess, dueDates } from "../assignments/assignments.ts";
import { daysLate, lastDueDatePassed, latePolicyOf, resultsPublished } from "../assignments/dates.ts";
import { type Attempt, testResults } from "../grading/tables.ts";
import type { TestReport } from "../judge/report.ts";
import type { Executor } from "../platform/database.ts";
import { databaseNow } from "../platform/time.ts";
import { latePenalty } from "../scoring/lateness.ts";
import { suiteVersions } from "../suites/tables.ts";
import type { Submission } from "./tables.ts";
import { type AttemptWord, type LateView, wordOf } from "./view-report.ts";
import { type DeclaredTest, type StudentReport, studentView } from "./visibility.ts";

/** A submission without its tests. */
export interface ScoreView {
  state: AttemptWord | null;
  /** Hundredths over the open tests; null until the grading has ended. */
  score: number | null;
  max: number | null;
  late: LateView;
  /** After lateness: what counts so far. */
  net: number | null;
  hidden: StudentReport["hidden"];
}

interface Entry {
  submission: Submission;
  attempt: Attempt | null;
}

/** The scores of one person's submissions to one assignment, by submission; the caller may see them all. */
export async function viewScores(
  db: Executor,
  { assignment }: AssignmentAccess,
  personId: string,
  entries: Entry[],
): Promise<Map<string, ScoreView>> {
  if (entries.length === 0) return new Map();
  const now = await databaseNow(db);
  const due = await dueDates(db, assignment, personId);
  const openness = {
    lastDueDatePassed: lastDueDatePassed(assignment, due.last, now),
    published: resultsPublished(assignment, now),
  };
  const ended = entries.flatMap(({ attempt }) => (attempt?.state === "finished" ? [attempt.id] : []));
  const results = await scoresOf(db, ended);
  const declared = await declaredBy(db, [
    ...new Set(entries.map((entry) => entry.submission.suiteVersionId)),
  ]);

  const view = ({ submission, attempt }: Entry): ScoreView => {
    const days = daysLate(assignment, due.own, submission.receivedAt);
    if (attempt?.state !== "finished") {
      const state = attempt && wordOf(attempt.state);
      return { state, score: null, max: null, late: { days, penalty: 0 }, net: null, hidden: null };
    }
    const tests = results.get(attempt.id) ?? [];
    const { score, max, hidden } = studentView(
      {
        declared: declared.get(submission.suiteVersionId) ?? tests,
        results: tests,
        finished: true,
        leaderboard: [],
        circumstances: null,
      },
      openness,
      attempt.suiteConfig.hidden_feedback,
    );
    const late = { days, penalty: latePenalty(latePolicyOf(assignment), days, 0, score) };
    return { state: "finished", score, max, late, net: score - late.penalty, hidden };
  };
  return new Map(entries.map((entry) => [entry.submission.id, view(entry)]));
}

/** Results without what they say: a report's texts may be megabytes. */
async function scoresOf(db: Executor, attemptIds: string[]): Promise<Map<string, TestReport[]>> {
  if (attemptIds.length === 0) return new Map();
  const rows = await db
    .select({
      attemptId: testResults.attemptId,
      name: testResults.name,
      score: testResults.score,
      max: testResults.max,
      visibility: testResults.visibility,
      verdict: sql<TestReport["verdict"]>`${testResults.result}->>'verdict'`,
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
  for (const { attemptId, ...row } of rows) tests.get(attemptId)!.push({ ...told, ...spent, ...row });
  return tests;
}

async function declaredBy(db: Executor, versionIds: string[]): Promise<Map<string, DeclaredTest[]>> {
  const rows = await db
    .select({ id: suiteVersions.id, tests: suiteVersions.tests })
    .from(suiteVersions)
    .where(inArray(suiteVersions.id, versionIds));
  return new Map(rows.flatMap(({ id, tests }) => (tests ? [[id, tests] as const] : [])));
}
