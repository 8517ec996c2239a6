// A database of its own for each test file: real PostgreSQL, copied from a template that was migrated once.
import { randomUUID } from "node:crypto";
import { afterAll, inject } from "vitest";
import { type Database, openDatabase } from "../../src/platform/database.ts";
import { createLogger, type Logger } from "../../src/platform/log.ts";
import { openQueue, type Queue } from "../../src/platform/queue.ts";
import { addressOf, runOnServer } from "./server-address.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the server's own database, and the name of the migrated one to copy. */
    postgres: { url: string; template: string };
  }
}

export const testLanes = ["cpu", "gpu"];
/** Says what went wrong when `LOG_LEVEL` is set, else nothing. */
export const testLog: Logger = createLogger(process.env.LOG_LEVEL ?? "silent");

/**
 * An empty database with every table, dropped when the file's tests are done. Call it at the top of the file, in a
 * `beforeAll`, or in a test.
 */
export async function freshDatabase(): Promise<Database> {
  const { url, template } = inject("postgres");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await runOnServer(url, `create database ${name} template ${template}`);
  const database = openDatabase(addressOf(url, name), { connections: 6, name: "test" });
  afterAll(async () => {
    await database.close();
    await runOnServer(url, `drop database if exists ${name} with (force)`);
  });
  return database;
}

/** pg-boss on a test's database, stopped with the file. */
export async function freshQueue(database: Database, options: { supervise?: boolean } = {}): Promise<Queue> {
  const queue = await openQueue(database.url, {
    lanes: testLanes,
    supervise: options.supervise ?? false,
    log: testLog,
  });
  afterAll(() => queue.stop());
  return queue;
}
