// Every row of our tables as files, and back. The embedded server comes without pg_dump, so this is COPY over the
// connection that we have anyway. pg-boss's tables are left out: the sweeper sends again what waits.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { Sql, TransactionSql } from "postgres";
import { InfrastructureFault } from "./errors.ts";

export interface DumpedTable {
  columns: string[];
  rows: number;
  /** SHA-256 of the uncompressed file. */
  sha256: string;
}
export interface Dump {
  /** Hashes of the migrations that made the tables. */
  migrations: string[];
  tables: Record<string, DumpedTable>;
}

const fileOf = (folder: string, table: string) => join(folder, `${table}.copy.gz`);
const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Writes every table into `folder`, all as they were at one moment; others go on working meanwhile. */
export async function dumpTables(sql: Sql, folder: string): Promise<Dump> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return sql.begin("isolation level repeatable read read only", async (tx) => {
    const tables: Dump["tables"] = {};
    for (const [table, columns] of await tablesOf(tx)) {
      const { rows, sha256 } = await dumpTable(tx, table, columns, fileOf(folder, table));
      tables[table] = { columns, rows, sha256 };
    }
    return { migrations: await migrationsOf(tx), tables };
  });
}

async function dumpTable(tx: TransactionSql, table: string, columns: string[], path: string) {
  const [counted] = await tx.unsafe(`select count(*)::int as n from public.${identifier(table)}`);
  const hash = createHash("sha256");
  const source = await tx.unsafe(`copy public.${into(table, columns)} to stdout`).readable();
  await pipeline(source, tap(hash), createGzip({ level: 1 }), createWriteStream(path, { mode: 0o600 }));
  return { rows: Number(counted?.n), sha256: hash.digest("hex") };
}

/** Says what of a dump cannot be read back: files that are missing or are not what was written. */
export async function damagedTables(dump: Dump, folder: string): Promise<string[]> {
  const damaged: string[] = [];
  for (const [table, { sha256 }] of Object.entries(dump.tables)) {
    const hash = createHash("sha256");
    const read = pipeline(createReadStream(fileOf(folder, table)), createGunzip(), hash);
    const whole = await read.then(
      () => hash.digest("hex") === sha256,
      () => false,
    );
    if (!whole) damaged.push(table);
  }
  return damaged;
}

/**
 * Puts a dump into an empty database, as its owner: all of it or nothing.
 * @throws InfrastructureFault where there are rows already, or the tables were made by other migrations.
 */
export async function restoreTables(sql: Sql, dump: Dump, folder: string): Promise<void> {
  await sql.begin(async (tx) => {
    if ((await migrationsOf(tx)).join() !== dump.migrations.join()) {
      throw new InfrastructureFault(
        "the backup was made by another version of Assay: restore it with that version, then run assay migrate with this one",
      );
    }
    const filled = await filledTables(tx);
    if (filled.length > 0) {
      throw new InfrastructureFault(
        `the database is not empty (${filled.join(", ")}): restore into a new one`,
      );
    }
    // Rows come table by table, in no order that references would like: they are checked when all are there.
    const references = await tx<{ relation: string; name: string; definition: string }[]>`
      select conrelid::regclass::text as relation, conname as name, pg_get_constraintdef(oid) as definition
      from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`;
    for (const { relation, name } of references)
      await tx.unsafe(`alter table ${relation} drop constraint ${identifier(name)}`);
    // What triggers wrote when a row first came is among the rows.
    for (const table of Object.keys(dump.tables))
      await tx.unsafe(`alter table public.${identifier(table)} disable trigger user`);
    for (const [table, { columns }] of Object.entries(dump.tables)) {
      const target = await tx.unsafe(`copy public.${into(table, columns)} from stdin`).writable();
      await pipeline(createReadStream(fileOf(folder, table)), createGunzip(), target);
    }
    for (const table of Object.keys(dump.tables))
      await tx.unsafe(`alter table public.${identifier(table)} enable trigger user`);
    for (const { relation, name, definition } of references)
      await tx.unsafe(`alter table ${relation} add constraint ${identifier(name)} ${definition}`);
    await goOnCounting(tx);
  });
}

async function tablesOf(tx: TransactionSql): Promise<[string, string[]][]> {
  const rows = await tx<{ name: string; columns: string[] }[]>`
    select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by 1 order by 1`;
  return rows.map(({ name, columns }) => [name, columns]);
}

async function migrationsOf(tx: TransactionSql): Promise<string[]> {
  const rows = await tx`select hash from drizzle.__drizzle_migrations order by created_at`;
  return rows.map(({ hash }) => String(hash));
}

async function filledTables(tx: TransactionSql): Promise<string[]> {
  const filled: string[] = [];
  for (const [table] of await tablesOf(tx)) {
    const [row] = await tx.unsafe(`select exists (select from public.${identifier(table)}) as any`);
    if (row?.any) filled.push(table);
  }
  return filled;
}

/** Numbers that the database gives go on after the highest that came back. */
async function goOnCounting(tx: TransactionSql): Promise<void> {
  const counted = await tx<{ name: string; column: string }[]>`
    select c.relname::text as name, a.attname::text as column
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
      and pg_get_serial_sequence(format('%I.%I', 'public', c.relname), a.attname) is not null`;
  for (const { name, column } of counted) {
    const [table, key] = [`public.${identifier(name)}`, identifier(column)];
    await tx.unsafe(
      `select setval(pg_get_serial_sequence($1, $2), (select max(${key}) from ${table})) where exists (select from ${table})`,
      [table, column],
    );
  }
}

const into = (table: string, columns: string[]) =>
  `${identifier(table)} (${columns.map(identifier).join(", ")})`;

function tap(hash: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform(chunk, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}
