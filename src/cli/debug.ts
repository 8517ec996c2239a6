// `assay debug ATTEMPT`: into an attempt, failed or not. Takes its bundle from the server (a GET: nothing can be written
// back), and opens a shell in a sandbox made as the grading's was, on this machine. With a bundle in hand no server is
// asked.
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import { Command, Option } from "commander";
import { inert } from "../judge/inert.ts";
import { SuiteError } from "../judge/read-suite.ts";
import { ConfigError } from "../platform/config.ts";
import { runInSandbox } from "../sandbox/debug-shell.ts";
import { type Engine, openEngine } from "../sandbox/engine.ts";
import type { ImageKind } from "../sandbox/image-recipe.ts";
import { ensureImages, imageDigests } from "../sandbox/images.ts";
import { installationId } from "../sandbox/owner.ts";
import { openSite } from "../sandbox/site.ts";
import { createArchiveReader } from "../storage/archive.ts";
import { diskBlobs } from "../storage/blobs.ts";
import { exitCodeOf, refusalOf, send } from "./client/api.ts";
import { type ClientOptions, clientSettings, languageOf, withServerOptions } from "./client/settings.ts";
import { type Bundle, openBundle } from "./open-bundle.ts";

interface DebugOptions extends ClientOptions {
  in: ImageKind;
  bundle?: string;
  json?: boolean;
}

export function debugCommand(): Command {
  return withServerOptions(new Command("debug"))
    .description("look into an attempt: a shell in its sandbox, or all of it as a file (staff)")
    .argument("<attempt>", "an attempt's id, or a bundle that was taken before")
    .argument("[command...]", "what to run there; a shell by default")
    .addOption(
      new Option("--in <sandbox>", "whose sandbox").choices(["student", "harness"]).default("student"),
    )
    .option("--bundle <file>", "write everything that graded it to this ZIP and open nothing")
    .option("--json", "print what it was graded with and what came of it, and open nothing")
    .action(async (attempt: string, command: string[], options: DebugOptions) => {
      const json = options.json ?? false;
      process.exitCode = await exitCodeOf(json, languageOf(options), () => debug(attempt, command, options));
    });
}

async function debug(attempt: string, command: string[], options: DebugOptions): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), "assay-debug-"));
  try {
    const path = options.bundle ? resolve(options.bundle) : join(scratch, "bundle.zip");
    const taken = attempt.endsWith(".zip") ? resolve(attempt) : await take(attempt, path, options);
    if (options.bundle && !options.json) {
      console.error(`Written: ${inert(path)}. Run it again: assay grade ${inert(options.bundle)}`);
      return 0;
    }
    const blobs = diskBlobs(join(scratch, "blobs"));
    const reader = createArchiveReader({ blobs });
    try {
      await stat(taken);
      const bundle = await openBundle(reader, blobs, taken);
      if (!options.json) return await shell(bundle, command, options.in);
      console.log(JSON.stringify(bundle.about, null, 2));
      return 0;
    } finally {
      await reader.close();
    }
  } catch (error) {
    throw error instanceof SuiteError ? new ConfigError(error.message) : error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The bundle from the server. @returns where it lies */
async function take(attempt: string, path: string, options: DebugOptions): Promise<string> {
  const settings = await clientSettings(options);
  const response = await send(settings, `/api/v1/attempts/${encodeURIComponent(attempt)}/bundle`);
  if (!response.ok || !response.body)
    throw refusalOf(response.status, await response.json().catch(() => null));
  // Hidden tests are in it: for its owner's eyes.
  await pipeline(Readable.fromWeb(response.body as WebStream), createWriteStream(path, { mode: 0o600 }));
  if ((await stat(path)).size === 0) throw new ConfigError("the server sent nothing");
  return path;
}

async function shell({ about, suite, suiteTar, task }: Bundle, command: string[], kind: ImageKind) {
  const { config } = suite;
  if (config.mode === "gradescope")
    throw new ConfigError("an autograder has no two sandboxes: take its bundle and run assay grade");
  const engine = openEngine();
  await ensureImages([config.image], say);
  const { cpus, memory, pids } = config.limits;
  const files =
    kind === "student"
      ? task.archive
      : { bytes: suiteTar.length, open: async () => Readable.from([suiteTar]) };
  const plan = {
    kind,
    image: await imageOf(engine, about.circumstances?.imageDigests[kind], config.image, kind),
    limits: { cpus, memoryBytes: memory, pids },
    files,
    command: command.length > 0 ? command : ["bash"],
    // The student's side of a grading never has it.
    env: kind === "harness" ? [`ASSAY_SEED=${about.key}`] : [],
  };
  const { stdin: input, stdout: output, stderr: errors } = process;
  const tty = Boolean(input.isTTY && output.isTTY);
  if (about.fault) say(`The attempt ended for a fault of ours: ${inert(about.fault)}`);
  return runInSandbox(await openSite(engine, installationId()), plan, { input, output, errors, tty });
}

const say = (line: string) => console.error(line);

/** The very image that graded, where it is still here; else the one of that name, which is said. */
async function imageOf(engine: Engine, graded: string | undefined, name: string, kind: ImageKind) {
  if (graded && (await engine.image(graded))) return graded;
  const now = (await imageDigests(name, engine))[kind];
  if (graded) say(`The image that graded it (${graded}) is not on this machine; this is ${now}.`);
  return now;
}
