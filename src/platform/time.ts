// The database's clock is the only one that decides anything: machines disagree, rows must not.
import { sql } from "drizzle-orm";
import { type PgTimestampBuilderInitial, timestamp } from "drizzle-orm/pg-core";
import type { Executor } from "./database.ts";

/** The database's time. Inside a transaction it is the time of its beginning. */
export async function databaseNow(executor: Executor): Promise<Date> {
  const [row] = await executor.execute<{ ms: string }>(sql`select extract(epoch from now()) * 1000 as ms`);
  return new Date(Number(row?.ms));
}

/** A `timestamptz` column, read as a Date. */
export const instant = (name: string): PgTimestampBuilderInitial<string> =>
  timestamp(name, { withTimezone: true });
