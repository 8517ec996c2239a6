// Tests that do not run with every submission: once after a student's own deadline on the attempt that counts, or when
// staff ask. Each is a run of its own, whose results are merged into the report that the submission has.
import { and, eq, inArray, ne, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { staffDeviceTerms } from "../assignments/device-terms.ts";
import { gradingParameters } from "../assignments/grading-task.ts";
import { acceptanceEnds } from "../assignments/stages.ts";
import type { Assignment } from "../assignments/tables.ts";
import { assignments } from "../assignments/tables.ts";
import { permitSight } from "../courses/access.ts";
import { enqueueAttempt } from "../grading/attempts.ts";
import { type Attempt, artifacts, attempts, testResults } from "../grading/tables.ts";
import { type Db, type Executor, idList, type Tx, transaction } from "../platform/database.ts";
import { notify } from "../platform/events.ts";
import type { Queue } from "../platform/queue.ts";
import { databaseNow } from "../platform/time.ts";
import { suiteVersions } from "../suites/tables.ts";
import { ofCountingRun } from "./counting-run.ts";
import { rerunCandidates } from "./rerun-rows.ts";
import { inScope } from "./rerun-rules.ts";
import type { SubmissionAccess } from "./submissions.ts";
import { type Submission, submissions } from "./tables.ts";
import { timingsFor } from "./timing.ts";

/** Names of runs that only add to another's report. */
export const stageRuns = ["after_due", "staff"] as const;
export type StageRun = (typeof stageRuns)[number];

/** Opens what is due now; called again and again by every server. @returns how many were opened. */
export async function openAfterDue(db: Db, queue: Queue): Promise<number> {
  const waiting = await db
    .select({ assignment: assignments })
    .from(assignments)
    .innerJoin(suiteVersions, eq(suiteVersions.id, assignments.suiteVersionId))
    .where(
      and(
        ne(assignments.state, "draft"),
        sql`${assignments.dueAt} < now()`,
        sql`${suiteVersions.tests} @> '[{"stage": "after_due"}]'::jsonb`,
      ),
    )
    .limit(200);
  let opened = 0;
  for (const { assignment } of waiting) opened += await openOf(db, queue, assignment);
  return opened;
}

async function openOf(db: Db, queue: Queue, assignment: Assignment): Promise<number> {
  const now = await databaseNow(db);
  let opened = 0;
  for (const submission of await countingAfterDue(db, assignment, now)) {
    if (await openStage(db, queue, assignment, submission, "after_due")) opened++;
  }
  return opened;
}

/** What counts of each person who can hand in no more, and has not been through the stage; once it is graded. */
async function countingAfterDue(db: Db, assignment: Assignment, now: Date): Promise<Submission[]> {
  const timings = await timingsFor(db, assignment, null);
  const isOver = (personId: string) => {
    const ends = acceptanceEnds(assignment, timings.of(personId).due);
    return ends !== null && now >= ends;
  };
  const all = await rerunCandidates(db, assignment);
  const over = all.map((one) => ({ ...one, of: one.of.filter(({ personId }) => isOver(personId)) }));
  const done = await stageSubjects(db, assignment, "after_due");
  const ids = inScope(assignment.counting, { scope: "counted", versionId: null }, over)
    .filter(({ id, of }) => !done.has(id) && of.some(({ score }) => score !== null))
    .map(({ id }) => id);
  if (ids.length === 0) return [];
  return db
    .select()
    .from(submissions)
    .where(sql`${submissions.id} = any(${idList(ids)})`);
}

/** The submissions of an assignment that went through a later stage, or are in it. */
export async function stageSubjects(
  db: Executor,
  assignment: Pick<Assignment, "id">,
  run: StageRun,
): Promise<Set<string>> {
  const rows = await db
    .select({ subject: attempts.subject })
    .from(attempts)
    .innerJoin(submissions, sql`${attempts.subject} = ${submissions.id}::text`)
    .where(and(eq(submissions.assignmentId, assignment.id), eq(attempts.run, run)));
  return new Set(rows.map(({ subject }) => subject));
}

/** Once for a submission, however many servers look at once, and below everything that a student waits for. */
export function openStage(
  db: Db,
  queue: Queue,
  assignment: Assignment,
  submission: Submission,
  stage: StageRun,
): Promise<Attempt | null> {
  return transaction(db, async (tx) => {
    const subject = submission.id;
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`stage:${stage}:${subject}`}, 0))`);
    const before = and(eq(attempts.subject, subject), eq(attempts.run, stage));
    const open =
      stage === "after_due" ? before : and(before, inArray(attempts.state, ["waiting", "running"]));
    if ((await tx.$count(attempts, open)) > 0) return null;
    const hash = submission.archiveBlob;
    const grading = await gradingParameters(tx, submission.suiteVersionId, hash);
    return enqueueAttempt(tx, queue, {
      subject,
      run: stage,
      archive: { blob: hash, hash, bytes: submission.archiveBytes },
      suite: { blob: grading.suiteBlob, hash: grading.suiteHash, config: grading.suiteConfig },
      key: grading.key,
      lane: grading.lane,
      device: staffDeviceTerms(assignment),
      team: `${assignment.courseId}:${submission.personId}`,
      crowd: assignment.courseId,
      batch: true,
      options: { stage },
    });
  });
}

/** Runs what only staff run, once more if they ask again. @throws not_found for whoever may not see it */
export async function runStaffTests(
  db: Db,
  queue: Queue,
  viewer: Viewer,
  access: SubmissionAccess,
): Promise<void> {
  permitSight(viewer, access, "review.grade");
  await openStage(db, queue, access.assignment, access.submission, "staff");
  await audit(db, {
    actorId: viewer.id,
    action: "submission.staff_tests",
    courseId: access.course.id,
    subject: { kind: "submission", id: access.submission.id },
  });
}

/** Whether a submission's suite has tests that only staff run. */
export async function hasStaffTests(db: Executor, { suiteVersionId }: Submission): Promise<boolean> {
  const some = sql`${suiteVersions.tests} @> '[{"stage": "staff"}]'::jsonb`;
  return (await db.$count(suiteVersions, and(eq(suiteVersions.id, suiteVersionId), some))) > 0;
}

/**
 * Puts a later stage's results into the report that its submission has: every page, answer and sum reads them there.
 * What only staff run counts no points. Bound in cli/worker.ts, runs in the engine's transaction.
 */
export async function mergeStage(tx: Tx, ended: Attempt): Promise<void> {
  if (ended.state !== "finished" || !(stageRuns as readonly string[]).includes(ended.run)) return;
  const [found] = await tx
    .select({ target: attempts })
    .from(submissions)
    .innerJoin(attempts, and(ofCountingRun(), eq(attempts.isFinal, true)))
    .where(sql`${submissions.id}::text = ${ended.subject}`)
    .for("update", { of: attempts });
  if (!found) return;
  const { target } = found;
  const counts = ended.run === "staff" ? sql`0` : sql`score`;
  const most = ended.run === "staff" ? sql`0` : sql`max`;
  await tx.execute(sql`insert into ${testResults} (attempt_id, position, name, result, score, max, visibility, diagnosis)
    select ${target.id}::uuid, position, name, result, ${counts}, ${most}, visibility, diagnosis from ${testResults}
    where attempt_id = ${ended.id}
    on conflict (attempt_id, position) do update set result = excluded.result, score = excluded.score,
      max = excluded.max, diagnosis = excluded.diagnosis`);
  await tx.execute(sql`insert into ${artifacts} (attempt_id, position, number, blob, name, media_type, bytes)
    select ${target.id}::uuid, position, number, blob, name, media_type, bytes from ${artifacts}
    where attempt_id = ${ended.id} on conflict do nothing`);
  await addUp(tx, target, ended);
  await notify(tx, "attempt_changed", target.id);
}

async function addUp(tx: Tx, target: Attempt, ended: Attempt): Promise<void> {
  const [sum] = await tx
    .select({
      score: sql<number>`coalesce(sum(${testResults.score}), 0)::int`,
      max: sql<number>`coalesce(sum(${testResults.max}), 0)::int`,
    })
    .from(testResults)
    .where(eq(testResults.attemptId, target.id));
  const counted = ended.run === "staff" ? { score: 0, max: 0 } : ended.report;
  const report = target.report && {
    ...target.report,
    score: target.report.score + (counted?.score ?? 0),
    max: target.report.max + (counted?.max ?? 0),
    leaderboard: [...target.report.leaderboard, ...(ended.report?.leaderboard ?? [])],
    flags: [...target.report.flags, ...(ended.report?.flags ?? [])],
  };
  await tx
    .update(attempts)
    .set({ score: sum!.score, max: sum!.max, report })
    .where(eq(attempts.id, target.id));
}
