// A version is proved by our own workers: each run of the plan (judge/plan.ts) is an attempt, below everything that a
// student waits for. What they showed is weighed when the last has ended (proof-ended.ts). Nobody sends us a proof:
// what another machine says of a suite is worth no more than a promise (docs/decisions/040).
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and, eq, sql } from "drizzle-orm";
import { v7 } from "uuid";
import type { Viewer } from "../accounts/viewer.ts";
import { cancelBatch, enqueueBatch } from "../grading/batch.ts";
import type { AttemptOptions } from "../grading/tables.ts";
import { EMPTY_ZIP, type PlannedRun, planOf } from "../judge/plan.ts";
import { tarOf } from "../judge/read-suite.ts";
import { runKey } from "../judge/seed.ts";
import { deviceNeed, type SuiteConfig } from "../judge/suite.ts";
import { type Db, type Tx, transaction } from "../platform/database.ts";
import { UserError } from "../platform/errors.ts";
import type { Queue } from "../platform/queue.ts";
import type { ArchiveReader } from "../storage/archive.ts";
import type { BlobStore, StoredBlob } from "../storage/blobs.ts";
import { fail } from "./errors.ts";
import { changeVersion, logVersion, stepVersion } from "./publish.ts";
import { findVersion, type VersionAccess, type VersionRecord } from "./suites.ts";
import { suiteProofRuns, suiteProofs } from "./tables.ts";
import { versionFiles } from "./version-files.ts";

/** How often the reference and each mutant run, each time with other inputs. */
export const PROOF_SEEDS = 3;

export interface ProveParts {
  db: Db;
  blobs: BlobStore;
  archives: ArchiveReader;
  queue: Queue;
}

type StoredRun = PlannedRun & { archive: StoredBlob };

/** Has a version proved; while a proof of it is under way, that one is the answer. @throws not_found */
export async function startProof(parts: ProveParts, viewer: Viewer, id: string): Promise<VersionRecord> {
  const { db, blobs, queue } = parts;
  const access = await findVersion(db, viewer, id, "suite.publish");
  if (await isRunning(db, id)) return access.version;
  const suite = await versionFiles(blobs, access.version);
  const runs: StoredRun[] = [];
  for (const run of planOf(suite, PROOF_SEEDS)) {
    runs.push({ ...run, archive: await blobs.put(tarOf(run.files)) });
  }
  const emptyZip = await refusalOfEmpty(parts.archives, suite.config);
  return transaction(db, async (tx) => {
    const state = await stepVersion(tx, id, { type: "validation_started" });
    if (await isRunning(tx, id)) return access.version;
    const proof = { versionId: id, requestedBy: viewer.id, seeds: PROOF_SEEDS, emptyZip };
    await enqueueRuns(tx, queue, access, runs, proof);
    await logVersion(tx, viewer, access.course.id, "suite.proof_started", id, { runs: runs.length });
    return changeVersion(tx, id, { state });
  });
}

async function isRunning(db: Db | Tx, versionId: string): Promise<boolean> {
  const running = and(eq(suiteProofs.versionId, versionId), eq(suiteProofs.state, "running"));
  return (await db.$count(suiteProofs, running)) > 0;
}

async function enqueueRuns(
  tx: Tx,
  queue: Queue,
  { version }: VersionAccess,
  runs: StoredRun[],
  proof: Omit<typeof suiteProofs.$inferInsert, "id">,
): Promise<void> {
  const id = v7();
  await tx.insert(suiteProofs).values({ ...proof, id });
  const subject = (position: number) => `${id}:${position}`;
  await tx.insert(suiteProofRuns).values(
    runs.map(({ kind, name, expected, flagged }, position) => {
      return { proofId: id, position, kind, name, expected, flagged, subject: subject(position) };
    }),
  );
  const { config, hash, blob } = version;
  const need = deviceNeed(config);
  // Who writes that a suite may run without has it proved there, too, where there is no device.
  const place = { lane: need ? "gpu" : "cpu", device: { fallback: need?.cpu_fallback ?? false } };
  const wanted = runs.map((run, position) => ({
    ...{ subject: subject(position), run: id, ...place, suite: { blob, hash, config } },
    archive: { blob: run.archive.hash, hash: run.archive.hash, bytes: run.archive.bytes },
    key: runKey(config.seed, run.secret, run.archive.hash),
    options: optionsOf(run),
  }));
  await enqueueBatch(tx, queue, wanted);
}

function optionsOf({ tolerance, perTestSeconds, setupOnly }: PlannedRun): AttemptOptions {
  return {
    ...(setupOnly ? { setupOnly } : {}),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(perTestSeconds === undefined ? {} : { perTestSeconds }),
  };
}

/** How intake would refuse an empty ZIP; null where it would not. */
async function refusalOfEmpty(archives: ArchiveReader, { limits, files }: SuiteConfig) {
  const path = join(tmpdir(), `assay-empty-${v7()}`);
  await writeFile(path, EMPTY_ZIP, { mode: 0o600, flag: "wx" });
  try {
    await archives.read(path, { unpackedBytes: limits.unpacked, required: files.required });
    return null;
  } catch (error) {
    if (error instanceof UserError) return { code: error.code, message: error.sentence("en") };
    throw error;
  } finally {
    await rm(path, { force: true });
  }
}

/** Ends a proof that is under way; what a worker has begun ends by itself and counts for nothing. @throws no_proof_running */
export function cancelProof(db: Db, queue: Queue, viewer: Viewer, id: string): Promise<VersionRecord> {
  return transaction(db, async (tx) => {
    const { course } = await findVersion(tx, viewer, id, "suite.publish");
    const state = await stepVersion(tx, id, { type: "validation_cancelled" });
    const [proof] = await tx
      .update(suiteProofs)
      .set({ state: "cancelled", endedAt: sql`now()` })
      .where(and(eq(suiteProofs.versionId, id), eq(suiteProofs.state, "running")))
      .returning();
    if (!proof) throw fail("no_proof_running");
    await cancelBatch(tx, queue, [proof.id]);
    await logVersion(tx, viewer, course.id, "suite.proof_cancelled", id, {});
    return changeVersion(tx, id, { state });
  });
}
