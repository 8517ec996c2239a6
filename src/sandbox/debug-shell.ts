// A sandbox for a person to look into: the image, limits and files of a grading, and a command of theirs instead of the
// runner or the harness. It is nobody's grading: nothing that happens in it is read by anything.
import { readFileSync } from "node:fs";
import type { Duplex, Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { pieces } from "./attached.ts";
import { containerOptions, freshUid } from "./container.ts";
import { listenTo } from "./container-output.ts";
import type { Engine } from "./engine.ts";
import { SandboxFault } from "./fault.ts";
import type { ImageKind } from "./image-recipe.ts";
import { inUse } from "./owner.ts";
import { labelsFor, type Site } from "./site.ts";
import type { Archive } from "./student.ts";

const HOLD = readFileSync(new URL("../../sandbox/debug/hold.py", import.meta.url), "utf8");
const READY_DEADLINE_MS = 60_000;
const PRINTED_BYTES = 16 * 1024;
const LOOK_MS = 20;

/** As in a grading: where the files lie, and what a process there finds around it (sandbox/runner/child.py). */
const PLACES = {
  student: { folder: "/tmp/submission", env: ["HOME=/tmp/submission", "TMPDIR=/tmp"] },
  harness: { folder: "/tmp/suite", env: ["PYTHONPATH=/opt/assay/harness:/opt/assay/wire"] },
} as const;
const SINGLE_THREADED = ["OMP", "OPENBLAS", "MKL", "NUMEXPR"].map((name) => `${name}_NUM_THREADS=1`);

export interface DebugPlan {
  kind: ImageKind;
  /** By id: the one that graded, where this machine still has it. */
  image: string;
  limits: { cpus: number; memoryBytes: number; pids: number };
  files: Archive;
  command: string[];
  /** More of the environment of the command. */
  env?: string[];
}

export interface Terminal {
  input: Readable & { isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  output: Writable & { columns?: number; rows?: number };
  errors: Writable;
  /** Both ends are a terminal: the command gets one, too. */
  tty: boolean;
}

/** Runs the command in a fresh sandbox and removes it. @returns the command's exit status. @throws EngineFault, SandboxFault */
export async function runInSandbox(site: Site, plan: DebugPlan, terminal: Terminal): Promise<number> {
  const { engine, cgroupVersion, runtime } = site;
  const { kind, image, limits, files } = plan;
  const id = await engine.create(
    containerOptions({
      ...{ kind, image, limits, cgroupVersion, uid: freshUid(kind), volumes: [] },
      command: ["python3", "-I", "-c", HOLD, kind, String(files.bytes)],
      labels: labelsFor(site, kind),
      ...(runtime ? { runtime } : {}),
    }),
  );
  inUse.add(id);
  try {
    const stdin = await engine.attach(id);
    await layOut(engine, id, stdin, files);
    return await command(engine, id, plan, terminal);
  } finally {
    inUse.delete(id);
    await engine.remove(id);
  }
}

async function layOut(engine: Engine, id: string, stdin: Duplex, files: Archive): Promise<void> {
  const printed = listenTo(stdin, PRINTED_BYTES, Number.MAX_SAFE_INTEGER);
  await engine.start(id);
  for await (const chunk of (await files.open()) as AsyncIterable<Buffer>) {
    if (!stdin.write(chunk))
      await new Promise((resolve) => stdin.once("drain", resolve).once("close", resolve));
  }
  const until = performance.now() + READY_DEADLINE_MS;
  while (!printed.text().includes("ready\n")) {
    const { running } = await engine.state(id);
    if (!running || performance.now() > until)
      throw new SandboxFault("the files could not be laid out", printed.text());
    await sleep(LOOK_MS);
  }
}

async function command(engine: Engine, id: string, plan: DebugPlan, terminal: Terminal): Promise<number> {
  const { folder, env } = PLACES[plan.kind];
  const { tty } = terminal;
  const process = await engine.exec(id, {
    Cmd: plan.command,
    Env: [...env, ...SINGLE_THREADED, "PYTHONDONTWRITEBYTECODE=1", ...(plan.env ?? [])],
    WorkingDir: folder,
    Tty: tty,
  });
  const { stream } = process;
  const { input, output } = terminal;
  const resize = () => void process.resize(output.rows ?? 24, output.columns ?? 80).catch(() => {});
  if (tty) {
    input.setRawMode?.(true);
    output.on("resize", resize);
    resize();
  }
  input.pipe(stream);
  try {
    await relay(stream, terminal);
    return await process.exitCode();
  } finally {
    input.unpipe(stream);
    input.pause();
    stream.destroy();
    output.off("resize", resize);
    if (tty) input.setRawMode?.(false);
  }
}

/** A terminal's stream is one; otherwise the engine says of each piece which of the two it is. */
async function relay(stream: Duplex, { output, errors, tty }: Terminal): Promise<void> {
  if (tty) {
    for await (const bytes of stream) output.write(bytes);
    return;
  }
  for await (const { kind, bytes } of pieces(stream)) (kind === "stderr" ? errors : output).write(bytes);
}
