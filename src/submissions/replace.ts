// A newer submission takes the place of older ones that still wait for a device: they are taken back, for free, and it
// goes in where the first of them stood. Only on somebody's word, since an older one may be the one that is in time.
import { and, asc, eq, lt, ne, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { permit } from "../courses/access.ts";
import { cancelWaiting } from "../grading/attempts.ts";
import { DEVICE_LANE } from "../grading/device-queue.ts";
import { type Attempt, attempts } from "../grading/tables.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import { notify } from "../platform/events.ts";
import type { Queue } from "../platform/queue.ts";
import type { SubmissionAttempt } from "./cancel.ts";
import { fail } from "./errors.ts";
import { settleSubmission } from "./late-days.ts";
import { hasMember } from "./members.ts";
import { isOwn, type SubmissionAccess } from "./submissions.ts";
import { FIRST_RUN, type Submission, submissions } from "./tables.ts";

export interface OlderWaiting {
  submission: Submission;
  attempt: Attempt;
}

/** What the same people handed in before it and what waits for a device as it does, oldest first. */
export async function olderWaiting(
  db: Executor,
  { submission }: SubmissionAccess,
  { id }: Pick<Attempt, "id">,
): Promise<OlderWaiting[]> {
  const [itself] = await db
    .select({ state: attempts.state, lane: attempts.lane, run: attempts.run })
    .from(attempts)
    .where(eq(attempts.id, id));
  if (itself?.state !== "waiting" || itself.lane !== DEVICE_LANE || itself.run !== FIRST_RUN) return [];
  return db
    .select({ submission: submissions, attempt: attempts })
    .from(submissions)
    .innerJoin(attempts, sql`${attempts.subject} = ${submissions.id}::text`)
    .where(
      and(
        eq(submissions.assignmentId, submission.assignmentId),
        hasMember(submission.personId),
        ne(submissions.id, submission.id),
        lt(submissions.number, submission.number),
        eq(attempts.run, FIRST_RUN),
        eq(attempts.state, "waiting"),
        eq(attempts.lane, DEVICE_LANE),
      ),
    )
    .orderBy(asc(attempts.id));
}

/** @returns how many were taken back. @throws nothing_to_replace */
export function replaceWaiting(
  db: Db,
  queue: Queue,
  viewer: Viewer,
  found: SubmissionAttempt,
): Promise<number> {
  permit(viewer, found, isOwn(viewer, found) ? "attempt.cancel_own" : "attempt.cancel_any");
  const { attempt } = found;
  return transaction(db, async (tx) => {
    const older = await olderWaiting(tx, found, attempt);
    const replaced: OlderWaiting[] = [];
    for (const one of older) if (await cancelWaiting(tx, queue, one.attempt.id)) replaced.push(one);
    const [first] = replaced;
    const [moved] = first
      ? await tx
          .update(attempts)
          .set({
            createdAt: first.attempt.createdAt,
            priority: Math.max(attempt.priority, ...replaced.map((one) => one.attempt.priority)),
            ahead: Math.max(attempt.ahead, ...replaced.map((one) => one.attempt.ahead)),
          })
          .where(and(eq(attempts.id, attempt.id), eq(attempts.state, "waiting")))
          .returning({ id: attempts.id })
      : [];
    if (!moved) throw fail("nothing_to_replace");
    for (const one of replaced) {
      await settleSubmission(tx, found, one.submission.id, "replaced by a newer one", viewer.id);
      await audit(tx, {
        ...{ actorId: viewer.id, action: "attempt.replaced", courseId: found.course.id },
        subject: { kind: "attempt", id: one.attempt.id },
        detail: { submission: one.submission.id, by: found.submission.id },
      });
    }
    await notify(tx, "attempt_changed", attempt.id);
    return replaced.length;
  });
}
