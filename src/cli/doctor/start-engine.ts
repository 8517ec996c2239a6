// Finds, installs and starts the Docker engine. Only here is anything installed on a machine.
import { spawn } from "node:child_process";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { createInterface as createPrompt } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { openEngine } from "../../sandbox/engine.ts";
import { usesCluster } from "../../sandbox/kubernetes/settings.ts";
import type { FixOptions } from "./check.ts";

export const INSTALL_ENGINE =
  "apt-get update && apt-get install -y --no-install-recommends docker.io iptables mmdebstrap";
const START_DEADLINE_MS = 60_000;
const INSTALL_DEADLINE_MS = 20 * 60_000;
const RUN = "/var/run";

/** A machine on which there is no engine and we could not bring one about; the message says what to do. */
export class EngineMissing extends Error {}

/**
 * Makes sure that a Docker engine answers: starts it where it is installed, installs it where it is not
 * (asking first when there is a terminal and `yes` is not given). @throws EngineMissing
 */
export async function ensureDocker({ yes, onProgress }: FixOptions): Promise<void> {
  if (await engineAnswers()) return;
  if (process.env.DOCKER_HOST) {
    throw new EngineMissing(`nothing answers at DOCKER_HOST=${process.env.DOCKER_HOST}: start that engine`);
  }
  if (!onPath("dockerd")) await installEngine({ yes, onProgress });
  await startEngine(onProgress);
}

export async function engineAnswers(): Promise<boolean> {
  if (usesCluster()) return false;
  return openEngine()
    .ping()
    .then(
      () => true,
      () => false,
    );
}

export function onPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function installEngine({ yes, onProgress }: FixOptions): Promise<void> {
  if (!onPath("apt-get")) {
    throw new EngineMissing("install Docker Engine: https://docs.docker.com/engine/install/");
  }
  await aptInstall(["docker.io", "iptables", "mmdebstrap"], "about 300 MB of disk", { yes, onProgress });
}

/** Installs Debian packages; `cost` goes into the question. @throws EngineMissing where that is refused */
export async function aptInstall(packages: string[], cost: string, { yes, onProgress }: FixOptions) {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (process.getuid?.() !== 0) throw new EngineMissing(`run as root: ${command}`);
  if (!yes && !(await agreed(`Install ${packages.join(", ")} (${cost})?`))) {
    throw new EngineMissing(`not installed; the command is: ${command}`);
  }
  onProgress(`installing ${packages.join(", ")} from the distribution's packages (${cost})`);
  const options = ["-o", "DPkg::Lock::Timeout=120", "-y", "--no-install-recommends"];
  // An old list of packages is often good enough when a mirror of something else does not answer.
  await run("apt-get", ["update", "-qq"], onProgress).catch((error) => onProgress(error.message));
  await run("apt-get", ["install", ...options, ...packages], onProgress);
}

/** Asks on the terminal; without one the answer is no. */
async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createPrompt({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(await prompt.question(`${question} [y/N] `));
  } finally {
    prompt.close();
  }
}

async function startEngine(onProgress: (line: string) => void): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    onProgress("starting the Docker engine by systemd");
    await run("systemctl", ["start", "docker"], onProgress);
    return await answeredWithin(START_DEADLINE_MS, () => null);
  }
  if (process.getuid?.() !== 0) throw new EngineMissing("the Docker engine is not running: sudo dockerd");
  if (isRunning("docker.pid", "dockerd")) {
    onProgress("the Docker engine is starting: waiting for it");
    return await answeredWithin(START_DEADLINE_MS, () => null);
  }
  onProgress("starting the Docker engine (dockerd)");
  try {
    await spawnEngine([]);
  } catch (error) {
    // A kernel without the tables that a bridge network needs: the sandboxes use no network at all.
    if (!/iptables|nf_tables|bridge|NAT/i.test((error as Error).message)) throw error;
    onProgress("starting it again without a bridge network, which no sandbox uses");
    await spawnEngine(["--iptables=false", "--ip6tables=false", "--bridge=none"]);
  }
}

/** Starts dockerd in a session of its own, so that it outlives us, and waits until it answers. */
async function spawnEngine(options: string[]): Promise<void> {
  forgetStalePids();
  const log = join("/var/log", "assay-dockerd.log");
  mkdirSync("/var/log", { recursive: true });
  const output = openSync(log, "w");
  const child = spawn("dockerd", options, {
    detached: true,
    stdio: ["ignore", output, output],
    cwd: "/",
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  closeSync(output);
  let ended: string | null = null;
  child.on("error", (error) => {
    ended = error.message;
  });
  child.on("exit", (code) => {
    ended = `dockerd ended (${code}): ${tailOf(log)}`;
  });
  try {
    await answeredWithin(START_DEADLINE_MS, () => ended);
  } finally {
    child.removeAllListeners();
    child.unref();
  }
}

async function answeredWithin(ms: number, ended: () => string | null): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await engineAnswers())) {
    const reason = ended();
    if (reason) throw new EngineMissing(reason);
    if (Date.now() > deadline) throw new EngineMissing(`the Docker engine did not answer within ${ms} ms`);
    await sleep(100);
  }
}

/**
 * After a kill -9 the pid files stay, and a number in them may belong to another process by now: dockerd
 * would then refuse to start. A containerd left over by a killed dockerd is adopted by the next one.
 */
function forgetStalePids() {
  if (!isRunning("docker.pid", "dockerd")) rmSync(join(RUN, "docker.pid"), { force: true });
  const containerd = "docker/containerd/containerd.pid";
  if (!isRunning(containerd, "containerd")) rmSync(join(RUN, containerd), { force: true });
}

/** Whether the process named in `pidFile` runs and is `program`. */
export function isRunning(pidFile: string, program: string, folder = RUN): boolean {
  try {
    const pid = Number(readFileSync(join(folder, pidFile), "utf8").trim());
    return pid > 0 && readFileSync(`/proc/${pid}/comm`, "utf8").trim() === program;
  } catch {
    return false;
  }
}

function tailOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trim().split("\n").slice(-4).join(" / ").slice(-800);
  } catch {
    return "no log";
  }
}

async function run(program: string, args: string[], onProgress: (line: string) => void): Promise<void> {
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: INSTALL_DEADLINE_MS,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      tail.push(line);
      if (tail.length > 4) tail.shift();
      if (/^(Setting up|Unpacking docker|E:)/.test(line)) onProgress(line);
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new EngineMissing(`${program} ${args[0]} failed: ${tail.join(" / ").slice(-600)}`);
}
