// A wrong solution that the suite did not know becomes a mutant of its next version: what was handed in, without
// comments and names. The version is a draft like any that is uploaded: it is proved before anybody is graded by it.
import { buffer } from "node:stream/consumers";
import { and, desc, eq } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { permit } from "../courses/access.ts";
import { roster } from "../courses/tables.ts";
import { filesUnder, type Suite, SuiteError, type SuiteFile, suiteOf } from "../judge/read-suite.ts";
import type { Words } from "../judge/words.ts";
import type { Db, Executor } from "../platform/database.ts";
import { pythonParser } from "../similarity/tokens.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { listFiles, openFile } from "../submissions/files.ts";
import type { SubmissionAccess } from "../submissions/submissions.ts";
import { submissionMembers } from "../submissions/tables.ts";
import { badSuite, registerSuite } from "../suites/register.ts";
import { type VersionAccess, versionColumns } from "../suites/suites.ts";
import { suiteVersions } from "../suites/tables.ts";
import { versionFiles } from "../suites/version-files.ts";
import { fail } from "./errors.ts";
import { stripPython, withoutPeople } from "./strip-python.ts";

const FILES_LIMIT = 20;
const FILE_LIMIT_BYTES = 256 * 1024;
const WORDS_LIMIT_CHARACTERS = 500;

export interface MutantDraft {
  /** The newest version, which the mutant is added to. */
  base: { id: string; number: number };
  /** As they will stand in it. */
  files: { path: string; text: string }[];
}

export interface MutantWish {
  name: string;
  title: Words;
  hint: Words;
  /** Names of the tests that it must fail. */
  fails: string[];
  /** Somebody has read the code and answers for it. */
  read: boolean;
}

interface Parts {
  db: Db;
  blobs: BlobStore;
}

/** What would be saved, to be read first. @throws not_allowed, mutant_files */
export async function draftMutant(
  parts: Parts,
  viewer: Viewer,
  access: SubmissionAccess,
): Promise<MutantDraft> {
  permit(viewer, access, "suite.register");
  const { base, suite } = await newestOf(parts, access);
  const files = await strippedFiles(parts, access, suite);
  const { id, number } = base;
  return {
    base: { id, number },
    files: files.map(({ path, bytes }) => ({ path, text: bytes.toString("utf8") })),
  };
}

/** @throws mutant_words, mutant_unread, mutant_files, bad_suite */
export async function saveMutant(
  parts: Parts,
  viewer: Viewer,
  access: SubmissionAccess,
  wish: MutantWish,
): Promise<VersionAccess> {
  permit(viewer, access, "suite.register");
  const { suite } = await newestOf(parts, access);
  refuseWords(suite, wish);
  if (!wish.read) throw fail("mutant_unread");
  const { name, title, hint, fails } = wish;
  // JSON is YAML, too, and needs no rules for quoting.
  const settings = Buffer.from(`${JSON.stringify({ title, hint, fails }, null, 2)}\n`);
  const at = (path: string) => `mutants/${name}/${path}`;
  const laidOver = await strippedFiles(parts, access, suite);
  const added = [
    { path: at("mutant.yaml"), bytes: settings },
    ...laidOver.map(({ path, bytes }) => ({ path: at(path), bytes })),
  ];
  const version = await registerSuite(parts, viewer, access, checked([...suite.files, ...added]));
  await audit(parts.db, {
    ...{ actorId: viewer.id, action: "suite.mutant_saved", courseId: access.course.id },
    subject: { kind: "suite_version", id: version.version.id },
    detail: { mutant: name, submission: access.submission.id },
  });
  return version;
}

function checked(files: SuiteFile[]): Suite {
  try {
    return suiteOf(files.sort((a, b) => (a.path < b.path ? -1 : 1)));
  } catch (error) {
    if (error instanceof SuiteError) throw badSuite(error.problems);
    throw error;
  }
}

function refuseWords(suite: Suite, { name, title, hint, fails }: MutantWish): void {
  const words = [title.en, title.zh, hint.en, hint.zh];
  const said = words.every((one) => one.trim() !== "" && one.length <= WORDS_LIMIT_CHARACTERS);
  const free = /^[a-z0-9][a-z0-9-]{1,59}$/.test(name) && !suite.mutants.some((one) => one.name === name);
  if (!said || !free || fails.length === 0) throw fail("mutant_words");
}

/** The newest version of the suite that the submission was graded by. @throws not_found where it has no mutants */
async function newestOf({ db, blobs }: Parts, { submission }: SubmissionAccess) {
  const [own] = await db
    .select({ suiteId: suiteVersions.suiteId })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, submission.suiteVersionId));
  const [base] = await db
    .select(versionColumns)
    .from(suiteVersions)
    .where(eq(suiteVersions.suiteId, own!.suiteId))
    .orderBy(desc(suiteVersions.number))
    .limit(1);
  if (base!.config.mode === "gradescope") throw fail("not_found");
  return { base: base!, suite: await versionFiles(blobs, base!) };
}

/** Its Python files, and whatever else the reference has of the same name; what is like the reference stays out. */
async function strippedFiles(
  { db, blobs }: Parts,
  access: SubmissionAccess,
  suite: Suite,
): Promise<SuiteFile[]> {
  const reference = new Map(filesUnder(suite.files, "reference").map(({ path, bytes }) => [path, bytes]));
  const wanted = (await listFiles(db, access)).filter(({ path }) => path.endsWith(".py"));
  if (wanted.length > FILES_LIMIT || wanted.some(({ bytes }) => bytes > FILE_LIMIT_BYTES))
    throw fail("mutant_files");
  const names = await identities(db, access);
  const parser = await pythonParser();
  try {
    const files: SuiteFile[] = [];
    for (const { path } of wanted) {
      const bytes = await buffer((await openFile(db, blobs, access, path)).bytes);
      if (reference.get(path)?.equals(bytes)) continue;
      const text = stripPython(parser, withoutPeople(bytes.toString("utf8"), names));
      if (text === null) throw fail("mutant_files");
      files.push({ path, bytes: Buffer.from(text) });
    }
    if (files.length === 0) throw fail("mutant_files");
    return files;
  } finally {
    parser.delete();
  }
}

function identities(db: Executor, { submission, course }: SubmissionAccess) {
  return db
    .select({ name: people.name, email: people.email, studentNumber: roster.studentNumber })
    .from(submissionMembers)
    .innerJoin(people, eq(people.id, submissionMembers.personId))
    .leftJoin(roster, and(eq(roster.personId, people.id), eq(roster.courseId, course.id)))
    .where(eq(submissionMembers.submissionId, submission.id));
}
