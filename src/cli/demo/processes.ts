// The demo's server and worker: separate processes, as in real life, started from this very command line.
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("../../main.ts", import.meta.url));
const FLAGS: string[] = JSON.parse(
  readFileSync(new URL("../../../bin/node-flags.json", import.meta.url), "utf8"),
);
const READY_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 20_000;

export interface Running {
  url: string;
  /** Asks both to end (they drain), and waits until they have. */
  stop(): Promise<void>;
  /** Settles when one of them ends by itself. */
  ended: Promise<string>;
}

/** Starts a server on `port` (0: any free one) and a worker over `home`, and waits until the server is ready. */
export async function startProcesses(home: string, port: number): Promise<Running> {
  const { url, server } = await startServer(home, port);
  const worker = startWorker(home);
  const ended = Promise.race([endOf("server", server), endOf("worker", worker)]);
  return { url, ended, stop: () => Promise.all([stopProcess(worker), stopProcess(server)]).then(() => {}) };
}

/** A server of its own process, ready to answer. */
export async function startServer(
  home: string,
  port: number,
): Promise<{ url: string; server: ChildProcess }> {
  await mkdir(home, { recursive: true });
  const chosen = port === 0 ? await freePort() : port;
  const url = `http://127.0.0.1:${chosen}`;
  const server = start("serve", home, { HOST: "127.0.0.1", PORT: String(chosen), PUBLIC_URL: url });
  try {
    await untilReady(url, server, join(home, "serve.log"));
  } catch (error) {
    // Nobody else would know of it.
    server.kill("SIGKILL");
    throw error;
  }
  return { url, server };
}

/** A worker of its own process; it takes jobs as soon as it is ready. */
export function startWorker(
  home: string,
  options: string[] = [],
  environment: NodeJS.ProcessEnv = {},
): ChildProcess {
  return start("worker", home, environment, options);
}

function start(
  command: string,
  home: string,
  environment: NodeJS.ProcessEnv,
  options: string[] = [],
): ChildProcess {
  // Without the wrapper of bin/assay.mjs, since this process is on the right Node already.
  const env = { ...process.env, ...environment, ASSAY_HOME: home };
  const args = [...FLAGS, "--import", import.meta.resolve("tsx"), ENTRY, command, ...options];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(join(home, `${command}.log`), { flags: "a" });
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);
  return child;
}

async function untilReady(url: string, server: ChildProcess, log: string): Promise<void> {
  const until = Date.now() + READY_DEADLINE_MS;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`the server ended as it started; its log is ${log}`);
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
  throw new Error(`the server was not ready within ${READY_DEADLINE_MS / 1000} s; its log is ${log}`);
}

/** Asks a process to end (it drains), and waits until it has; kills it when that takes too long. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
  await ended;
  clearTimeout(late);
}

const endOf = (name: string, child: ChildProcess): Promise<string> =>
  new Promise((resolve) =>
    child.once("exit", (code, signal) => resolve(`the ${name} ended (${code ?? signal})`)),
  );

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => found(typeof address === "object" && address ? address.port : 0));
    });
  });
}
