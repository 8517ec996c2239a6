// What lies in the embedded server's folder, and how it is first made.
//   data/       the cluster (its own account's, 0700)
//   password    of the role `assay`, who owns everything, 0600
//   password.web, password.worker, password.reader   of the roles that may less (grants.ts), 0600 each
//   port      that it had last
//   uses/PID    one file for each process that uses the server
//   watcher     pid of the loop that stops the server when nobody uses it (postgres-watcher.sh)
//   stopping    there while that loop is stopping it
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InfrastructureFault } from "./errors.ts";
import { type Account, type Binaries, serverAccount, spawnAs } from "./postgres-account.ts";
import { type LimitedRole, limitedRoles, type RoleAddresses } from "./roles.ts";

/** The major whose files we can read; another major's cluster needs a dump and a restore. */
export const POSTGRES_MAJOR = "18";
export const ROLE = "assay";
const roleName = (role: LimitedRole) => `${ROLE}_${role}`;
const passwordFile = (folder: string, role: LimitedRole) => join(folder, `password.${role}`);

/** The major that made the cluster, or undefined where there is none. */
export async function clusterMajor(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, "data", "PG_VERSION"), "utf8").catch(() => undefined);
  return text?.trim();
}

/** What postmaster.pid says of the server that runs, or ran, on this folder. */
export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

export async function readPostmaster(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(folder, "data", "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n").map((line) => line.trim());
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid < 2) return undefined;
  return { pid, port: Number.isInteger(port) ? port : 0, ready: lines[7] === "ready" };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** True when the process is a PostgreSQL server: after a reboot its number may be anybody's. */
export async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  // Without /proc (macOS) the connection itself tells.
  return command === undefined || command.split("\0")[0]?.endsWith("postgres") === true;
}

/**
 * Makes the folder with a cluster, its role and its database, unless it is there. It is made under another name
 * and renamed when it is whole: a process killed half-way leaves nothing behind that looks finished, and of two
 * at once the slower takes the other's.
 */
export async function ensureCluster(folder: string, binaries: Binaries): Promise<void> {
  if ((await clusterMajor(folder)) !== undefined) return;
  await mkdir(dirname(folder), { recursive: true });
  const making = await mkdtemp(`${folder}.new-`);
  try {
    await writeFile(join(making, "password"), newPassword(), { mode: 0o600 });
    await mkdir(join(making, "uses"));
    await mkdir(join(making, "data"), { mode: 0o700 });
    await makeCluster(making, binaries);
    await rename(making, folder).catch(async (error: NodeJS.ErrnoException) => {
      if ((await clusterMajor(folder)) === undefined) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function makeCluster(folder: string, binaries: Binaries): Promise<void> {
  // Walkable by the server's account; nothing in it is readable by others.
  await chmod(folder, 0o711);
  const account = serverAccount(binaries, folder);
  const data = join(folder, "data");
  if (account.uid !== undefined && account.gid !== undefined) await chown(data, account.uid, account.gid);
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  // `trust` stands only until pg_hba.conf is written below, before any server runs.
  await finish(account, binaries.initdb, ["-D", data, "-U", "postgres", "--auth=trust", ...locale]);
  const password = await readFile(join(folder, "password"), "utf8");
  await alone(account, folder, binaries, [
    `create role ${ROLE} login createdb password '${password}'`,
    `create database ${ROLE} owner ${ROLE}`,
  ]);
  await ensureRoles(folder, binaries);
}

/**
 * Makes the roles that may less than the owner, unless they are there; a folder of an earlier version has none. Only
 * while no server runs on the folder.
 */
export async function ensureRoles(folder: string, binaries: Binaries): Promise<void> {
  await writeFile(join(folder, "data", "pg_hba.conf"), hostRules);
  if (await roleAddresses(folder, 0)) return;
  const passwords = limitedRoles.map((role) => ({ role, password: newPassword() }));
  const statements = passwords.flatMap(({ role, password }) => [
    `do $$ begin create role ${roleName(role)}; exception when duplicate_object then null; end $$`,
    `alter role ${roleName(role)} login password '${password}'`,
    // So that the owner can end their sessions (a restore, a dropped database).
    `grant ${roleName(role)} to ${ROLE}`,
  ]);
  await alone(serverAccount(binaries, folder), folder, binaries, statements);
  for (const { role, password } of passwords)
    await writeFile(passwordFile(folder, role), password, { mode: 0o600 });
}

/** Where each role connects, or undefined in a folder of an earlier version that no server has started on since. */
export async function roleAddresses(
  folder: string,
  port: number,
): Promise<Required<RoleAddresses> | undefined> {
  const addresses: RoleAddresses = {};
  for (const role of limitedRoles) {
    const password = await readFile(passwordFile(folder, role), "utf8").catch(() => "");
    if (password === "") return undefined;
    addresses[role] = addressOf(roleName(role), password, port);
  }
  return addresses as Required<RoleAddresses>;
}

export const addressOf = (user: string, password: string, port: number) =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${ROLE}`;

const newPassword = () => randomBytes(24).toString("hex");

/** Only our roles, only from this machine, only with their password; the superuser cannot sign in at all. */
const hostRules = `host all ${[ROLE, ...limitedRoles.map(roleName)].join(",")} 127.0.0.1/32 scram-sha-256\n`;

/** Runs statements in single-user mode, where with `-j` one ends at a semicolon and an empty line. */
function alone(
  account: Account,
  folder: string,
  { postgres }: Binaries,
  statements: string[],
): Promise<void> {
  const text = statements.map((statement) => `${statement};\n\n`).join("");
  return finish(account, postgres, ["--single", "-j", "-D", join(folder, "data"), "postgres"], text);
}

async function finish(account: Account, program: string, args: string[], input = ""): Promise<void> {
  const child = spawnAs(account, program, args, { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stdout?.on("data", (text) => (said += text));
  child.stderr?.on("data", (text) => (said += text));
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  const [code] = await once(child, "close");
  if (code !== 0 || /\b(ERROR|FATAL):/.test(said)) {
    throw new InfrastructureFault(`${program} ended with ${code}: ${said.slice(-2000)}`);
  }
}
