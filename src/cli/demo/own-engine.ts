// A Docker engine of our own: dockerd and containerd on a folder, beside the machine's, which others use. Chaos kills
// it; the demo lets it hand out devices that are not there (stand-in/). The sandbox images come from the machine's
// engine, with the ids that they have there.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import Docker from "dockerode";
import { type Engine, followProgress, openEngine } from "../../sandbox/engine.ts";
import { IMAGE_KINDS, imageRecipe } from "../../sandbox/image-recipe.ts";
import { missingImages, reference } from "../../sandbox/images.ts";

const START_LIMIT_MS = 60_000;
export const IMAGE = "python-ml";

export interface PrivateEngine {
  /** For DOCKER_HOST. */
  host: string;
  /** Where all of it lies; the shims of its containers name it. */
  folder: string;
  engine: Engine;
  /** SIGKILL to dockerd, and after `pauseMs` another one, as a service manager starts it. */
  kill(pauseMs: number): Promise<void>;
  stop(): Promise<void>;
}

export interface OwnEngineOptions {
  /** A folder before the engine's PATH: it looks there for its helpers. */
  programs?: string;
  /** An interrupt in the terminal is for us alone, who then end it in order. */
  apart?: boolean;
}

/** Starts it on `folder` and brings the sandbox images over. Needs root and `dockerd` on the PATH. */
export async function openPrivateEngine(
  folder: string,
  say: (line: string) => void,
  { programs, apart = true }: OwnEngineOptions = {},
): Promise<PrivateEngine> {
  const at = (name: string) => join(folder, name);
  const host = `unix://${at("docker.sock")}`;
  await mkdir(at("data"), { recursive: true });
  await mkdir(at("exec"), { recursive: true });
  const containerd = await startContainerd(folder, apart);
  const path = programs ? `${programs}:${process.env.PATH}` : process.env.PATH;
  const dockerd = () =>
    launch(
      at("dockerd.log"),
      // In a network of its own, of nothing: a dockerd without a bridge removes the one that it finds, the machine's.
      "unshare",
      [
        ...["--net", "dockerd"],
        ...["--data-root", at("data"), "--exec-root", at("exec"), "--pidfile", at("docker.pid")],
        ...["-H", host, "--containerd", at("containerd.sock"), "--bridge=none", "--iptables=false"],
      ],
      { apart, path },
    );
  let running = dockerd();
  const stop = async () => {
    await end(running);
    await end(containerd);
    await unmountBelow(folder);
  };
  const engine = openEngine(new Docker({ socketPath: at("docker.sock") }));
  try {
    await untilAnswers(engine, at("dockerd.log"));
    await bringImages(engine, say);
    await empty(engine);
  } catch (error) {
    await stop();
    throw error;
  }
  const kill = async (pauseMs: number) => {
    const ended = once(running, "exit");
    running.kill("SIGKILL");
    await ended;
    await sleep(pauseMs);
    running = dockerd();
    await untilAnswers(engine, at("dockerd.log"));
  };
  return { host, folder, engine, kill, stop };
}

async function startContainerd(folder: string, apart: boolean): Promise<ChildProcess> {
  const config = join(folder, "containerd.toml");
  await writeFile(
    config,
    `version = 2
root = "${folder}/data/containerd"
state = "${folder}/exec/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "${folder}/containerd.sock"
`,
  );
  return launch(join(folder, "containerd.log"), "containerd", ["--config", config], { apart });
}

function launch(
  log: string,
  program: string,
  args: string[],
  { apart, path = process.env.PATH }: { apart: boolean; path?: string | undefined },
): ChildProcess {
  const out = openSync(log, "a");
  const env = { ...process.env, PATH: path };
  const child = spawn(program, args, { detached: apart, stdio: ["ignore", out, out], env });
  child.once("error", () => {});
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await ended;
  clearTimeout(late);
}

async function untilAnswers(engine: Engine, log: string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (
    !(await engine
      .ping()
      .then(() => true)
      .catch(() => false))
  ) {
    if (Date.now() > deadline) {
      const last = (await readFile(log, "utf8").catch(() => "")).trim().split("\n").slice(-3).join("\n");
      throw new Error(`the engine of our own did not start:\n${last}`);
    }
    await sleep(50);
  }
}

/** Each image as a stream from one engine into the other; it keeps its id, which reports name. */
async function bringImages(to: Engine, say: (line: string) => void): Promise<void> {
  if ((await missingImages([IMAGE], to)).length === 0) return;
  say("copying the sandbox images into an engine of our own (about a minute)");
  const from = openEngine();
  for (const kind of IMAGE_KINDS) {
    const name = reference(imageRecipe(IMAGE, kind));
    await followProgress(to.docker, await to.docker.loadImage(await from.docker.getImage(name).get()));
  }
}

/** A folder that is kept may hold what an interrupted run left. */
async function empty(engine: Engine): Promise<void> {
  for (const { Id } of await engine.docker.listContainers({ all: true })) await engine.remove(Id);
  for (const { Name } of (await engine.docker.listVolumes()).Volumes ?? []) await engine.removeVolume(Name);
}

/** An engine that was killed leaves its mounts, and a folder with mounts cannot be removed. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse())
    await promisify(execFile)("umount", ["-l", mount]).catch(() => {});
}
