// PostgreSQL without anybody installing one: the real server, from an npm package, in ASSAY_HOME/postgres.
//
// Who starts it, who stops it: the first process that needs it starts it, apart from itself (its own session), so
// it survives whatever happens to that process; every other process finds it by postmaster.pid and uses it too.
// PostgreSQL's own lock file decides when two start at once: the later one ends and its process adopts the first.
// A server that is killed is started again, at the same address, by whichever of its users sees it first.
// It runs as long as a process uses it and stops some six seconds after the last one has ended or was killed
// (postgres-watcher.sh), so nothing is left running and nobody has to remember to stop it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { unlinkSync } from "node:fs";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openDatabase } from "./database.ts";
import { InfrastructureFault } from "./errors.ts";
import { findBinaries, serverAccount, spawnAs } from "./postgres-account.ts";
import {
  addressOf,
  clusterMajor,
  ensureCluster,
  ensureRoles,
  isAlive,
  isPostgres,
  POSTGRES_MAJOR,
  ROLE,
  readPostmaster,
  roleAddresses,
} from "./postgres-folder.ts";
import type { RoleAddresses } from "./roles.ts";

export interface EmbeddedPostgres {
  /** The owner's address. */
  url: string;
  roles: Required<RoleAddresses>;
  /** This process needs the server no more; it stops when nobody else does. */
  release(): Promise<void>;
  /** Stops it at once, whoever uses it. For tests. */
  stop(): Promise<void>;
}

/** A crashed server reads its log again before it answers. */
const START_LIMIT_MS = 60_000;
const PORT_TRIES = 5;

/**
 * Gives the address of this installation's own PostgreSQL, starting it unless it runs already.
 * @param home the installation's folder; the server lies in `home/postgres`.
 * @throws InfrastructureFault when the cluster is another major's or the server does not come up.
 */
export async function openEmbeddedPostgres(home: string): Promise<EmbeddedPostgres> {
  const folder = join(home, "postgres");
  const major = await clusterMajor(folder);
  if (major !== undefined && major !== POSTGRES_MAJOR) {
    throw new InfrastructureFault(
      `${folder} was made by PostgreSQL ${major}; this version runs ${POSTGRES_MAJOR}. Dump it with version ${major}, move the folder away and restore.`,
    );
  }
  await ensureCluster(folder, await findBinaries());
  const use = await announceUse(folder);
  try {
    const { pid, port, url } = await startOrAdopt(folder);
    const roles = await roleAddresses(folder, port);
    if (!roles) throw new InfrastructureFault(`${folder} is still used by an earlier version: end it first`);
    await ensureWatcher(folder, pid);
    const unguard = guard(folder);
    const release = () => unguard().then(use);
    return { url, roles, release, stop: () => unguard().then(() => stopServer(folder)) };
  } catch (error) {
    await use();
    throw error;
  }
}

const GUARD_MS = 1000;

/** Starts the server again when it is gone although this process uses it. */
function guard(folder: string): () => Promise<void> {
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = null;
    });
  }, GUARD_MS).unref();
  const look = async () => {
    const running = await readPostmaster(folder);
    if (running && (await isPostgres(running.pid))) return;
    // What goes wrong is told by the queries that fail; the next look tries again.
    const again = await startOrAdopt(folder).catch(() => null);
    if (again) await ensureWatcher(folder, again.pid);
  };
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

/** Written before looking for a server: see postgres-watcher.sh. */
async function announceUse(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, "uses", String(process.pid));
  await mkdir(join(folder, "uses"), { recursive: true });
  await writeFile(file, "");
  const onExit = () => {
    try {
      unlinkSync(file);
    } catch {}
  };
  process.once("exit", onExit);
  await waitWhileStopping(folder);
  return async () => {
    process.off("exit", onExit);
    await rm(file, { force: true });
  };
}

async function waitWhileStopping(folder: string): Promise<void> {
  const file = join(folder, "stopping");
  for (;;) {
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) return;
    // Empty while it is being written.
    if (text !== "" && !isAlive(Number(text))) return rm(file, { force: true });
    await pause(50);
  }
}

async function startOrAdopt(folder: string): Promise<{ pid: number; port: number; url: string }> {
  const password = await readFile(join(folder, "password"), "utf8");
  const deadline = performance.now() + START_LIMIT_MS;
  let started = 0;
  while (performance.now() < deadline) {
    const running = await readPostmaster(folder);
    if (running && (await isPostgres(running.pid))) {
      const url = addressOf(ROLE, password, running.port);
      if (running.ready && (await answers(url))) return { pid: running.pid, port: running.port, url };
      await pause(30);
      continue;
    }
    // A number that another program bears now: the server would take it for its own and refuse to start.
    if (running && isAlive(running.pid)) await rm(join(folder, "data", "postmaster.pid"), { force: true });
    if (++started > PORT_TRIES) break;
    await start(folder);
  }
  throw new InfrastructureFault(`PostgreSQL in ${folder} does not come up: ${await lastWords(folder)}`);
}

/** True when what listens there takes this folder's password, so is this folder's server. */
async function answers(url: string): Promise<boolean> {
  const { sql, close } = openDatabase(url, { connections: 1 });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await close();
  }
}

/** Starts the server and returns when it is ready, or has ended (the port was taken, or another was first). */
async function start(folder: string): Promise<void> {
  const binaries = await findBinaries();
  // Another process may be starting it: then it has the folder, and makes them.
  await ensureRoles(folder, binaries).catch(() => {});
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(await choosePort(folder)),
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    logging_collector: "on",
    log_directory: "log",
    log_filename: "postgres-%a.log",
    log_truncate_on_rotation: "on",
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = await open(join(folder, "start.log"), "w", 0o600);
  try {
    const account = serverAccount(binaries, folder);
    const options = { detached: true, stdio: ["ignore", log.fd, log.fd] as ("ignore" | number)[] };
    const child = spawnAs(account, binaries.postgres, ["-D", join(folder, "data"), ...args], options);
    child.unref();
    let ended = false;
    child.once("error", () => (ended = true)).once("exit", () => (ended = true));
    const deadline = performance.now() + START_LIMIT_MS;
    while (!ended && performance.now() < deadline) {
      const running = await readPostmaster(folder);
      if (running?.ready && running.pid === child.pid) return;
      await pause(10);
    }
  } finally {
    await log.close();
  }
}

/** The port it had before, since running processes know it by that; another one only if that is taken. */
async function choosePort(folder: string): Promise<number> {
  const file = join(folder, "port");
  const before = Number(await readFile(file, "utf8").catch(() => "0"));
  const port = (before > 0 && (await freePort(before))) || (await freePort(0));
  await writeFile(file, String(port));
  return port;
}

/** `wanted`, or any when it is 0; 0 when it is taken. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, "127.0.0.1");
  const got = await once(server, "listening").then(
    () => (server.address() as AddressInfo).port,
    () => 0,
  );
  if (got > 0) {
    server.close();
    await once(server, "close");
  }
  return got;
}

async function ensureWatcher(folder: string, server: number): Promise<void> {
  const file = join(folder, "watcher");
  const [watcher, watched] = (await readFile(file, "utf8").catch(() => "")).split(" ").map(Number);
  if (watcher && watched === server && isAlive(watcher)) return;
  const script = fileURLToPath(new URL("postgres-watcher.sh", import.meta.url));
  const options = {
    detached: true,
    stdio: "ignore" as const,
    cwd: "/",
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
  };
  const child = spawn("/bin/sh", [script, folder, String(server)], options);
  child.once("error", () => {});
  child.unref();
  await writeFile(file, `${child.pid} ${server}`);
}

async function stopServer(folder: string): Promise<void> {
  const running = await readPostmaster(folder);
  if (!running || !(await isPostgres(running.pid))) return;
  process.kill(running.pid, "SIGINT");
  while (isAlive(running.pid)) await pause(20);
}

async function lastWords(folder: string): Promise<string> {
  const text = await readFile(join(folder, "start.log"), "utf8").catch(() => "");
  return text.trim().split("\n").slice(-5).join(" ") || "it said nothing";
}
