// The installation's database: DATABASE_URL and the addresses of its other roles, or the PostgreSQL of our own where
// there is none.
import { type Config, ConfigError } from "./config.ts";
import { type Database, openDatabase } from "./database.ts";
import { InfrastructureFault } from "./errors.ts";
import type { DatabaseRole, RoleAddresses } from "./roles.ts";

export interface Addresses {
  /** Undefined on a machine that was given only what its process needs; it cannot migrate. */
  owner: string | undefined;
  /** Those that connect by themselves; the others use the owner's. */
  roles: RoleAddresses;
  release(): Promise<void>;
}

/** Gives the addresses of the database, starting the embedded server where there is no other. */
export async function databaseAddresses(config: Config): Promise<Addresses> {
  if (isExternal(config)) {
    return { owner: config.databaseUrl, roles: config.roleUrls, release: async () => {} };
  }
  const { openEmbeddedPostgres } = await import("./embedded-postgres.ts");
  const { url, roles, release } = await openEmbeddedPostgres(config.home);
  return { owner: url, roles, release };
}

const isExternal = ({ databaseUrl, roleUrls }: Config) =>
  databaseUrl !== undefined || Object.keys(roleUrls).length > 0;

/** The owner's address, for what only the owner may do. @throws ConfigError where it was not given */
export function ownerOf({ owner }: Addresses): string {
  if (owner === undefined) throw new ConfigError("DATABASE_URL: give the address of the database's owner");
  return owner;
}

/**
 * Opens the installation's database as `role`, brought up to date first: one process does it, the others wait for it.
 * @param name who this is, for the server's list of sessions.
 */
export async function openInstallation(
  config: Config,
  role: DatabaseRole,
  name: string = role,
): Promise<Database> {
  const addresses = await databaseAddresses(config);
  try {
    const url = (role === "owner" ? undefined : addresses.roles[role]) ?? ownerOf(addresses);
    await bringUpToDate(config, addresses, url);
    const database = openDatabase(url, { name: `assay ${name}` });
    return { ...database, close: () => database.close().finally(addresses.release) };
  } catch (error) {
    await addresses.release();
    throw error;
  }
}

/** A second look is taken inside migrate's lock; this first one spares the usual start the lock and pg-boss's. */
async function bringUpToDate(config: Config, { owner, roles }: Addresses, url: string): Promise<void> {
  const { isUpToDate, migrate } = await import("./migrate.ts");
  if (isExternal(config) && (await isUpToDate(owner ?? url, roles))) return;
  if (owner === undefined) {
    throw new InfrastructureFault(
      "the database is not up to date: run assay migrate where DATABASE_URL is its owner's",
    );
  }
  await migrate(owner, config.lanes, roles);
}
