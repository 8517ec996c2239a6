// A waiting attempt taken back by whoever sent it, at no cost; staff may do it for anybody.
import { audit } from "../accounts/audit.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { permit } from "../courses/access.ts";
import { isUuid } from "../courses/courses.ts";
import { cancelWaiting, findAttempt } from "../grading/attempts.ts";
import type { Attempt } from "../grading/tables.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import type { Queue } from "../platform/queue.ts";
import { fail } from "./errors.ts";
import { settleSubmission } from "./late-days.ts";
import { findSubmission, isOwn, type SubmissionAccess } from "./submissions.ts";
import { wordOf } from "./view-report.ts";

export interface SubmissionAttempt extends SubmissionAccess {
  attempt: Attempt;
}

/** An attempt through its submission. @throws not_found */
export async function findSubmissionAttempt(
  db: Executor,
  viewer: Viewer,
  id: string,
): Promise<SubmissionAttempt> {
  const attempt = isUuid(id) ? await findAttempt(db, id) : undefined;
  if (!attempt) throw fail("not_found");
  const access = await findSubmission(db, viewer, attempt.subject);
  // A re-run is its staff's affair until it is accepted.
  if (!access.staff && attempt.run !== access.submission.run) throw fail("not_found");
  return { ...access, attempt };
}

/** @throws already_started when a worker has it, or it has ended */
export async function cancelAttempt(
  db: Db,
  queue: Queue,
  viewer: Viewer,
  found: SubmissionAttempt,
): Promise<void> {
  const own = isOwn(viewer, found);
  // A later stage is the course's to run; nobody takes their own out of it.
  if (found.attempt.run !== found.submission.run && !found.staff) throw fail("not_found");
  permit(viewer, found, own ? "attempt.cancel_own" : "attempt.cancel_any");
  await transaction(db, async (tx) => {
    const cancelled = await cancelWaiting(tx, queue, found.attempt.id);
    if (!cancelled) {
      const now = await findAttempt(tx, found.attempt.id);
      throw fail("already_started", { state: wordOf(now?.state ?? "finished") });
    }
    await settleSubmission(tx, found, found.submission.id, "taken back", viewer.id);
    await audit(tx, {
      actorId: viewer.id,
      action: "attempt.cancelled",
      courseId: found.course.id,
      subject: { kind: "attempt", id: found.attempt.id },
      detail: { submission: found.submission.id },
    });
  });
}
