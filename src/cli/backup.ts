// `assay backup DIR` and `assay restore DIR`: rows, blobs and the secret that signs sessions. docs/operations.md.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { z } from "zod";
import { type Config, ConfigError, readConfig } from "../platform/config.ts";
import { damagedTables, dumpTables, restoreTables } from "../platform/dump.ts";
import { openInstallation } from "../platform/installation.ts";

const BACKUP_VERSION = 1;
const description = z.object({
  version: z.literal(BACKUP_VERSION),
  at: z.string(),
  migrations: z.array(z.string()),
  tables: z.record(z.string(), z.object({ columns: z.array(z.string()), rows: z.int(), sha256: z.string() })),
  /** Hashes of all blobs, sorted: names of the files, which must hold what they are called. */
  blobs: z.array(z.string()),
});
export type Backup = z.infer<typeof description>;

export function backupCommand(): Command {
  return new Command("backup")
    .description("copy rows and blobs into a folder, while everything runs")
    .argument(
      "<folder>",
      "a new one, or that of an earlier backup: blobs that are there are not copied again",
    )
    .option("--json", "print what was kept as JSON")
    .action(async (folder: string, options: { json?: boolean }) => {
      const config = readConfig();
      const { tables, blobs } = await backUp(config, folder);
      const rows = rowsOf(tables);
      if (options.json) return tellCounts(rows, tables, blobs);
      if (config.s3) console.log(`Blobs are in the bucket ${config.s3.bucket}: keep its versions.`);
      console.log(`Kept ${rows} rows of ${Object.keys(tables).length} tables and ${blobs.length} blobs.`);
    });
}

export function restoreCommand(): Command {
  return new Command("restore")
    .description("put a backup into an empty installation")
    .argument("<folder>", "that `assay backup` made")
    .option("--json", "print what was restored as JSON")
    .action(async (folder: string, options: { json?: boolean }) => {
      const { tables, blobs } = await restore(readConfig(), folder);
      const rows = rowsOf(tables);
      if (options.json) return tellCounts(rows, tables, blobs);
      console.log(`Restored ${rows} rows of ${Object.keys(tables).length} tables and ${blobs.length} blobs.`);
    });
}

const rowsOf = (tables: Backup["tables"]) =>
  Object.values(tables).reduce((sum, table) => sum + table.rows, 0);

function tellCounts(rows: number, tables: Backup["tables"], blobs: string[]): void {
  console.log(JSON.stringify({ rows, tables: Object.keys(tables).length, blobs: blobs.length }, null, 2));
}

/** Rows first: every blob that they name has been written before them and is never changed. */
export async function backUp({ home, ...config }: Config, folder: string): Promise<Backup> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const database = await openInstallation({ home, ...config }, "owner", "backup");
  try {
    const dump = await dumpTables(database.sql, join(folder, "tables"));
    // An object store keeps its own copies; a folder of what happens to lie near would be no backup.
    const blobs = config.s3 ? [] : await blobsIn(join(home, "blobs"));
    for (const hash of blobs) await copyBlob(join(home, "blobs"), join(folder, "blobs"), hash);
    await copyFile(join(home, "auth-secret"), join(folder, "auth-secret")).catch(ifThere);
    const backup: Backup = { version: BACKUP_VERSION, at: new Date().toISOString(), ...dump, blobs };
    // Last and by renaming: a folder without it is no whole backup.
    await writeFile(join(folder, "backup.json.part"), JSON.stringify(backup, null, 1), { mode: 0o600 });
    await rename(join(folder, "backup.json.part"), join(folder, "backup.json"));
    return backup;
  } finally {
    await database.close();
  }
}

/** @throws ConfigError where a file is missing or damaged; nothing is written then. */
export async function restore({ home, ...config }: Config, folder: string): Promise<Backup> {
  const backup = await readBackup(folder);
  const damaged = [
    ...(await damagedTables(backup, join(folder, "tables"))).map((table) => `tables/${table}`),
    ...(await damagedBlobs(join(folder, "blobs"), backup.blobs)).map((hash) => `blobs/${hash}`),
  ];
  if (damaged.length > 0) throw new ConfigError(`${folder} is damaged: ${damaged.slice(0, 20).join(", ")}`);
  await mkdir(home, { recursive: true });
  const database = await openInstallation({ home, ...config }, "owner", "restore");
  try {
    for (const hash of backup.blobs) await copyBlob(join(folder, "blobs"), join(home, "blobs"), hash);
    await copyFile(join(folder, "auth-secret"), join(home, "auth-secret")).catch(ifThere);
    await restoreTables(database.sql, backup, join(folder, "tables"));
    return backup;
  } finally {
    await database.close();
  }
}

async function readBackup(folder: string): Promise<Backup> {
  const text = await readFile(join(folder, "backup.json"), "utf8").catch(() => "null");
  const read = description.safeParse(JSON.parse(text));
  if (!read.success) throw new ConfigError(`${folder} holds no whole backup (backup.json)`);
  return read.data;
}

async function blobsIn(folder: string): Promise<string[]> {
  const hashes: string[] = [];
  for (const prefix of await readdir(folder).catch(() => [])) {
    if (/^[0-9a-f]{2}$/.test(prefix)) hashes.push(...(await readdir(join(folder, prefix))));
  }
  return hashes.filter((hash) => /^[0-9a-f]{64}$/.test(hash)).sort();
}

const blobAt = (folder: string, hash: string) => join(folder, hash.slice(0, 2), hash);

/** Under another name first: what has a blob's name is whole. One that is swept up meanwhile was nobody's. */
async function copyBlob(from: string, to: string, hash: string): Promise<void> {
  const target = blobAt(to, hash);
  if (await stat(target).catch(() => null)) return;
  await mkdir(join(to, hash.slice(0, 2)), { recursive: true });
  await copyFile(blobAt(from, hash), `${target}.part`);
  await rename(`${target}.part`, target);
}

async function damagedBlobs(folder: string, hashes: string[]): Promise<string[]> {
  const damaged: string[] = [];
  for (const hash of hashes) {
    const found = createHash("sha256");
    const whole = await pipeline(createReadStream(blobAt(folder, hash)), found).then(
      () => found.digest("hex") === hash,
      () => false,
    );
    if (!whole) damaged.push(hash);
  }
  return damaged;
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
