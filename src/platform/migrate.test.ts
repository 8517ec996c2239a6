import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cp, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, inject, test } from "vitest";
import { addressOf, dropDatabase, runOnServer } from "../../test/support/server-address.ts";
import { openDatabase } from "./database.ts";
import { migrate, missingMigrations } from "./migrate.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { url: server } = inject("postgres");
const name = `migrate_${randomUUID().replaceAll("-", "")}`;
await runOnServer(server, `create database ${name}`);
const url = addressOf(server, name);
afterAll(() => dropDatabase(server, name));

test("two processes that migrate an empty database at once leave it up to date, and again changes nothing", async () => {
  expect(await missingMigrations(url)).toBeGreaterThan(0);
  await Promise.all([migrate(url), migrate(url)]);
  expect(await missingMigrations(url)).toBe(0);
  await migrate(url);
  const { sql, close } = openDatabase(url);
  const applied =
    await sql`select count(*)::int as n, count(distinct hash)::int as different from drizzle.__drizzle_migrations`;
  const files = (await readdir(join(root, "migrations"))).filter((file) => file.endsWith(".sql"));
  expect(applied[0]).toEqual({ n: files.length, different: files.length });
  await close();
});

test("the migrations say what the tables say: drizzle-kit finds nothing new", {
  timeout: 60_000,
}, async () => {
  const copy = await mkdtemp(join(tmpdir(), "assay-migrations-"));
  try {
    await cp(join(root, "migrations"), join(copy, "migrations"), { recursive: true });
    for (const each of ["src", "node_modules", "package.json", "tsconfig.json"])
      await symlink(join(root, each), join(copy, each));
    await cp(join(root, "drizzle.config.ts"), join(copy, "drizzle.config.ts"));
    const kit = join(root, "node_modules", "drizzle-kit", "bin.cjs");
    const said = execFileSync(process.execPath, [kit, "generate"], { cwd: copy, encoding: "utf8" });
    expect(said).toContain("No schema changes");
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});
