// The record of a published grade: what was handed in, what was run, by which rules it counts, who gave what and when.
// It says to each reader what their report says, and nothing more.
import { createHash } from "node:crypto";
import type { Viewer } from "../accounts/viewer.ts";
import type { Attempt } from "../grading/tables.ts";
import type { Executor } from "../platform/database.ts";
import { databaseNow } from "../platform/time.ts";
import { listFiles } from "../submissions/files.ts";
import { receiptOf } from "../submissions/receipt.ts";
import { worthsOf } from "../submissions/rubric-worth.ts";
import { ruleSetInForce } from "../submissions/rules-in-force.ts";
import { currentAttempts, type SubmissionAccess } from "../submissions/submissions.ts";
import { viewReport } from "../submissions/view-report.ts";
import { fail } from "./errors.ts";
import { listRegrades } from "./regrades.ts";
import { viewReview } from "./review.ts";

export type GradeRecord = Awaited<ReturnType<typeof gradeRecord>>;

/** @throws record_not_yet while the results are not out for whoever it is of. */
export async function gradeRecord(db: Executor, viewer: Viewer, access: SubmissionAccess) {
  const review = await viewReview(db, access);
  const attempt = (await currentAttempts(db, [access.submission.id])).get(access.submission.id);
  const report = await viewReport(db, viewer, access);
  if (!review || !report || attempt?.state !== "finished") throw fail("record_not_yet");
  const { points, late, student, staff } = report;
  // To its student the staff are the course, not persons to argue with (components/points.tsx).
  const by = (name: string) => (access.staff ? name : null);
  return {
    made: (await databaseNow(db)).toISOString(),
    submission: receiptOf(access, attempt),
    members: access.members.map(({ name, email }) => ({ name, email })),
    files: (await listFiles(db, access)).map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    run: runOf(attempt, access.staff),
    tests: (staff ?? student).tests.map(({ name, title, verdict, score, max }) => {
      return { name, title, verdict, score, max };
    }),
    hidden: staff ? null : student.hidden,
    rubric: report.rubric.map(({ id, title, points: worth }) => ({
      id,
      title,
      max: Math.round(worth * 100),
    })),
    grades: review.grades.map(({ item, points: given, comment, gradedAt }) => {
      return { item, points: given, comment, at: gradedAt.toISOString() };
    }),
    adjustments: review.adjustments.map(({ points: given, reason, madeAt, by: who }) => {
      return { points: given, reason, at: madeAt.toISOString(), by: by(who) };
    }),
    comments: review.comments.map(({ path, line, text, writtenAt, by: who }) => {
      return { path, line, text, at: writtenAt.toISOString(), by: by(who) };
    }),
    regrades: (await listRegrades(db, access)).map(({ kind, target, state, answer, points: given }) => {
      return { kind, target, state, answer, points: given };
    }),
    late,
    sum: points,
    changes: await changesOf(db, access),
  };
}

function runOf(attempt: Attempt, staff: boolean) {
  const { suite, suiteHash, imageDigests, cpu, libraries, gpu, limits } = attempt.report!.circumstances;
  const seed = attempt.key.toString("hex");
  return {
    attempt: attempt.id,
    number: attempt.number,
    run: attempt.run,
    archive: { sha256: attempt.archiveHash, bytes: attempt.archiveBytes },
    startedAt: attempt.startedAt?.toISOString() ?? null,
    finishedAt: attempt.finishedAt?.toISOString() ?? null,
    ...{ suite, suiteHash, imageDigests, cpu, libraries, limits, gpu: gpu && { name: gpu.name } },
    // With the seed a student would meet hidden inputs; its hash still proves which one it was.
    seed: staff ? seed : null,
    seedSha256: createHash("sha256").update(attempt.key).digest("hex"),
  };
}

/** What was laid over the suite's own points: rules for tests and worths of rubric items in force. */
async function changesOf(db: Executor, { assignment }: SubmissionAccess) {
  const set = await ruleSetInForce(db, assignment.id);
  const worths = (await worthsOf(db, [assignment.id])).get(assignment.id) ?? new Map<string, number>();
  return {
    tests: set && { number: set.number, reason: set.reason, at: set.madeAt.toISOString() },
    rubric: [...worths].map(([item, points]) => ({ item, points })),
  };
}
