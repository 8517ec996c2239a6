// What both vitest's process and the test files need of the server.
import { openDatabase, sqlState } from "../../src/platform/database.ts";

export function addressOf(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

/** One statement outside of a transaction. Copying a template can meet another copy of it: then again. */
export async function runOnServer(url: string, statement: string): Promise<void> {
  const { sql, close } = openDatabase(url, { connections: 1 });
  try {
    for (let tries = 1; ; tries++) {
      try {
        await sql.unsafe(statement);
        return;
      } catch (error) {
        const inUse = sqlState(error) === "55006";
        if (!inUse || tries === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } finally {
    await close();
  }
}

/**
 * Drops a database together with whoever is still connected to it. By force PostgreSQL would end autovacuum's process
 * too, which belongs to a superuser and which an owner may therefore not end; a plain drop asks it to go.
 */
export async function dropDatabase(url: string, name: string): Promise<void> {
  try {
    await runOnServer(url, `drop database if exists ${name} with (force)`);
  } catch (error) {
    if (sqlState(error) !== "42501") throw error;
    await runOnServer(url, `drop database if exists ${name}`);
  }
}
