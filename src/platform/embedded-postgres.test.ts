import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { until } from "../../test/support/until.ts";
import { openDatabase } from "./database.ts";
import { openEmbeddedPostgres } from "./embedded-postgres.ts";
import { listen, notify } from "./events.ts";
import { isAlive, readPostmaster } from "./postgres-folder.ts";

// As `mkdtemp` makes it, nobody else may walk through it: what a checkout under /root is like.
const home = await mkdtemp(join(tmpdir(), "assay-embedded-"));
const folder = join(home, "postgres");
const script = fileURLToPath(new URL("../../test/support/postgres-user.ts", import.meta.url));
const children: ChildProcess[] = [];

async function startUser(): Promise<{ child: ChildProcess; url: string }> {
  const options = {
    env: { ...process.env, ASSAY_HOME: home },
    stdio: ["ignore", "pipe", "inherit"] as const,
  };
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    ...options,
    stdio: [...options.stdio],
  });
  children.push(child);
  const [url] = await once(child.stdout!, "data");
  return { child, url: String(url).trim() };
}

async function ask<T>(url: string, statement: string): Promise<T> {
  const { sql, close } = openDatabase(url, { connections: 1 });
  try {
    const [row] = await sql.unsafe(statement);
    return Object.values(row ?? {})[0] as T;
  } finally {
    await close();
  }
}

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  const running = await readPostmaster(folder);
  if (running && isAlive(running.pid)) process.kill(running.pid, "SIGQUIT");
  await until("stopped", () => !running || !isAlive(running.pid));
  await rm(home, { recursive: true, force: true });
});

test("three processes at once: one server, used by all", { timeout: 60_000 }, async () => {
  const three = await Promise.all([startUser(), startUser(), startUser()]);
  expect(new Set(three.map((user) => user.url)).size).toBe(1);
  expect((await readdir(join(folder, "uses"))).toSorted()).toEqual(
    three.map(({ child }) => `${child.pid}`).toSorted(),
  );
  expect((await readdir(home)).toSorted()).toEqual(["postgres"]);
});

test("it listens on loopback only, wants its password, and keeps that to its owner", async () => {
  const { url } = await startUser();
  const address = new URL(url);
  expect(address.hostname).toBe("127.0.0.1");
  for (const file of ["password", "password.web", "password.worker", "password.reader"])
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, "data"))).mode & 0o777).toBe(0o700);
  for (const [user, password] of [
    ["assay", "assay"],
    ["postgres", address.password],
  ] as const) {
    const other = new URL(url);
    other.username = user;
    other.password = password;
    await expect(ask(other.href, "select 1")).rejects.toThrow(/password authentication|no pg_hba.conf entry/);
  }
});

test("it is PostgreSQL 18 with builtin C.UTF-8, fsync on, and a role that is no superuser", async () => {
  const { url } = await startUser();
  expect(await ask(url, "show server_version_num")).toMatch(/^18/);
  expect(await ask(url, "show fsync")).toBe("on");
  const locale =
    "select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()";
  expect(await ask(url, locale)).toBe("b C.UTF-8");
  expect(await ask(url, "select rolsuper from pg_roles where rolname = current_user")).toBe(false);
});

test("killed users leave it running, and it stops when the last is gone", { timeout: 60_000 }, async () => {
  const { child, url } = await startUser();
  await ask(url, "create table kept as select 42 as answer");
  const { pid } = (await readPostmaster(folder))!;
  for (const other of children) if (other !== child) other.kill("SIGKILL");
  // Two rounds of the watcher and more.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  expect(await ask(url, "select answer from kept")).toBe(42);
  child.kill("SIGKILL");
  const killed = performance.now();
  await until("it stops", () => !isAlive(pid), 20_000);
  if (process.env.ASSAY_TEST_MEASURE)
    console.log("last user to stop, ms:", Math.round(performance.now() - killed));
  expect(await readFile(join(folder, "data", "postmaster.pid"), "utf8").catch(() => null)).toBe(null);
});

test("a server that is killed comes back at its address, with what was committed", {
  timeout: 60_000,
}, async () => {
  const server = await openEmbeddedPostgres(home);
  const database = openDatabase(server.url, { connections: 2 });
  const heard: string[] = [];
  await listen(database, "row_changed", (id) => heard.push(id));
  await database.sql`insert into kept values (43)`;
  const { pid } = (await readPostmaster(folder))!;
  process.kill(pid, "SIGKILL");
  const killed = performance.now();
  await until("another server runs", async () => {
    const running = await readPostmaster(folder);
    return running?.ready && running.pid !== pid;
  });
  // The pool's two connections may each have to find out.
  const sum = await until("it answers", () =>
    database.sql`select sum(answer)::int as sum from kept`.then(
      ([row]) => row?.sum,
      () => null,
    ),
  );
  if (process.env.ASSAY_TEST_MEASURE)
    console.log("killed to answering, ms:", Math.round(performance.now() - killed));
  expect(sum).toBe(85);
  await until("it is heard again", async () => {
    await notify(database.db, "row_changed", "again").catch(() => {});
    return heard.includes("again");
  });
  await database.close();
  await server.stop();
  await server.release();
});

test("after a crash with nobody there, the next who comes starts it", { timeout: 60_000 }, async () => {
  const server = await openEmbeddedPostgres(home);
  await server.release();
  const { pid } = (await readPostmaster(folder))!;
  process.kill(pid, "SIGKILL");
  await until("dead", () => !isAlive(pid));
  expect((await readPostmaster(folder))?.pid).toBe(pid);
  const again = await openEmbeddedPostgres(home);
  expect(Number(await ask(again.url, "select sum(answer) from kept"))).toBe(85);
  await again.stop();
  await again.release();
});

test("a folder of an earlier version gets its roles when the server starts", {
  timeout: 60_000,
}, async () => {
  await writeFile(join(folder, "data", "pg_hba.conf"), "host all assay 127.0.0.1/32 scram-sha-256\n");
  for (const role of ["web", "worker", "reader"]) await rm(join(folder, `password.${role}`));
  const server = await openEmbeddedPostgres(home);
  for (const [role, url] of Object.entries(server.roles))
    expect(await ask(url, "select current_user::text")).toBe(`assay_${role}`);
  await server.stop();
  await server.release();
});

test("a postmaster.pid that names another program is no server", { timeout: 60_000 }, async () => {
  const child = spawn("sleep", ["60"]);
  children.push(child);
  await writeFile(
    join(folder, "data", "postmaster.pid"),
    `${child.pid}\n${folder}/data\n1\n5432\n\n127.0.0.1\n\nready\n`,
  );
  const server = await openEmbeddedPostgres(home);
  expect(Number(await ask(server.url, "select count(*) from kept"))).toBe(2);
  expect(isAlive(child.pid!)).toBe(true);
  await server.stop();
  await server.release();
});

test("a cluster of another major is refused, in words", async () => {
  const file = join(folder, "data", "PG_VERSION");
  const version = await readFile(file, "utf8");
  await writeFile(file, "17\n");
  await expect(openEmbeddedPostgres(home)).rejects.toThrow(/made by PostgreSQL 17; this version runs 18/);
  await writeFile(file, version);
  await chmod(home, 0o700);
});
