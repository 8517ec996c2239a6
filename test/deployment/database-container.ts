// What the image `postgres` does at its first start, with the binaries that npm installed: a cluster whose superuser has
// the password of POSTGRES_PASSWORD_FILE, then the scripts of /docker-entrypoint-initdb.d, then a server on TCP.
import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findBinaries, serverAccount, spawnAs } from "../../src/platform/postgres-account.ts";
import { until } from "../support/until.ts";

export interface DatabaseContainer {
  port: number;
  stop(): Promise<void>;
}

export async function startDatabase(
  folder: string,
  port: number,
  env: Record<string, string>,
  scripts: string[],
): Promise<DatabaseContainer> {
  const binaries = await findBinaries();
  await mkdir(folder, { recursive: true });
  const account = serverAccount(binaries, folder);
  const passwordFile = join(folder, "password");
  await copyFile(env.POSTGRES_PASSWORD_FILE ?? "", passwordFile);
  if (account.uid !== undefined && account.gid !== undefined) {
    await chown(folder, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  await chmod(passwordFile, 0o600);
  const data = join(folder, "data");
  const user = env.POSTGRES_USER ?? "postgres";
  const args = ["-D", data, "-U", user, "--pwfile", passwordFile, "--auth-host=scram-sha-256"];
  await ended(spawnAs(account, binaries.initdb, [...args, "--auth-local=trust"], { stdio: "ignore" }));
  const listen = ["-c", "listen_addresses=127.0.0.1", "-c", `port=${port}`];
  const sockets = ["-c", `unix_socket_directories=${folder}`, "-c", "fsync=off"];
  const server = spawnAs(account, binaries.postgres, ["-D", data, ...listen, ...sockets], {
    stdio: "ignore",
  });
  const asClient = { ...process.env, ...env, PGHOST: folder, PGPORT: String(port) };
  await until("the server takes sessions", async () =>
    readFile(join(data, "postmaster.pid"), "utf8").then(
      (text) => text.includes("ready"),
      () => false,
    ),
  );
  for (const script of scripts)
    execFileSync("sh", [script], { env: asClient, stdio: ["ignore", "ignore", 2] });
  await writeFile(join(folder, "initialised"), "");
  const stop = async () => {
    const over = once(server, "exit");
    server.kill("SIGINT");
    await over;
  };
  return { port, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`initdb ended with ${code}`);
}
