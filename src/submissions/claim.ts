// Saying what will be uploaded before it is: a slow line at 23:59 costs nobody a late day.
import { and, asc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Executor, Tx } from "../platform/database.ts";
import { CLAIM_WINDOW_SECONDS, countedAt } from "./arrival.ts";
import { type UploadClaim, uploadClaims } from "./tables.ts";

/** Whether bytes of this person are still awaited: they are let in after the due date, and judged by their claim. */
export async function hasOpenClaim(db: Executor, personId: string, assignmentId: string): Promise<boolean> {
  const open = and(ofPerson(personId, assignmentId), gt(uploadClaims.claimedAt, windowBegin()));
  return (await db.$count(uploadClaims, open)) > 0;
}

export interface CountedArrival {
  receivedAt: Date;
  completedAt: Date;
  claim: UploadClaim | null;
}

/** When these bytes count: by the earliest claim of exactly them that is in its window and unused. */
export async function arrivalOf(
  db: Executor,
  personId: string,
  assignmentId: string,
  upload: { hash: string; bytes: number },
  completedAt: Date,
): Promise<CountedArrival> {
  const [claim] = await db
    .select()
    .from(uploadClaims)
    .where(
      and(
        ofPerson(personId, assignmentId),
        eq(uploadClaims.sha256, upload.hash),
        eq(uploadClaims.bytes, upload.bytes),
        gt(uploadClaims.claimedAt, new Date(completedAt.getTime() - CLAIM_WINDOW_SECONDS * 1000 - 1)),
      ),
    )
    .orderBy(asc(uploadClaims.claimedAt))
    .limit(1);
  const receivedAt = countedAt({ claimedAt: claim?.claimedAt ?? null, lastByteAt: completedAt });
  return { receivedAt, completedAt, claim: claim ?? null };
}

/** Uses a claim up. */
export async function useClaim(tx: Tx, claim: UploadClaim | null, submissionId: string): Promise<void> {
  if (claim) await tx.update(uploadClaims).set({ submissionId }).where(eq(uploadClaims.id, claim.id));
}

export function ofPerson(personId: string, assignmentId: string) {
  return and(
    eq(uploadClaims.personId, personId),
    eq(uploadClaims.assignmentId, assignmentId),
    isNull(uploadClaims.submissionId),
  );
}

export const windowBegin = () => sql`now() - make_interval(secs => ${CLAIM_WINDOW_SECONDS}::int)`;
