// Uploads that go on after a break: begun with a claim, reserved whole, received in parts (http/tus.ts), and handed in
// once. How bytes travel is not known here; the file of an upload is named by its id.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { and, asc, eq, getTableColumns, gt, inArray, isNull, lt, sql } from "drizzle-orm";
import { requireScope, type Viewer } from "../accounts/viewer.ts";
import { type AssignmentAccess, findAssignment } from "../assignments/assignments.ts";
import { actions } from "../courses/access.ts";
import { isUuid } from "../courses/courses.ts";
import { type Db, type Executor, type Tx, transaction } from "../platform/database.ts";
import { spaceOf } from "../storage/space.ts";
import { claimUpload } from "./claim-upload.ts";
import { fail } from "./errors.ts";
import { checkMaySubmit, repeat, submit, suiteInUse } from "./submit.ts";
import { type ResumableUpload, resumableUploads, submissions } from "./tables.ts";
import type { SubmitParts, Submitted } from "./take-in.ts";
import { KEPT_HOURS, RESUMABLE_LIMIT_BYTES } from "./upload-sizes.ts";

/** Of one person for one assignment; the oldest gives way to a new one, so that nobody is locked out. */
const OPEN_UPLOADS_LIMIT = 3;
/** An upload, the same bytes as a blob, and unpacked as the canonical archive. */
const COPIES_ON_DISK = 3;
const SPARE_BYTES = 1024 ** 3;

export interface AnnouncedUpload {
  /** Of the whole file. */
  bytes: number;
  /** With it the bytes are claimed: they count from now. Without, they count at their last. */
  sha256: string | null;
  /** Safe to show. */
  name: string;
}

export interface UploadAccess extends AssignmentAccess {
  upload: ResumableUpload;
}

export const resumableFolder = (uploads: string) => join(uploads, "resumable");
export const uploadFile = (uploads: string, id: string) => join(resumableFolder(uploads), id);

/**
 * Begins one: claims the bytes by the rule of every other way to hand in, and reserves their room.
 * @throws what `claimUpload` throws; no_room
 */
export async function beginUpload(
  db: Db,
  viewer: Viewer,
  access: AssignmentAccess,
  { bytes, sha256, name }: AnnouncedUpload,
  acceptLateDays: number,
  uploads: string,
): Promise<ResumableUpload> {
  const { config } = await suiteInUse(db, access);
  const limit = Math.min(config.limits.upload, RESUMABLE_LIMIT_BYTES);
  if (bytes > limit) throw fail("claim_too_large", { limit });
  if (sha256) await claimUpload(db, viewer, access, { sha256, bytes }, acceptLateDays);
  else await checkMaySubmit(db, viewer, access, acceptLateDays);
  await mkdir(resumableFolder(uploads), { recursive: true, mode: 0o700 });
  const space = await spaceOf(uploads);
  const { row, replaced } = await transaction(db, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('resumable-uploads', 0))`);
    const replaced = await makePlace(tx, viewer.id, access.assignment.id);
    await reserve(tx, bytes, space?.freeBytes ?? Number.POSITIVE_INFINITY);
    const expiresAt = sql`now() + make_interval(hours => ${KEPT_HOURS}::int)`;
    const whose = { assignmentId: access.assignment.id, personId: viewer.id };
    const [row] = await tx
      .insert(resumableUploads)
      .values({ ...whose, name, bytes, acceptLateDays, expiresAt })
      .returning();
    return { row: row!, replaced };
  });
  await removeFiles(uploads, replaced);
  return row;
}

/** Takes the oldest away where there are too many. @returns whose files have to go */
async function makePlace(tx: Tx, personId: string, assignmentId: string): Promise<string[]> {
  const mine = await tx
    .select({ id: resumableUploads.id })
    .from(resumableUploads)
    .where(
      and(
        eq(resumableUploads.personId, personId),
        eq(resumableUploads.assignmentId, assignmentId),
        isNull(resumableUploads.submissionId),
      ),
    )
    .orderBy(asc(resumableUploads.createdAt));
  const over = mine.slice(0, Math.max(0, mine.length - OPEN_UPLOADS_LIMIT + 1)).map(({ id }) => id);
  if (over.length > 0) await tx.delete(resumableUploads).where(inArray(resumableUploads.id, over));
  return over;
}

/** @throws no_room where this one and all that are under way would not fit */
async function reserve(tx: Tx, bytes: number, freeBytes: number): Promise<void> {
  const [row] = await tx
    .select({ sum: sql<string>`coalesce(sum(${resumableUploads.bytes}), 0)` })
    .from(resumableUploads)
    .where(and(isNull(resumableUploads.submissionId), gt(resumableUploads.expiresAt, sql`now()`)));
  if ((Number(row!.sum) + bytes) * COPIES_ON_DISK + SPARE_BYTES > freeBytes) throw fail("no_room", { bytes });
}

/**
 * An upload of the viewer's own, with what they may still see of its assignment: asked anew for every part.
 * @throws not_found for everybody else's; upload_expired
 */
export async function findUpload(db: Executor, viewer: Viewer, id: string): Promise<UploadAccess> {
  requireScope(viewer, actions["submission.create"].scope);
  const [found] = isUuid(id)
    ? await db
        .select({
          upload: getTableColumns(resumableUploads),
          expired: sql<boolean>`${resumableUploads.expiresAt} <= now()`,
        })
        .from(resumableUploads)
        .where(and(eq(resumableUploads.id, id), eq(resumableUploads.personId, viewer.id)))
    : [];
  if (!found) throw fail("not_found");
  const access = await findAssignment(db, viewer, found.upload.assignmentId);
  if (found.expired && found.upload.submissionId === null) throw fail("upload_expired");
  return { ...access, upload: found.upload };
}

/** How many bytes were announced; null for what is not there. */
export async function reservedBytes(db: Executor, id: string): Promise<number | null> {
  const [row] = await db
    .select({ bytes: resumableUploads.bytes })
    .from(resumableUploads)
    .where(eq(resumableUploads.id, id));
  return row?.bytes ?? null;
}

/** How much of it is here. */
export async function receivedBytes(uploads: string, upload: ResumableUpload): Promise<number> {
  if (upload.submissionId !== null) return upload.bytes;
  const found = await stat(uploadFile(uploads, upload.id)).catch(() => null);
  return found?.size ?? 0;
}

/** Ends one that will not go on. What was handed in stays handed in. */
export async function dropUpload(db: Executor, uploads: string, upload: ResumableUpload): Promise<void> {
  await db.delete(resumableUploads).where(eq(resumableUploads.id, upload.id));
  await removeFiles(uploads, [upload.id]);
}

export interface FinishParts extends SubmitParts {
  /** The folder of uploads that are under way. */
  uploads: string;
}

/** Of this process: whoever asks again while an archive is read waits for the same answer. */
const finishing = new Map<string, Promise<Submitted>>();

/**
 * Hands it in, exactly once however often it is asked for: its id is the submission's key. A refusal leaves the bytes
 * until they expire, so that lateness can be agreed to without sending them again.
 * @throws upload_unfinished, and what `submit` throws
 */
export async function finishUpload(
  parts: FinishParts,
  viewer: Viewer,
  access: UploadAccess,
  acceptLateDays = 0,
): Promise<Submitted> {
  const { id } = access.upload;
  const under = finishing.get(id);
  if (under) return { ...(await under), repeated: true };
  const work = finish(parts, viewer, access, acceptLateDays).finally(() => finishing.delete(id));
  finishing.set(id, work);
  return work;
}

async function finish(
  parts: FinishParts,
  viewer: Viewer,
  access: UploadAccess,
  acceptLateDays: number,
): Promise<Submitted> {
  const { upload } = access;
  const before = await answerOf(parts.db, upload.id);
  if (before) return before;
  const received = await receivedBytes(parts.uploads, upload);
  if (received !== upload.bytes) throw fail("upload_unfinished", { received, bytes: upload.bytes });
  const completedAt = await noteComplete(parts.db, upload.id);
  const path = uploadFile(parts.uploads, upload.id);
  try {
    const whole = { path, hash: await hashOf(path), bytes: upload.bytes, name: upload.name, completedAt };
    const agreed = Math.max(acceptLateDays, upload.acceptLateDays);
    const made = await submit(parts, viewer, access, whole, `tus-${upload.id}`, agreed);
    const submissionId = made.submission.id;
    await parts.db.update(resumableUploads).set({ submissionId }).where(eq(resumableUploads.id, upload.id));
    await removeFiles(parts.uploads, [upload.id]);
    return made;
  } catch (error) {
    // Another server of ours may have finished it and removed the file meanwhile.
    const meanwhile = await answerOf(parts.db, upload.id);
    if (meanwhile) return meanwhile;
    throw error;
  }
}

/** The moment of its last byte, noted once. */
export async function noteComplete(db: Executor, id: string): Promise<Date> {
  const [row] = await db
    .update(resumableUploads)
    .set({ completedAt: sql`coalesce(${resumableUploads.completedAt}, now())` })
    .where(eq(resumableUploads.id, id))
    .returning({ completedAt: resumableUploads.completedAt });
  if (!row?.completedAt) throw fail("not_found");
  return row.completedAt;
}

async function answerOf(db: Executor, id: string): Promise<Submitted | null> {
  const [found] = await db
    .select({ submission: getTableColumns(submissions) })
    .from(resumableUploads)
    .innerJoin(submissions, eq(submissions.id, resumableUploads.submissionId))
    .where(eq(resumableUploads.id, id));
  return found ? repeat(db, found.submission) : null;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return hash.digest("hex");
}

async function removeFiles(uploads: string, ids: string[]): Promise<void> {
  for (const id of ids) await rm(uploadFile(uploads, id), { force: true });
}

/** Rows and files of uploads that had their time. @returns how many */
export async function sweepUploads(db: Executor, uploads: string): Promise<number> {
  const gone = await db
    .delete(resumableUploads)
    .where(lt(resumableUploads.expiresAt, sql`now()`))
    .returning({ id: resumableUploads.id });
  await removeFiles(
    uploads,
    gone.map(({ id }) => id),
  );
  return gone.length;
}
