// A suite's ZIP becomes a version: read by the one reader of archives, checked, hashed, kept. The same files are
// the same version, however often they are sent.
import { randomBytes } from "node:crypto";
import { and, count, eq } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { type CourseAccess, permit } from "../courses/access.ts";
import { idFrom, isAutograder, wrapAutograder } from "../judge/gradescope/wrap.ts";
import { SuiteError, type Suite as SuiteFiles, suiteOf, tarOf } from "../judge/read-suite.ts";
import { type Db, type Tx, transaction } from "../platform/database.ts";
import { UserError } from "../platform/errors.ts";
import type { ArchiveReader, CanonicalArchive } from "../storage/archive.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { fail } from "./errors.ts";
import { type VersionAccess, versionColumns } from "./suites.ts";
import { suites, suiteVersions } from "./tables.ts";

export const SUITE_UPLOAD_LIMIT_BYTES = 64 * 1024 * 1024;
const SUITE_LIMIT_FILES = 2000;
const SECRET_BYTES = 32;

export interface RegisterParts {
  db: Db;
  blobs: BlobStore;
  archives: ArchiveReader;
}

/** @throws UserError with `bad_suite` and every problem of it, or a refusal of the archive */
export async function registerVersion(
  parts: RegisterParts,
  viewer: Viewer,
  access: CourseAccess,
  upload: { path: string; name?: string },
): Promise<VersionAccess & { known: boolean }> {
  permit(viewer, access, "suite.register");
  const archive = await parts.archives.read(upload.path, {
    unpackedBytes: SUITE_UPLOAD_LIMIT_BYTES,
    entries: SUITE_LIMIT_FILES,
    required: [],
  });
  return registerSuite(parts, viewer, access, await readFiles(parts.blobs, archive, upload.name ?? ""));
}

/** Keeps a suite that was read and checked. @throws autograders_not_allowed */
export async function registerSuite(
  parts: Pick<RegisterParts, "db" | "blobs">,
  viewer: Viewer,
  access: CourseAccess,
  suite: SuiteFiles,
): Promise<VersionAccess & { known: boolean }> {
  permit(viewer, access, "suite.register");
  const { course } = access;
  if (suite.config.mode === "gradescope" && !course.autograders)
    throw fail("autograders_not_allowed", { course: course.slug });
  const blob = await parts.blobs.put(await tarOf(suite.files));
  return transaction(parts.db, async (tx) => ({
    ...access,
    ...(await keepVersion(tx, viewer, access, suite, blob)),
  }));
}

/** An unmodified autograder, which has no grader.yaml, is given one; its file's name is its id then. */
async function readFiles(
  blobs: BlobStore,
  { manifest, tar }: CanonicalArchive,
  name: string,
): Promise<SuiteFiles> {
  const bytes = await blobs.read(tar.hash);
  const files = manifest
    .map(({ path, offset, size }) => ({ path, bytes: bytes.subarray(offset, offset + size) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  try {
    if (!isAutograder(files)) return suiteOf(files);
    const id = idFrom(name);
    return suiteOf(wrapAutograder(files, { id, title: id, points: null, network: false }));
  } catch (error) {
    if (error instanceof SuiteError) throw badSuite(error.problems);
    throw error;
  }
}

async function keepVersion(
  tx: Tx,
  viewer: Viewer,
  { course }: CourseAccess,
  files: SuiteFiles,
  blob: { hash: string; bytes: number },
) {
  await tx.insert(suites).values({ courseId: course.id, name: files.config.id }).onConflictDoNothing();
  // Its row is the lock under which versions are numbered.
  const [suite] = await tx
    .select()
    .from(suites)
    .where(and(eq(suites.courseId, course.id), eq(suites.name, files.config.id)))
    .for("update");
  const suiteId = suite!.id;
  const [known] = await tx
    .select(versionColumns)
    .from(suiteVersions)
    .where(and(eq(suiteVersions.suiteId, suiteId), eq(suiteVersions.hash, files.hash)));
  if (known) return { suite: suite!, version: known, known: true };
  const [before] = await tx
    .select({ count: count() })
    .from(suiteVersions)
    .where(eq(suiteVersions.suiteId, suiteId));
  const [version] = await tx
    .insert(suiteVersions)
    .values({
      suiteId,
      number: before!.count + 1,
      hash: files.hash,
      blob: blob.hash,
      bytes: blob.bytes,
      config: files.config,
      secret: randomBytes(SECRET_BYTES),
      registeredBy: viewer.id,
    })
    .returning(versionColumns);
  await audit(tx, {
    actorId: viewer.id,
    action: "suite.registered",
    courseId: course.id,
    subject: { kind: "suite_version", id: version!.id },
    detail: { suite: files.config.id, number: version!.number, hash: files.hash },
  });
  return { suite: suite!, version: version!, known: false };
}

/** Every line names file, line and key; those names are the same in both languages. */
export function badSuite(problems: string[]): UserError {
  const list = problems.slice(0, 50).join("\n");
  return new UserError(
    "bad_suite",
    { status: 422, en: "The suite cannot be used:\n{problems}", zh: "该测试套件无法使用：\n{problems}" },
    { problems: list },
  );
}
