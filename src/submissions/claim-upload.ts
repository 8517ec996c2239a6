// Takes somebody's word for what is about to come.
import { and, lte } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { type Db, transaction } from "../platform/database.ts";
import { ofPerson, windowBegin } from "./claim.ts";
import { fail } from "./errors.ts";
import { checkMaySubmit, suiteInUse } from "./submit.ts";
import { type UploadClaim, uploadClaims } from "./tables.ts";

/** Claims without their bytes, of one person for one assignment, within the window. */
export const OPEN_CLAIMS_LIMIT = 50;

export interface ClaimedBytes {
  /** Of the whole file, in small hexadecimal digits. */
  sha256: string;
  bytes: number;
}

/** @throws what `checkMaySubmit` throws; claim_too_large, too_many_claims */
export async function claimUpload(
  db: Db,
  viewer: Viewer,
  access: AssignmentAccess,
  claimed: ClaimedBytes,
  acceptLateDays = 0,
): Promise<UploadClaim> {
  await checkMaySubmit(db, viewer, access, acceptLateDays);
  const { config } = await suiteInUse(db, access);
  const limit = config.limits.upload;
  if (claimed.bytes > limit) throw fail("claim_too_large", { limit });
  return transaction(db, async (tx) => {
    const mine = ofPerson(viewer.id, access.assignment.id);
    await tx.delete(uploadClaims).where(and(mine, lte(uploadClaims.claimedAt, windowBegin())));
    if ((await tx.$count(uploadClaims, mine)) >= OPEN_CLAIMS_LIMIT) {
      throw fail("too_many_claims", { limit: OPEN_CLAIMS_LIMIT });
    }
    const row = { ...claimed, assignmentId: access.assignment.id, personId: viewer.id };
    const [claim] = await tx.insert(uploadClaims).values(row).returning();
    return claim!;
  });
}
