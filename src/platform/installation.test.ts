// A server of somebody else's: one address for all, or one for each role.
import { randomUUID } from "node:crypto";
import { afterAll, expect, inject, test } from "vitest";
import { addressOf, dropDatabase, runOnServer } from "../../test/support/server-address.ts";
import { readConfig } from "./config.ts";
import { sqlState } from "./database.ts";
import { openInstallation } from "./installation.ts";
import { migrate } from "./migrate.ts";
import { userOf } from "./roles.ts";

const { url: server, roles } = inject("postgres");
const made: string[] = [];
afterAll(async () => {
  for (const name of made) await dropDatabase(server, name);
});

async function emptyDatabase() {
  const name = `installation_${randomUUID().replaceAll("-", "")}`;
  await runOnServer(server, `create database ${name}`);
  made.push(name);
  return (url: string) => addressOf(url, name);
}

async function connectedAs(settings: Record<string, string>, role: "owner" | "web" | "worker" | "reader") {
  const database = await openInstallation(readConfig(settings), role);
  try {
    const [row] = await database.sql`select current_user::text as name`;
    const people = await database.sql`select count(*) from people`.then(() => true, sqlState);
    return [row?.name, people];
  } finally {
    await database.close();
  }
}

test("one address: everybody uses it, and the first to come migrates", async () => {
  const at = await emptyDatabase();
  for (const role of ["worker", "web", "owner"] as const)
    expect(await connectedAs({ DATABASE_URL: at(server) }, role)).toEqual([userOf(server), true]);
});

test("an address for each role: each process has its own, also where the tables were there before", async () => {
  const at = await emptyDatabase();
  await migrate(at(server));
  await runOnServer(at(server), "comment on schema drizzle is null");
  await runOnServer(at(server), `revoke all on people, attempts from ${userOf(roles.web)}`);
  const settings = {
    DATABASE_URL: at(server),
    DATABASE_URL_WEB: at(roles.web),
    DATABASE_URL_WORKER: at(roles.worker),
  };
  expect(await connectedAs(settings, "web")).toEqual([userOf(roles.web), true]);
  expect(await connectedAs(settings, "worker")).toEqual([userOf(roles.worker), "42501"]);
});

test("a worker's machine is given the worker's address only; until somebody has migrated it says so", async () => {
  const at = await emptyDatabase();
  const settings = { DATABASE_URL_WORKER: at(roles.worker) };
  await expect(connectedAs(settings, "worker")).rejects.toThrow("run assay migrate");
  await migrate(at(server), ["cpu", "gpu"], { worker: at(roles.worker) });
  expect(await connectedAs(settings, "worker")).toEqual([userOf(roles.worker), "42501"]);
  await expect(connectedAs(settings, "web")).rejects.toThrow("DATABASE_URL");
});

test("a role that is missing and may not be made is named, with the statement that makes it", async () => {
  const at = await emptyDatabase();
  const [row] = await withOwner(at(server));
  if (row?.rolsuper || row?.rolcreaterole) return;
  const missing = new URL(at(server));
  missing.username = "assay_not_there";
  await expect(migrate(at(server), ["cpu"], { web: missing.href })).rejects.toThrow(
    'create role "assay_not_there" login password',
  );
});

async function withOwner(url: string) {
  const { openDatabase } = await import("./database.ts");
  const { sql, close } = openDatabase(url, { connections: 1 });
  return sql`select rolsuper, rolcreaterole from pg_roles where rolname = current_user`.finally(close);
}
