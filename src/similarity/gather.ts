// The files that are compared: Python of each person's newest submission, from manifest and canonical archive. What is
// too large to be read by people or by a parser is left out and named.
import { buffer } from "node:stream/consumers";
import { asc, inArray, sql } from "drizzle-orm";
import type { Executor } from "../platform/database.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { manifestEntries, submissions } from "../submissions/tables.ts";
import { FILE_LIMIT_BYTES, FILES_LIMIT, FILES_PER_SUBMISSION, LINE_LIMIT_CHARACTERS } from "./errors.ts";
import type { SkippedFile } from "./tables.ts";

export interface Gathered {
  submissionId: string;
  path: string;
  text: string;
}

export interface Gathering {
  skipped: SkippedFile[];
  files: number;
  submissions: number;
  sources: AsyncIterable<Gathered>;
}

/** The newest of each person: what they stand by. Files are read one at a time, as they are asked for. */
export async function gather(db: Executor, blobs: BlobStore, assignmentId: string): Promise<Gathering> {
  const newest = await db
    .selectDistinctOn([submissions.personId], { id: submissions.id, blob: submissions.archiveBlob })
    .from(submissions)
    .where(sql`${submissions.assignmentId} = ${assignmentId}`)
    .orderBy(submissions.personId, sql`${submissions.number} desc`);
  const blobOf = new Map(newest.map(({ id, blob }) => [id, blob]));
  const gathering: Gathering = { skipped: [], files: 0, submissions: newest.length, sources: nothing() };
  const chosen = await pythonFiles(db, [...blobOf.keys()], gathering);
  gathering.sources = read(blobs, chosen, blobOf, gathering);
  return gathering;
}

type Entry = typeof manifestEntries.$inferSelect;

async function pythonFiles(db: Executor, ids: string[], gathering: Gathering): Promise<Entry[]> {
  const chosen: Entry[] = [];
  for (let at = 0; at < ids.length; at += 200) {
    const rows = await db
      .select()
      .from(manifestEntries)
      .where(
        sql`${inArray(manifestEntries.submissionId, ids.slice(at, at + 200))} and ${manifestEntries.path} ilike '%.py'
          and ${manifestEntries.position} < 10000`,
      )
      .orderBy(asc(manifestEntries.submissionId), asc(manifestEntries.position));
    for (const some of Map.groupBy(rows, ({ submissionId }) => submissionId).values()) {
      for (const [place, entry] of some.entries()) {
        const many = place >= FILES_PER_SUBMISSION || chosen.length >= FILES_LIMIT;
        const why = many ? "too_many" : entry.bytes > FILE_LIMIT_BYTES ? "large" : null;
        if (why) gathering.skipped.push({ submissionId: entry.submissionId, path: entry.path, why });
        else chosen.push(entry);
      }
    }
  }
  return chosen;
}

async function* read(
  blobs: BlobStore,
  entries: Entry[],
  blobOf: ReadonlyMap<string, string>,
  gathering: Gathering,
): AsyncGenerator<Gathered> {
  for (const { submissionId, path, offset, bytes } of entries) {
    const content = await buffer(await blobs.open(blobOf.get(submissionId)!, { offset, length: bytes }));
    const text = content.toString("utf8");
    const why = text.includes("\0") ? "not_text" : hasLongLine(text) ? "long_line" : null;
    if (why) gathering.skipped.push({ submissionId, path, why });
    else {
      gathering.files += 1;
      yield { submissionId, path, text };
    }
  }
}

/** A line that nobody wrote by hand: of data, or made to be slow. */
export function hasLongLine(text: string): boolean {
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf("\n", from);
    const to = end < 0 ? text.length : end;
    if (to - from > LINE_LIMIT_CHARACTERS) return true;
    from = to + 1;
  }
  return false;
}

async function* nothing(): AsyncGenerator<Gathered> {}
