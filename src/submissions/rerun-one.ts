// Grading one submission again, from its own page: whoever may grade it asks with a reason, and its old result counts
// until somebody accepts the new one (rerun.ts decides about both kinds).
import { desc, eq } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import { findAssignment } from "../assignments/assignments.ts";
import { permit } from "../courses/access.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import type { Queue } from "../platform/queue.ts";
import { fail } from "./errors.ts";
import { beginRerun, lockAssignment, rerunReason } from "./rerun.ts";
import { rerunCandidates } from "./rerun-rows.ts";
import { isOwn, type SubmissionAccess } from "./submissions.ts";
import { type Rerun, rerunEntries, reruns } from "./tables.ts";

/** How many of a submission's re-runs its page names. */
export const RERUNS_OF_ONE_SHOWN = 10;

/**
 * Starts a re-run of it with the version in use; while one of it is open, that one is the answer.
 * @throws not_allowed, own_work, rerun_reason_needed, closed, nothing_to_rerun
 */
export async function rerunOne(
  db: Db,
  queue: Queue,
  viewer: Viewer,
  access: SubmissionAccess,
  said: string,
): Promise<{ rerun: Rerun; known: boolean }> {
  permit(viewer, access, "rerun.one");
  if (isOwn(viewer, access)) throw fail("own_work");
  const reason = rerunReason(said);
  const { submission } = access;
  return transaction(db, async (tx) => {
    await lockAssignment(tx, submission.assignmentId);
    const known = (await rerunsOf(tx, viewer, access)).find(isOpenSingle);
    if (known) return { rerun: known, known: true };
    const now = await findAssignment(tx, viewer, submission.assignmentId);
    const found = await rerunCandidates(tx, now.assignment, submission.id);
    const taken = found.filter(({ cancelled }) => !cancelled);
    const rerun = await beginRerun(tx, queue, viewer, now, { scope: "one", reason, taken });
    return { rerun, known: false };
  });
}

export const isOpenSingle = ({ scope, state }: Rerun): boolean => scope === "one" && state === "open";

/** The re-runs that it was part of, newest first; for staff. */
export async function rerunsOf(db: Executor, viewer: Viewer, access: SubmissionAccess): Promise<Rerun[]> {
  permit(viewer, access, "rerun.view");
  const rows = await db
    .select({ rerun: reruns })
    .from(rerunEntries)
    .innerJoin(reruns, eq(reruns.id, rerunEntries.rerunId))
    .where(eq(rerunEntries.submissionId, access.submission.id))
    .orderBy(desc(reruns.createdAt))
    .limit(RERUNS_OF_ONE_SHOWN);
  return rows.map(({ rerun }) => rerun);
}
