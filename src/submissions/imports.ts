// Another system's download of everybody's submissions, from an upload to what would be done with it. Nothing reaches
// a student before somebody says so; import-run.ts does it then.
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { and, asc, desc, eq, ne } from "drizzle-orm";
import { z } from "zod";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { type AssignmentAccess, findAssignment } from "../assignments/assignments.ts";
import { readZoned } from "../assignments/zoned.ts";
import { permit, permitSight } from "../courses/access.ts";
import { isUuid } from "../courses/courses.ts";
import { roster } from "../courses/tables.ts";
import { storable } from "../grading/storable.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import { UserError } from "../platform/errors.ts";
import type { ArchiveLimits } from "../storage/archive.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { fail, submissionErrors } from "./errors.ts";
import { originsHere } from "./move-in.ts";
import { type Download, download, type Sheet, Unreadable } from "./moving-in/download.ts";
import type { RosterPerson } from "./moving-in/match.ts";
import { keysOf, type Plan, planImport } from "./moving-in/plan.ts";
import { readDownload } from "./moving-in/read.ts";
import { joinSheets, readSheet } from "./moving-in/sheet.ts";
import { openZip, type Source } from "./moving-in/source.ts";
import { asUserError } from "./refusal.ts";
import { type SubmissionImport, submissionImports } from "./tables.ts";
import type { Upload } from "./take-in.ts";

/** Larger ones go by `assay course import`, which reads them where they lie. */
export const DOWNLOAD_LIMIT_BYTES = 2 * 1024 ** 3;
export const PEOPLE_FILE_LIMIT_BYTES = 8 * 1024 ** 2;
export const IMPORTS_PAGE = 20;
const LIMITS: ArchiveLimits = {
  unpackedBytes: 16 * 1024 ** 3,
  entries: 50_000,
  required: [],
  wrapper: "keep",
};

export interface ImportParts {
  db: Db;
  blobs: BlobStore;
  /** A folder for what is under way. */
  uploads: string;
}

/** An import in hand: proof that the viewer may see and decide it. */
export interface ImportAccess extends AssignmentAccess {
  row: SubmissionImport;
}

/** Keeps an uploaded download with what it says. @throws no_download, what is wrong with the ZIP */
export async function lookAtDownload(
  parts: ImportParts,
  viewer: Viewer,
  access: AssignmentAccess,
  upload: Upload,
): Promise<SubmissionImport> {
  permit(viewer, access, "submission.move_in");
  const said = await readZip(parts.uploads, upload.path, null);
  const stored = await parts.blobs.put(createReadStream(upload.path));
  const [row] = await parts.db
    .insert(submissionImports)
    .values({
      assignmentId: access.assignment.id,
      name: upload.name,
      blob: stored.hash,
      bytes: stored.bytes,
      download: asJson(said),
      createdBy: viewer.id,
    })
    .returning();
  return row!;
}

/** A blob as a file, for as long as `use` runs: the store may be elsewhere. */
export async function withBlob<T>(
  { blobs, uploads }: Pick<ImportParts, "blobs" | "uploads">,
  hash: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const path = join(uploads, randomUUID());
  try {
    await mkdir(uploads, { recursive: true, mode: 0o700 });
    await pipeline(await blobs.open(hash), createWriteStream(path, { flags: "wx", mode: 0o600 }));
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}

/** The download's files, for as long as `use` runs. @throws what is wrong with the ZIP */
export async function withZip<T>(
  uploads: string,
  path: string,
  use: (source: Source) => Promise<T>,
): Promise<T> {
  await mkdir(uploads, { recursive: true, mode: 0o700 });
  const source = await openZip(path, { scratchIn: uploads, limits: LIMITS }).catch((error) => {
    throw asUserError(error);
  });
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

const readZip = (uploads: string, path: string, sheet: Sheet | null): Promise<Download> =>
  withZip(uploads, path, (source) => readDownload(source, sheet));

/** @throws not_found */
export async function findImport(db: Executor, viewer: Viewer, id: string): Promise<ImportAccess> {
  const [row] = isUuid(id)
    ? await db.select().from(submissionImports).where(eq(submissionImports.id, id))
    : [];
  if (!row) throw fail("not_found");
  const access = await findAssignment(db, viewer, row.assignmentId);
  permitSight(viewer, access, "submission.move_in");
  return { ...access, row };
}

/** An assignment's imports, newest first. */
export async function listImports(db: Executor, viewer: Viewer, access: AssignmentAccess) {
  permit(viewer, access, "submission.move_in");
  const { id, name, state, createdAt } = submissionImports;
  return db
    .select({ id, name, state, createdAt })
    .from(submissionImports)
    .where(eq(submissionImports.assignmentId, access.assignment.id))
    .orderBy(desc(submissionImports.id))
    .limit(IMPORTS_PAGE);
}

export interface LookedImport {
  download: Download;
  plan: Plan;
  roster: RosterPerson[];
  /** Names what is shown: whoever agrees to it agrees to this. */
  basis: string;
}

/** What would be done now. */
export async function lookAtImport(
  db: Executor,
  { row, assignment, course }: ImportAccess,
): Promise<LookedImport> {
  const said = download.parse(row.download);
  const everybody = await wholeRoster(db, course.id);
  const plan = planImport(said, {
    roster: everybody,
    groups: assignment.groupSetId !== null,
    receivedAt: row.receivedAt,
    known: await originsHere(db, assignment.id),
    choices: new Map(Object.entries(row.choices)),
  });
  return { download: said, plan, roster: everybody, basis: basisOf(plan) };
}

/** Without what is here already: that grows while a plan is carried out. */
const basisOf = ({ take, not }: Plan): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        take.map(({ origin, person, members, receivedAt }) => [
          origin,
          person.personId,
          members.map(({ personId }) => personId),
          receivedAt,
        ]),
        not.map(({ origin, code }) => [origin, code]),
      ]),
    )
    .digest("hex");

async function wholeRoster(db: Executor, courseId: string): Promise<RosterPerson[]> {
  return db
    .select({
      personId: roster.personId,
      name: people.name,
      email: people.email,
      studentNumber: roster.studentNumber,
    })
    .from(roster)
    .innerJoin(people, eq(people.id, roster.personId))
    .where(eq(roster.courseId, courseId))
    .orderBy(asc(people.name), asc(people.id));
}

/**
 * A file that says who is who or when they handed in: beside those that were given before it.
 * @throws bad_people_file, import_under_way
 */
export async function addPeopleFile(
  parts: ImportParts,
  { row, course }: ImportAccess,
  file: { name: string; bytes: Uint8Array },
): Promise<void> {
  const sheet = joinSheets([...sheetsOf(row), readPeople(file, course.timeZone)]);
  const said = await withBlob(parts, row.blob, (path) => readZip(parts.uploads, path, sheet));
  await change(parts.db, row, {
    download: asJson(said),
    people: asJson([...(sheet?.people ?? [])]),
    sheets: [...row.sheets, file.name],
  });
}

function readPeople({ name, bytes }: { name: string; bytes: Uint8Array }, zone: string): Sheet {
  try {
    return readSheet(bytes, zone);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const { status, en, zh } = submissionErrors.bad_people_file;
    const said = (text: string, lang: "en" | "zh") => text.replace("{problem}", () => error.sentence(lang));
    throw new UserError("bad_people_file", { status, en: said(en, "en"), zh: said(zh, "zh") }, { name });
  }
}

/** As it is kept: moments as texts, and no text that PostgreSQL refuses. */
const asJson = (value: unknown): unknown => storable(JSON.parse(JSON.stringify(value)));

const kept = z.array(
  z.tuple([
    z.string(),
    z.object({
      name: z.string().nullable(),
      email: z.string().nullable(),
      numbers: z.array(z.string()),
      at: z.coerce.date().nullable(),
    }),
  ]),
);
const sheetsOf = ({ people }: SubmissionImport): Sheet[] =>
  people === null ? [] : [{ people: new Map(kept.parse(people)) }];

/**
 * Who is meant by names that fit nobody, by the names' keys (an empty one takes a choice back), and when work came
 * whose time is said nowhere.
 * @param said an e-mail address of the roster, or `Name <address>`.
 * @throws unknown_person, bad_moment, import_under_way
 */
export async function decideImport(
  db: Db,
  { row, course }: ImportAccess,
  { people, moment }: { people: ReadonlyMap<string, string>; moment: string },
): Promise<void> {
  const everybody = await wholeRoster(db, course.id);
  const keys = new Set(download.parse(row.download).handedIn.flatMap(keysOf));
  const choices = { ...row.choices };
  for (const [key, said] of people) {
    if (!keys.has(key)) continue;
    const address = (/<([^<>]+)>\s*$/.exec(said)?.[1] ?? said).trim().toLowerCase();
    const person = everybody.find(({ email }) => email.toLowerCase() === address);
    if (address !== "" && !person) throw fail("unknown_person", { said });
    if (person) choices[key] = person.personId;
    else delete choices[key];
  }
  const receivedAt = moment.trim() === "" ? null : readZoned(moment, course.timeZone);
  if (moment.trim() !== "" && receivedAt === null) throw fail("bad_moment", { said: moment });
  await change(db, row, { choices, receivedAt });
}

/** Not while it is worked on. @throws import_under_way */
async function change(db: Executor, { id }: SubmissionImport, to: Partial<SubmissionImport>): Promise<void> {
  const changed = await db
    .update(submissionImports)
    .set(to)
    .where(and(eq(submissionImports.id, id), ne(submissionImports.state, "applying")))
    .returning({ id: submissionImports.id });
  if (changed.length === 0) throw fail("import_under_way");
}

/**
 * Has it carried out (import-run.ts); pressed twice, or again later, it is the same: what is here stays, once.
 * @throws stale_preview where something else would be done than was seen
 */
export async function beginImport(
  db: Db,
  viewer: Viewer,
  access: ImportAccess,
  basis: string,
): Promise<void> {
  const { row, assignment, course } = access;
  permit(viewer, access, "submission.move_in");
  if (row.state === "applying") return;
  const looked = await lookAtImport(db, access);
  if (looked.basis !== basis) throw fail("stale_preview");
  await transaction(db, async (tx) => {
    const begun = await tx
      .update(submissionImports)
      .set({ state: "applying", outcomes: [], appliedBy: viewer.id, touchedAt: null })
      .where(and(eq(submissionImports.id, row.id), ne(submissionImports.state, "applying")))
      .returning({ id: submissionImports.id });
    if (begun.length === 0) return;
    await audit(tx, {
      actorId: viewer.id,
      action: "submission.import_begun",
      courseId: course.id,
      subject: { kind: "assignment", id: assignment.id },
      detail: {
        file: row.name,
        system: looked.download.system,
        submissions: looked.plan.take.length,
        chosen: looked.plan.take.filter(({ by }) => by === "choice").length,
      },
    });
  });
}

/** Forgets the download; what was taken in of it stays. @throws import_under_way */
export async function dropImport(db: Db, viewer: Viewer, access: ImportAccess): Promise<void> {
  permit(viewer, access, "submission.move_in");
  const { id } = access.row;
  const dropped = await db
    .delete(submissionImports)
    .where(and(eq(submissionImports.id, id), ne(submissionImports.state, "applying")))
    .returning({ id: submissionImports.id });
  if (dropped.length === 0) throw fail("import_under_way");
}
