// Blobs that no row names: a submission that was refused after its archive had been written, a replaced artifact.
import { sql } from "drizzle-orm";
import type { Executor } from "../platform/database.ts";

/** Hashes asked of the database at once. */
const ASKED_AT_ONCE = 1000;

export interface OldBlobs {
  /** Hashes of what was last written before `before`. */
  oldBlobs(before: Date): AsyncIterable<string>;
  /** Removes a blob unless it was written again since. */
  removeIfOld(hash: string, before: Date): Promise<boolean>;
}

/**
 * Removes the blobs that were last written before `before` and that no row names. A younger one may
 * belong to a transaction that has not committed; writing the same bytes again makes a blob young again.
 * @returns how many were removed.
 */
export async function removeOrphanedBlobs(db: Executor, store: OldBlobs, before: Date): Promise<number> {
  const columns = await blobColumns(db);
  let removed = 0;
  let batch: string[] = [];
  const flush = async () => {
    const named = await namedOf(db, columns, batch);
    for (const hash of batch) if (!named.has(hash) && (await store.removeIfOld(hash, before))) removed++;
    batch = [];
  };
  for await (const hash of store.oldBlobs(before)) {
    if (batch.push(hash) === ASKED_AT_ONCE) await flush();
  }
  if (batch.length > 0) await flush();
  return removed;
}

interface BlobColumn extends Record<string, unknown> {
  table_name: string;
  column_name: string;
}

/**
 * Every column whose name says that it names a blob, so that a room made later is not forgotten here. From the catalog
 * itself: information_schema hides what this role may not read, and its blobs would be taken for nobody's.
 */
async function blobColumns(db: Executor): Promise<BlobColumn[]> {
  const columns = await db.execute<BlobColumn>(sql`
    select c.relname as table_name, a.attname as column_name
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.atttypid = 'text'::regtype
      and a.attnum > 0 and not a.attisdropped and a.attname ~ '(^|_)blob$'`);
  if (columns.length === 0) throw new Error("no column names a blob: this is not our database");
  return [...columns];
}

async function namedOf(db: Executor, columns: BlobColumn[], hashes: string[]): Promise<Set<string>> {
  const wanted = sql`array(select jsonb_array_elements_text(${JSON.stringify(hashes)}::jsonb))`;
  const each = columns.map(({ table_name, column_name }) => {
    const column = sql.identifier(column_name);
    return sql`select ${column} as hash from ${sql.identifier(table_name)} where ${column} = any(${wanted})`;
  });
  const rows = await db.execute<{ hash: string }>(sql.join(each, sql` union `));
  return new Set(rows.map(({ hash }) => hash));
}
