// The only file that opens connections for our own queries (pg-boss keeps its own few: platform/queue.ts).
import { type SQL, sql as sqlText } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres, { type Sql } from "postgres";
import { preparing } from "./prepared-statements.ts";

export type Db = PostgresJsDatabase<Record<string, never>> & { $client: Sql };
export type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0];
/** Either: what a function takes that works inside and outside of a transaction. */
export type Executor = Db | Tx;

export interface Database {
  url: string;
  /** postgres.js, for LISTEN and for statements that drizzle cannot say. */
  sql: Sql;
  db: Db;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_SECONDS = 10;
const CLOSE_TIMEOUT_SECONDS = 5;

/**
 * A process that is stopped or loses its network inside a transaction keeps its locks, and whoever would put things
 * right waits for them. The server ends such a session: no transaction of ours is silent for so long.
 */
const FROZEN_MS = 5000;

/** Opens a pool of connections. Nothing is connected before the first query. */
export function openDatabase(url: string, options: { connections?: number; name?: string } = {}): Database {
  const sql = postgres(url, {
    max: options.connections ?? 10,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => {},
    connection: {
      application_name: options.name ?? "assay",
      TimeZone: "UTC",
      idle_in_transaction_session_timeout: FROZEN_MS,
      // Partial indexes are found by what is asked, so a plan is made for each asking, as for an unprepared statement.
      plan_cache_mode: "force_custom_plan",
    },
    // A database that comes back is found again within a second, not after postgres.js's growing pauses.
    backoff: (retries) => Math.min(1, 0.05 * 2 ** retries),
  });
  const db = drizzle(preparing(sql)) as Db;
  return { url, sql, db, close: () => sql.end({ timeout: CLOSE_TIMEOUT_SECONDS }) };
}

/**
 * Put into a statement of a transaction, has its commit not wait for the disk. Only for what a crash of the database
 * may take back without loss; it is on disk a moment later, and at the latest with the next commit that waits.
 */
export const withoutDisk = sqlText<string>`set_config('synchronous_commit', 'off', true)`;

/** One parameter for however many ids: `any(${idList(ids)})`. */
export const idList = (ids: readonly string[]): SQL => sqlText`${`{${ids.join(",")}}`}::uuid[]`;

/** Serialization failure and deadlock: the database undid everything and asks to be asked again. */
const repeatable = new Set(["40001", "40P01"]);
const TRANSACTION_TRIES = 5;

/**
 * Runs `work` in one transaction; all of it happens or nothing. A deadlock is tried again, so `work` must not
 * change anything outside of the database.
 */
export async function transaction<T>(db: Executor, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction(work);
    } catch (error) {
      if (tries === TRANSACTION_TRIES || !repeatable.has(sqlState(error) ?? "")) throw error;
    }
  }
}

/** The SQLSTATE of a database error (`23505`), through drizzle's wrapping; undefined for anything else. */
export function sqlState(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code } = at as { code?: unknown };
    if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
}

/** True when `error` says that a unique index (by name) refused a row. */
export function violates(error: unknown, index: string): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code, constraint_name } = at as { code?: unknown; constraint_name?: unknown };
    if (code === "23505" && constraint_name === index) return true;
  }
  return false;
}
