// Who is at a submission. A claim keeps others' queues from offering it; it forbids nothing, and runs out.
import { and, eq, inArray, ne, sql } from "drizzle-orm";
import { people } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { permitSight } from "../courses/access.ts";
import type { Executor } from "../platform/database.ts";
import type { SubmissionAccess } from "../submissions/submissions.ts";
import { reviewClaims } from "./tables.ts";

export const CLAIM_HOURS = 2;
const live = sql`${reviewClaims.claimedAt} > now() - make_interval(hours => ${CLAIM_HOURS}::int)`;

export interface Claim {
  personId: string;
  name: string;
  at: Date;
}

export async function claimOf(db: Executor, { submission }: SubmissionAccess): Promise<Claim | null> {
  const [claim] = await db
    .select({ personId: reviewClaims.claimedBy, name: people.name, at: reviewClaims.claimedAt })
    .from(reviewClaims)
    .innerJoin(people, eq(people.id, reviewClaims.claimedBy))
    .where(and(eq(reviewClaims.submissionId, submission.id), live));
  return claim ?? null;
}

/** Takes it, also from somebody else: whoever presses the button knows who has it. */
export async function claim(db: Executor, viewer: Viewer, access: SubmissionAccess): Promise<void> {
  permitSight(viewer, access, "review.grade");
  const row = { claimedBy: viewer.id, claimedAt: sql`now()` };
  await db
    .insert(reviewClaims)
    .values({ submissionId: access.submission.id, ...row })
    .onConflictDoUpdate({ target: reviewClaims.submissionId, set: row });
}

/** Gives one's own claim back. */
export async function unclaim(db: Executor, viewer: Viewer, access: SubmissionAccess): Promise<void> {
  permitSight(viewer, access, "review.grade");
  await db
    .delete(reviewClaims)
    .where(and(eq(reviewClaims.submissionId, access.submission.id), eq(reviewClaims.claimedBy, viewer.id)));
}

/** Those of `ids` that somebody else is at. */
export async function claimedByOthers(db: Executor, viewer: Viewer, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: reviewClaims.submissionId })
    .from(reviewClaims)
    .where(and(inArray(reviewClaims.submissionId, ids), ne(reviewClaims.claimedBy, viewer.id), live));
  return new Set(rows.map(({ id }) => id));
}
