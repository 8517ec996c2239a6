// What both vitest's process and the test files need of the server.
import { openDatabase } from "../../src/platform/database.ts";

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
        const inUse = (error as { code?: string }).code === "55006";
        if (!inUse || tries === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } finally {
    await close();
  }
}
