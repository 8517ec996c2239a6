// The installation's database: DATABASE_URL, or the PostgreSQL of our own when there is none.
import type { Config } from "./config.ts";
import { type Database, openDatabase } from "./database.ts";

/** Gives the address of the database, starting the embedded server where there is no other. */
export async function databaseAddress(config: Config): Promise<{ url: string; release(): Promise<void> }> {
  if (config.databaseUrl) return { url: config.databaseUrl, release: async () => {} };
  const { openEmbeddedPostgres } = await import("./embedded-postgres.ts");
  return openEmbeddedPostgres(config.home);
}

/**
 * Opens the installation's database, brought up to date first: one process does it, the others wait for it.
 * @param name who this is, for the server's list of sessions.
 */
export async function openInstallation(config: Config, name: string): Promise<Database> {
  const { url, release } = await databaseAddress(config);
  try {
    const { migrate, missingMigrations } = await import("./migrate.ts");
    // A second look inside the lock; this first one spares the usual start the lock and pg-boss's.
    if (config.databaseUrl === undefined || (await missingMigrations(url)) > 0)
      await migrate(url, config.lanes);
  } catch (error) {
    await release();
    throw error;
  }
  const database = openDatabase(url, { name: `assay ${name}` });
  return { ...database, close: () => database.close().finally(release) };
}
