// A database of its own for each test file: real PostgreSQL, copied from a template that was migrated once.
import { randomUUID } from "node:crypto";
import { afterAll, inject } from "vitest";
import { type Database, openDatabase } from "../../src/platform/database.ts";
import { createLogger, type Logger } from "../../src/platform/log.ts";
import { openQueue, type Queue } from "../../src/platform/queue.ts";
import type { LimitedRole, RoleAddresses } from "../../src/platform/roles.ts";
import { addressOf, dropDatabase, runOnServer } from "./server-address.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Addresses of the server's own database, and the name of the migrated one to copy. */
    postgres: { url: string; roles: Required<RoleAddresses>; template: string };
  }
}

export const testLanes = ["cpu", "gpu"];
/** Says what went wrong when `LOG_LEVEL` is set, else nothing. */
export const testLog: Logger = createLogger(process.env.LOG_LEVEL ?? "silent");

export interface TestDatabase extends Database {
  /** Addresses with which a process has only what its role may do (platform/grants.ts). */
  roles: Required<RoleAddresses>;
  /** Connections with which the code under test has only what its role may do. */
  as(role: LimitedRole): Database;
}

/**
 * An empty database with every table, dropped when the file's tests are done. Call it at the top of the file, in a
 * `beforeAll`, or in a test. It is the owner's: give code that runs in a server or a worker `as` its role.
 */
export async function freshDatabase(): Promise<TestDatabase> {
  const { url, roles: server, template } = inject("postgres");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await runOnServer(url, `create database ${name} template ${template}`);
  const open = (address: string) => openDatabase(address, { connections: 6, name: "test" });
  const database = open(addressOf(url, name));
  const roles = {
    web: addressOf(server.web, name),
    worker: addressOf(server.worker, name),
    reader: addressOf(server.reader, name),
  };
  const opened = [database];
  const as = (role: LimitedRole) => {
    const limited = open(roles[role]);
    opened.push(limited);
    return limited;
  };
  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await dropDatabase(url, name);
  });
  return { ...database, roles, as };
}

/** The owner's address of a database without any table, dropped when the file's tests are done. */
export async function emptyDatabase(): Promise<string> {
  const { url } = inject("postgres");
  const name = `empty_${randomUUID().replaceAll("-", "")}`;
  await runOnServer(url, `create database ${name}`);
  dropped.push(name);
  return addressOf(url, name);
}
const dropped: string[] = [];
afterAll(async () => {
  for (const name of dropped.splice(0)) await dropDatabase(inject("postgres").url, name);
});

/** pg-boss on a test's database, stopped with the file. */
export async function freshQueue(database: Database): Promise<Queue> {
  const queue = await openQueue(database.url, { lanes: testLanes, log: testLog });
  afterAll(() => queue.stop());
  return queue;
}
