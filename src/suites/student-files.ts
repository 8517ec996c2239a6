// What students are served of a suite: the sheet and `starter/`, never another file. Read from the canonical tar,
// whose layout follows from its headers, so that one file is a range of the blob.
import { eq } from "drizzle-orm";
import { extract } from "tar-stream";
import type { Executor } from "../platform/database.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { byPath, tarLayout } from "../storage/tar.ts";
import { fail } from "./errors.ts";
import { type DeclaredSuiteTest, suiteVersions } from "./tables.ts";

export interface StudentFile {
  /** Without `starter/`. */
  path: string;
  size: number;
  offset: number;
}

export interface StudentFiles {
  hash: string;
  blob: string;
  sheets: { en: StudentFile | null; zh: StudentFile | null };
  starter: StudentFile[];
  /** Null until a proof or a grading has told them. */
  tests: DeclaredSuiteTest[] | null;
}

/** A sheet is text for people; a longer one is cut off. */
const SHEET_LIMIT_BYTES = 512 * 1024;
const KEPT = 50;

type Layout = Pick<StudentFiles, "sheets" | "starter">;
/** By blob, which never changes; the oldest goes first. */
const layouts = new Map<string, Promise<Layout>>();

/** Of the version that an assignment names; the caller has the assignment in hand. @throws not_found */
export async function studentFiles(db: Executor, blobs: BlobStore, versionId: string): Promise<StudentFiles> {
  const [version] = await db
    .select({ hash: suiteVersions.hash, blob: suiteVersions.blob, tests: suiteVersions.tests })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, versionId));
  if (!version) throw fail("not_found");
  return { ...version, ...(await layoutOf(blobs, version.blob)) };
}

/** The sheet's Markdown in the language, or in the other one; null where the suite has none. */
export async function readSheet(
  blobs: BlobStore,
  { blob, sheets }: StudentFiles,
  lang: "en" | "zh",
): Promise<{ text: string; lang: "en" | "zh" } | null> {
  const other = lang === "en" ? "zh" : "en";
  const found = sheets[lang] ? lang : sheets[other] ? other : null;
  if (!found) return null;
  const { offset, size } = sheets[found]!;
  const parts: Buffer[] = [];
  const length = Math.min(size, SHEET_LIMIT_BYTES);
  for await (const part of await blobs.open(blob, { offset, length })) parts.push(part as Buffer);
  return { text: Buffer.concat(parts).toString("utf8"), lang: found };
}

function layoutOf(blobs: BlobStore, blob: string): Promise<Layout> {
  const known = layouts.get(blob);
  if (known) return known;
  const reading = readLayout(blobs, blob);
  layouts.set(blob, reading);
  // What failed once may work the next time.
  reading.catch(() => layouts.delete(blob));
  if (layouts.size > KEPT) layouts.delete(layouts.keys().next().value!);
  return reading;
}

async function readLayout(blobs: BlobStore, blob: string): Promise<Layout> {
  const listed: { path: string; size: number }[] = [];
  const reader = extract();
  const source = await blobs.open(blob);
  source.on("error", (error) => reader.destroy(error));
  source.pipe(reader);
  for await (const entry of reader) {
    listed.push({ path: entry.header.name, size: entry.header.size ?? 0 });
    entry.resume();
  }
  listed.sort(byPath);
  const { offsets } = tarLayout(listed);
  const files = listed.map((file, at) => ({ ...file, offset: offsets[at]! }));
  const sheet = (name: string) => files.find(({ path }) => path === name) ?? null;
  const starter = files
    .filter(({ path }) => path.startsWith("starter/"))
    .map((file) => ({ ...file, path: file.path.slice("starter/".length) }));
  return { sheets: { en: sheet("README.md"), zh: sheet("README.zh.md") }, starter };
}
