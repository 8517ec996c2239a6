// What is in a submission: always from the manifest and the canonical archive, so that what is shown is what was
// graded. The caller has the submission in hand.
import type { Readable } from "node:stream";
import { and, asc, eq, gt } from "drizzle-orm";
import { ZipFile } from "yazl";
import type { Executor } from "../platform/database.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { fail } from "./errors.ts";
import type { SubmissionAccess } from "./submissions.ts";
import { type ManifestEntryRow, manifestEntries } from "./tables.ts";

export const MANIFEST_PAGE = 1000;

/** By path, a page at a time; `after` is the last position of the page before. */
export function listFiles(db: Executor, access: SubmissionAccess, after = -1): Promise<ManifestEntryRow[]> {
  return db
    .select()
    .from(manifestEntries)
    .where(and(eq(manifestEntries.submissionId, access.submission.id), gt(manifestEntries.position, after)))
    .orderBy(asc(manifestEntries.position))
    .limit(MANIFEST_PAGE);
}

/** One file's row and bytes. @throws not_found */
export async function openFile(
  db: Executor,
  blobs: BlobStore,
  access: SubmissionAccess,
  path: string,
): Promise<{ entry: ManifestEntryRow; bytes: Readable }> {
  const [entry] = await db
    .select()
    .from(manifestEntries)
    .where(and(eq(manifestEntries.submissionId, access.submission.id), eq(manifestEntries.path, path)));
  if (!entry) throw fail("not_found");
  return { entry, bytes: await bytesOf(blobs, access, entry) };
}

function bytesOf(
  blobs: BlobStore,
  { submission }: SubmissionAccess,
  entry: ManifestEntryRow,
): Promise<Readable> {
  return blobs.open(submission.archiveBlob, { offset: entry.offset, length: entry.bytes });
}

/** The submission's files as a ZIP, written as it is read: one file open at a time. */
export async function downloadZip(
  db: Executor,
  blobs: BlobStore,
  access: SubmissionAccess,
): Promise<Readable> {
  const zip = new ZipFile();
  const mtime = access.submission.receivedAt;
  for (let after = -1; ; ) {
    const page = await listFiles(db, access, after);
    for (const entry of page) {
      zip.addReadStreamLazy(entry.path, { mtime, mode: 0o100644, size: entry.bytes }, (give) => {
        bytesOf(blobs, access, entry).then(
          (bytes) => give(null, bytes),
          (error) => give(error, null as never),
        );
      });
    }
    if (page.length < MANIFEST_PAGE) break;
    after = page.at(-1)!.position;
  }
  const output = zip.outputStream as Readable;
  // yazl tells a file's error on the ZIP, where nobody reads: it ends the download instead of leaving it open.
  zip.on("error", (error) => output.destroy(error as Error));
  zip.end();
  return output;
}

/** The upload as it came, byte for byte. */
export function openOriginal(blobs: BlobStore, { submission }: SubmissionAccess): Promise<Readable> {
  return blobs.open(submission.originalBlob);
}
