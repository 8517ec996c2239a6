// The arms beside Assay. (a) the tests as a bare process inside one container that runs already: the floor.
// (b) one `docker run` for each submission with everything in it, under the same limits, as most graders do.
import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { imageDigests } from "../src/sandbox/images.ts";
import type { Case } from "./cases.ts";

const run = promisify(execFile);
const SANDBOX = join(import.meta.dirname, "../sandbox");
const ONE_LIMIT_MS = 120_000;

/** Seconds from the start to the first result and to the last. */
export interface Timing {
  first: number;
  report: number;
}

export interface Plain {
  bare(one: Case): Promise<Timing>;
  container(one: Case): Promise<Timing>;
  close(): Promise<void>;
}

/** @param scratch a folder that containers may read */
export async function openPlain(scratch: string): Promise<Plain> {
  const code = join(scratch, "code");
  await mkdir(code, { recursive: true });
  for (const part of ["harness", "wire", "runner"]) await cp(join(SANDBOX, part), code, { recursive: true });
  const image = (await imageDigests("python-ml")).harness;
  await run("docker", [
    "run",
    "--rm",
    "--network=none",
    "-v",
    `${code}:/code`,
    image,
    "python3",
    "-m",
    "compileall",
    "-q",
    "/code",
  ]);
  const floors = new Map<string, Promise<Floor>>();
  const floor = (one: Case) => {
    const found = floors.get(one.name) ?? startFloor(image, code, one);
    floors.set(one.name, found);
    return found;
  };
  return {
    bare: async (one) => timed(["exec", ...ENV, (await floor(one)).name, ...COMMAND], one),
    container: (one) =>
      timed(["run", "--rm", ...ENV, ...limits(one), ...mounts(code, one), image, ...COMMAND], one),
    close: async () => {
      for (const started of floors.values()) await (await started).stop();
    },
  };
}

const ENV = ["-e", "PYTHONPATH=/code", "-e", "PYTHONDONTWRITEBYTECODE=1"];
const COMMAND = ["python3", "-u", "-m", "assay.local", "/suite", "/submission"];

function limits({ suite }: Case): string[] {
  const { cpus, memory, pids } = suite.config.limits;
  const given = [`--cpus=${cpus}`, `--memory=${memory}`, `--memory-swap=${memory}`, `--pids-limit=${pids}`];
  const closed = ["--network=none", "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL"];
  return [...given, ...closed, "--security-opt=no-new-privileges", "--user=65534:65534"];
}

const mounts = (code: string, { folder, submission }: Case): string[] => [
  ...["-v", `${code}:/code:ro`],
  ...["-v", `${folder}:/suite:ro`],
  ...["-v", `${submission}:/submission:ro`],
];

/** It lives as long as its stdin, so also a bench that is killed leaves none behind. */
async function startFloor(image: string, code: string, one: Case): Promise<Floor> {
  const name = `assay-bench-${randomUUID()}`;
  const args = ["run", "--rm", "-i", "--name", name, ...limits(one), ...mounts(code, one), image];
  const stay = ["python3", "-u", "-c", "import sys; print('up'); sys.stdin.read()"];
  const child = spawn("docker", [...args, ...stay], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  await Promise.race([once(child.stdout!, "data"), ended]);
  if (child.exitCode !== null) throw new Error(`the floor's container of ${one.name} did not start`);
  const stop = () => {
    child.stdin!.end();
    return ended;
  };
  return { name, stop };
}

interface Floor {
  name: string;
  stop(): Promise<unknown>;
}

/** One line is one result; the last line is the sum. @throws when it does not give full points */
async function timed(args: string[], one: Case): Promise<Timing> {
  const began = performance.now();
  const child = spawn("docker", args, { stdio: ["ignore", "pipe", "inherit"], timeout: ONE_LIMIT_MS });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let first = 0;
  let last = "";
  for await (const line of createInterface({ input: child.stdout! })) {
    if (first === 0) first = performance.now();
    last = line;
  }
  const code = await ended;
  const [, earned, max] = /^([\d.]+) of ([\d.]+)$/.exec(last) ?? [];
  if (code !== 0 || earned === undefined || earned !== max)
    throw new Error(`${one.name}: ${last} (exit ${code})`);
  return { first: (first - began) / 1000, report: (performance.now() - began) / 1000 };
}
