// Brings a database up to date: our tables, then pg-boss's, then who may do what with them. Any number of processes may do it at once.
import { fileURLToPath } from "node:url";
import { migrate as runMigrations } from "drizzle-orm/postgres-js/migrator";
import { openDatabase } from "./database.ts";
import { migrateQueue } from "./queue.ts";
import { applyGrants, grantsInForce, type RoleAddresses } from "./roles.ts";

const MIGRATIONS_FOLDER = fileURLToPath(new URL("../../migrations", import.meta.url));
/** Any number that nobody else locks; held while migrating. */
const MIGRATION_LOCK = 7_461_830_015;

/**
 * Applies what is missing and nothing twice; a second process waits for the first.
 * @param url the owner's.
 * @param lanes the queues to make.
 * @param roles where the other roles connect; those with the usual names get their grants in any case.
 */
export async function migrate(
  url: string,
  lanes: string[] = ["cpu", "gpu"],
  roles: RoleAddresses = {},
): Promise<void> {
  const { sql, db, close } = openDatabase(url, { connections: 2, name: "assay migrate" });
  try {
    const session = await sql.reserve();
    try {
      await session`select pg_advisory_lock(${MIGRATION_LOCK})`;
      await runMigrations(db, { migrationsFolder: MIGRATIONS_FOLDER });
      await migrateQueue(url, lanes);
      await applyGrants(sql, roles);
    } finally {
      await session`select pg_advisory_unlock(${MIGRATION_LOCK})`.catch(() => {});
      session.release();
    }
  } finally {
    await close();
  }
}

/** How many migrations this version has that the database lacks; 0 means up to date. */
export async function missingMigrations(url: string): Promise<number> {
  const { sql, close } = openDatabase(url, { connections: 1 });
  try {
    const { readMigrationFiles } = await import("drizzle-orm/migrator");
    const files = readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER });
    const [there] = await sql`select to_regclass('drizzle.__drizzle_migrations') as name`;
    if (!there?.name) return files.length;
    const [last] = await sql`select coalesce(max(created_at), 0) as at from drizzle.__drizzle_migrations`;
    return files.filter((file) => file.folderMillis > Number(last?.at)).length;
  } finally {
    await close();
  }
}

/** True when nothing is left for `migrate` to do for these roles. Any role may ask. */
export async function isUpToDate(url: string, roles: RoleAddresses): Promise<boolean> {
  const { sql, close } = openDatabase(url, { connections: 1 });
  try {
    if (!(await grantsInForce(sql, roles))) return false;
  } finally {
    await close();
  }
  return (await missingMigrations(url)) === 0;
}
