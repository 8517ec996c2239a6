// What is in a submission: always from the manifest and the canonical archive, so that what is shown is what was
// graded. The caller has the submission in hand.
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { and, asc, eq, gt } from "drizzle-orm";
import { ZipFile } from "yazl";
import { people } from "../accounts/tables.ts";
import { roster } from "../courses/tables.ts";
import type { Executor } from "../platform/database.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { suiteVersions } from "../suites/tables.ts";
import { blankPdf, type Identity, maskedPath, maskText } from "./blind.ts";
import { fail } from "./errors.ts";
import type { SubmissionAccess } from "./submissions.ts";
import { type ManifestEntryRow, manifestEntries, type Submission, submissionMembers } from "./tables.ts";

/** Larger files are no text that anybody reads: they go as they are. */
const MASKED_LIMIT_BYTES = 32 * 1024 * 1024;

/** @throws files_removed */
export function requireFiles({ filesRemovedAt }: Pick<Submission, "filesRemovedAt">): void {
  if (filesRemovedAt) throw fail("files_removed");
}

export const MANIFEST_PAGE = 1000;

/** By path, a page at a time; `after` is the last position of the page before. */
export async function listFiles(
  db: Executor,
  access: SubmissionAccess,
  after = -1,
): Promise<ManifestEntryRow[]> {
  const shown = await pathsShown(db, access);
  const rows = await db
    .select()
    .from(manifestEntries)
    .where(and(eq(manifestEntries.submissionId, access.submission.id), gt(manifestEntries.position, after)))
    .orderBy(asc(manifestEntries.position))
    .limit(MANIFEST_PAGE);
  return rows.map((row) => ({ ...row, path: shown(row) }));
}

/** All of them, page after page: how many there may be is the archive's limit. */
export async function allFiles(db: Executor, access: SubmissionAccess): Promise<ManifestEntryRow[]> {
  const files: ManifestEntryRow[] = [];
  for (;;) {
    const page = await listFiles(db, access, files.at(-1)?.position);
    files.push(...page);
    if (page.length < MANIFEST_PAGE) return files;
  }
}

/** What paths look like to whoever has the submission in hand: without names where it is graded so (blind.ts). */
export async function pathsShown(
  db: Executor,
  { blind, submission }: SubmissionAccess,
): Promise<(entry: Pick<ManifestEntryRow, "path" | "position">) => string> {
  if (!blind) return ({ path }) => path;
  const [version] = await db
    .select({ config: suiteVersions.config })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, submission.suiteVersionId));
  const alike = new Set(version?.config.files.required ?? []);
  return ({ path, position }) => maskedPath(path, position, alike);
}

/** The file that is shown by this path. @throws not_found */
export async function findFile(
  db: Executor,
  access: SubmissionAccess,
  path: string,
): Promise<ManifestEntryRow> {
  const its = eq(manifestEntries.submissionId, access.submission.id);
  requireFiles(access.submission);
  const place = access.blind ? /^file-(\d{1,6})(\.\w{1,8})?$/.exec(path)?.[1] : undefined;
  const named =
    place === undefined ? eq(manifestEntries.path, path) : eq(manifestEntries.position, Number(place) - 1);
  const [entry] = await db.select().from(manifestEntries).where(and(its, named));
  const shown = await pathsShown(db, access);
  if (!entry || shown(entry) !== path) throw fail("not_found");
  return entry;
}

/** One file's row and bytes. @throws not_found */
export async function openFile(
  db: Executor,
  blobs: BlobStore,
  access: SubmissionAccess,
  path: string,
): Promise<{ entry: ManifestEntryRow; bytes: Readable }> {
  const entry = { ...(await findFile(db, access, path)), path };
  return openEntry(blobs, access, entry, await identitiesOf(db, access));
}

async function openEntry(
  blobs: BlobStore,
  { submission, blind }: SubmissionAccess,
  entry: ManifestEntryRow,
  people: Identity[],
): Promise<{ entry: ManifestEntryRow; bytes: Readable }> {
  const bytes = await blobs.open(submission.archiveBlob, { offset: entry.offset, length: entry.bytes });
  if (!blind || entry.bytes > MASKED_LIMIT_BYTES) return { entry, bytes };
  const masked = withoutPeople(await buffer(bytes), people);
  const sha256 = createHash("sha256").update(masked).digest("hex");
  return { entry: { ...entry, bytes: masked.length, sha256 }, bytes: Readable.from([masked]) };
}

/** A text without its people, a PDF without its metadata; anything else as it is. */
function withoutPeople(bytes: Buffer, people: Identity[]): Buffer {
  if (bytes.subarray(0, 5).toString("latin1") === "%PDF-") return blankPdf(bytes);
  return isUtf8(bytes) ? Buffer.from(maskText(bytes.toString("utf8"), people)) : bytes;
}

async function identitiesOf(
  db: Executor,
  { blind, submission, course }: SubmissionAccess,
): Promise<Identity[]> {
  if (!blind) return [];
  return db
    .select({ name: people.name, email: people.email, studentNumber: roster.studentNumber })
    .from(submissionMembers)
    .innerJoin(people, eq(people.id, submissionMembers.personId))
    .leftJoin(roster, and(eq(roster.personId, people.id), eq(roster.courseId, course.id)))
    .where(eq(submissionMembers.submissionId, submission.id));
}

/** The submission's files as a ZIP, written as it is read: one file open at a time. */
export async function downloadZip(
  db: Executor,
  blobs: BlobStore,
  access: SubmissionAccess,
): Promise<Readable> {
  requireFiles(access.submission);
  const zip = new ZipFile();
  const mtime = access.submission.receivedAt;
  const people = await identitiesOf(db, access);
  for (let after = -1; ; ) {
    const page = await listFiles(db, access, after);
    for (const entry of page) {
      // Without its people a text has another length, which is known when it is read.
      const size = access.blind ? {} : { size: entry.bytes };
      zip.addReadStreamLazy(entry.path, { mtime, mode: 0o100644, ...size }, (give) => {
        openEntry(blobs, access, entry, people).then(
          ({ bytes }) => give(null, bytes),
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

/** The upload as it came, byte for byte. @throws blind_now: names of its files are in it. */
export async function openOriginal(
  blobs: BlobStore,
  { submission, blind }: SubmissionAccess,
): Promise<Readable> {
  if (blind) throw fail("blind_now");
  requireFiles(submission);
  return blobs.open(submission.originalBlob);
}
