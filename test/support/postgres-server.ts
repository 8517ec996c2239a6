// vitest's globalSetup: one PostgreSQL for the whole run (DATABASE_URL's, or an embedded one in a temporary
// folder) and one migrated template, which each test file copies.
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { migrate } from "../../src/platform/migrate.ts";
import type { RoleAddresses } from "../../src/platform/roles.ts";
import { addressOf, dropDatabase, runOnServer } from "./server-address.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.DATABASE_URL;
  const server = given ? { url: given, roles: external(given), stop: async () => {} } : await embedded();
  const template = `template_${randomUUID().replaceAll("-", "")}`;
  await runOnServer(server.url, `create database ${template}`);
  await migrate(addressOf(server.url, template), ["cpu", "gpu"], server.roles);
  project.provide("postgres", { url: server.url, roles: server.roles, template });
  return async () => {
    await dropDatabase(server.url, template);
    await server.stop();
  };
}

/** The roles of this run on somebody's server; made by `migrate`, which says so where it may not. */
function external(url: string): Required<RoleAddresses> {
  const as = (role: string) => {
    const address = new URL(url);
    address.username = `assay_${role}`;
    address.password = process.env.ASSAY_TEST_ROLE_PASSWORD ?? "of the tests' roles";
    return address.href;
  };
  return { web: as("web"), worker: as("worker"), reader: as("reader") };
}

async function embedded() {
  const home = await mkdtemp(join(tmpdir(), "assay-postgres-"));
  // The server's own account walks through it.
  await chmod(home, 0o711);
  const server = await openEmbeddedPostgres(home);
  const stop = async () => {
    await server.stop();
    await server.release();
    await rm(home, { recursive: true, force: true });
  };
  return { url: server.url, roles: server.roles, stop };
}
