// Results of an assignment as they are stored, read and written many at once: a class of a thousand in a few statements.
import { and, asc, eq, notInArray, sql } from "drizzle-orm";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { attempts, testResults } from "../grading/tables.ts";
import type { Report } from "../judge/report.ts";
import type { Executor, Tx } from "../platform/database.ts";
import { stageRuns } from "./stage-runs.ts";
import { submissions } from "./tables.ts";

export interface StoredTest {
  position: number;
  name: string;
  /** As measured. */
  score: number;
  max: number;
}

export interface StoredAttempt {
  id: string;
  personId: string;
  submissionId: string;
  number: number;
  receivedAt: Date;
  score: number;
  max: number;
  /** As its suite summed it: an autograder may give a score of its own. */
  measured: { score: number; max: number };
  leaderboard: Report["leaderboard"];
  tests: StoredTest[];
}

/** Every result that counts or may come to count: each submission's, of every run. */
export async function storedAttempts(
  db: Executor,
  { assignment }: AssignmentAccess,
  personId: string | null,
): Promise<StoredAttempt[]> {
  const rows = await db
    .select({
      id: attempts.id,
      personId: submissions.personId,
      submissionId: submissions.id,
      number: submissions.number,
      receivedAt: submissions.receivedAt,
      score: sql<number>`coalesce(${attempts.score}, 0)`,
      max: sql<number>`coalesce(${attempts.max}, 0)`,
      measured: sql<{ score: number; max: number }>`jsonb_build_object('score', ${attempts.report}->'score',
        'max', ${attempts.report}->'max')`,
      leaderboard: sql<Report["leaderboard"]>`coalesce(${attempts.report}->'leaderboard', '[]'::jsonb)`,
    })
    .from(submissions)
    .innerJoin(attempts, sql`${attempts.subject} = ${submissions.id}::text`)
    .where(
      and(
        eq(submissions.assignmentId, assignment.id),
        eq(attempts.state, "finished"),
        // A later stage's results stand with the attempt that they were merged into.
        notInArray(attempts.run, [...stageRuns]),
        personId === null ? undefined : eq(submissions.personId, personId),
      ),
    )
    .orderBy(asc(attempts.id));
  const results = await measuredTests(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, tests: results.get(row.id) ?? [] }));
}

async function measuredTests(db: Executor, ids: string[]): Promise<Map<string, StoredTest[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      attemptId: testResults.attemptId,
      position: testResults.position,
      name: testResults.name,
      score: sql<number>`(${testResults.result}->>'score')::int`,
      max: sql<number>`(${testResults.result}->>'max')::int`,
    })
    .from(testResults)
    .where(sql`${testResults.attemptId} in (select unnest(${asArray(ids)}::uuid[]))`)
    .orderBy(asc(testResults.attemptId), asc(testResults.position));
  return Map.groupBy(rows, ({ attemptId }) => attemptId);
}

/** One parameter however many there are: a statement takes 65,535. */
export const asArray = (values: (string | number)[]) => `{${values.join(",")}}`;

export async function writeTests(
  tx: Tx,
  rows: { id: string; position: number; score: number; max: number }[],
): Promise<void> {
  if (rows.length === 0) return;
  const column = (pick: (row: (typeof rows)[number]) => string | number) => asArray(rows.map(pick));
  await tx.execute(sql`update test_results t set score = v.score, max = v.max
    from unnest(${column(({ id }) => id)}::uuid[], ${column(({ position }) => position)}::int[],
      ${column(({ score }) => score)}::int[], ${column(({ max }) => max)}::int[]) as v (id, position, score, max)
    where t.attempt_id = v.id and t.position = v.position and (t.score <> v.score or t.max <> v.max)`);
}

export async function writeSums(tx: Tx, rows: { id: string; score: number; max: number }[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(sql`update attempts a set score = v.score, max = v.max
    from unnest(${asArray(rows.map(({ id }) => id))}::uuid[], ${asArray(rows.map(({ score }) => score))}::int[],
      ${asArray(rows.map(({ max }) => max))}::int[]) as v (id, score, max) where a.id = v.id`);
}
