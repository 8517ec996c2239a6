// From registered to published: a proof that holds, or a reason said aloud.
import { eq, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Proof } from "../judge/proof.ts";
import { type Db, type Tx, transaction } from "../platform/database.ts";
import { fail } from "./errors.ts";
import { nextVersionState, type VersionEvent } from "./states.ts";
import { findVersion, type VersionRecord, versionColumns } from "./suites.ts";
import { type DeclaredSuiteTest, suiteVersions } from "./tables.ts";

/** Says that a proof is being made. */
export function startValidation(db: Db, viewer: Viewer, id: string): Promise<VersionRecord> {
  return transaction(db, async (tx) => {
    const { version, course } = await findVersion(tx, viewer, id, "suite.publish");
    const state = await step(tx, version, { type: "validation_started" });
    await log(tx, viewer, course.id, "suite.validation_started", id, {});
    return change(tx, id, { state });
  });
}

/**
 * Records what the sandboxes showed of a version: it is `proved`, or `refused` with the proof's problems.
 * @param tests what the version declares, as collected in the harness.
 * @throws proof_of_another, version_published
 */
export function recordProof(
  db: Db,
  viewer: Viewer,
  id: string,
  proof: Proof,
  tests: DeclaredSuiteTest[],
): Promise<VersionRecord> {
  return transaction(db, async (tx) => {
    const { version, course } = await findVersion(tx, viewer, id, "suite.publish");
    if (proof.hash !== version.hash) {
      throw fail("proof_of_another", { proved: proof.hash.slice(0, 12), hash: version.hash.slice(0, 12) });
    }
    const ok = proof.ok && proof.problems.length === 0;
    const state = await step(tx, version, { type: "proof", ok });
    await log(tx, viewer, course.id, "suite.proof_recorded", id, { ok, problems: proof.problems.length });
    return change(tx, id, { state, proof, tests });
  });
}

/**
 * Publishes a version: from now on assignments may use it.
 * @param unproved why it may go without a proof that holds; it is kept and shown.
 * @throws not_proved, version_published
 */
export function publishVersion(
  db: Db,
  viewer: Viewer,
  id: string,
  unproved: string | null,
): Promise<VersionRecord> {
  return transaction(db, async (tx) => {
    const { version, course } = await findVersion(tx, viewer, id, "suite.publish");
    // Publishing twice is no error: whoever asks gets what they asked for.
    if (version.state === "published") return version;
    const reason = version.state === "proved" ? null : unproved;
    const state = await step(tx, version, { type: "publish", reason });
    await log(tx, viewer, course.id, "suite.published", id, { unproved: reason, from: version.state });
    return change(tx, id, { state, unprovedReason: reason, publishedAt: sql`now()` as never });
  });
}

/**
 * Keeps what a version declares, learned from a complete grading, where no proof has said it.
 * Called by the worker's side when an attempt has finished; never changes what is known.
 */
export async function learnTests(tx: Tx, id: string, tests: DeclaredSuiteTest[]): Promise<void> {
  await tx
    .update(suiteVersions)
    .set({ tests })
    .where(sql`${suiteVersions.id} = ${id} and ${suiteVersions.tests} is null`);
}

/** The state after the event, judged on the locked row. */
async function step(tx: Tx, { id }: VersionRecord, event: VersionEvent) {
  const [row] = await tx
    .select({ state: suiteVersions.state })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, id))
    .for("update");
  const state = row!.state;
  const next = nextVersionState(state, event);
  if (next) return next;
  throw state === "published" ? fail("version_published") : fail("not_proved", { state });
}

async function change(
  tx: Tx,
  id: string,
  to: Partial<typeof suiteVersions.$inferInsert>,
): Promise<VersionRecord> {
  const [row] = await tx
    .update(suiteVersions)
    .set(to)
    .where(eq(suiteVersions.id, id))
    .returning(versionColumns);
  return row!;
}

function log(
  tx: Tx,
  viewer: Viewer,
  courseId: string,
  action: string,
  id: string,
  detail: Record<string, unknown>,
) {
  return audit(tx, {
    actorId: viewer.id,
    action,
    courseId,
    subject: { kind: "suite_version", id },
    detail,
  });
}
