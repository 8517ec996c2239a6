// An attempt's bundle (judge/bundle.ts) for its staff: read from rows and blobs, written nowhere.
import { Readable } from "node:stream";
import { asc, eq } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import { permitSight } from "../courses/access.ts";
import { type AttemptOptions, testResults } from "../grading/tables.ts";
import { BUNDLE_PARTS, type BundleAbout } from "../judge/bundle.ts";
import type { Stage } from "../judge/report.ts";
import type { Executor } from "../platform/database.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { type ZipFile, zipOfStreams } from "../storage/zip-write.ts";
import type { SubmissionAttempt } from "./cancel.ts";
import { fail } from "./errors.ts";
import { noteLook } from "./submissions.ts";

/**
 * The bundle as a ZIP, written as it is read. The look is in the audit log.
 * @throws not_found for whoever is no staff; blind_now: names are in a submission's files
 */
export async function openBundle(
  db: Executor,
  blobs: BlobStore,
  viewer: Viewer,
  found: SubmissionAttempt,
): Promise<Readable> {
  permitSight(viewer, found, "attempt.debug");
  if (found.blind) throw fail("blind_now");
  const { attempt } = found;
  const about = Buffer.from(`${JSON.stringify(await aboutOf(db, found), null, 2)}\n`);
  const suite = await blobs.read(attempt.suiteBlob);
  const metadata = attempt.metadataBlob && (await blobs.read(attempt.metadataBlob));
  await noteLook(db, viewer, found, "bundle");
  return zipOfStreams([
    inMemory(BUNDLE_PARTS.about, about),
    inMemory(BUNDLE_PARTS.suite, suite),
    ...(metadata ? [inMemory(BUNDLE_PARTS.metadata, metadata)] : []),
    {
      path: BUNDLE_PARTS.submission,
      size: attempt.archiveBytes,
      bytes: () => blobs.open(attempt.archiveBlob),
    },
  ]);
}

async function aboutOf(db: Executor, { attempt }: SubmissionAttempt): Promise<BundleAbout> {
  const { id, run, number, state, fault, suiteHash, suiteConfig, archiveHash, archiveBytes, key } = attempt;
  const rows = await db
    .select({ result: testResults.result })
    .from(testResults)
    .where(eq(testResults.attemptId, id))
    .orderBy(asc(testResults.position));
  return {
    format: 1,
    attempt: { id, run, number, state },
    fault,
    suite: { id: suiteConfig.id, hash: suiteHash },
    archive: { hash: archiveHash, bytes: archiveBytes },
    key: key.toString("hex"),
    options: attempt.options,
    results: rows
      .filter(({ result }) => ranHere(attempt.options, result.stage))
      .map(({ result: { name, verdict, score, max } }) => ({ name, verdict, score, max })),
    circumstances: attempt.report?.circumstances ?? null,
  };
}

/** A later stage's results stand in the report that counts (stage-runs.ts), and were another attempt's. */
function ranHere({ stage: wanted }: AttemptOptions, stage: Stage = "submit"): boolean {
  return wanted === undefined || [wanted].flat().includes(stage);
}

const inMemory = (path: string, bytes: Buffer): ZipFile => {
  return { path, size: bytes.length, bytes: async () => Readable.from([bytes]) };
};
