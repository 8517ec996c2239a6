// `assay submit ASSIGNMENT ZIP|DIR`: hands in, and with --watch shows the grading as it happens.
import { randomUUID } from "node:crypto";
import { openAsBlob } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { z } from "zod";
import { inert } from "../judge/report-text.ts";
import { ConfigError } from "../platform/config.ts";
import { answerOf, ask, exitCodeOf, send, Unreachable } from "./client/api.ts";
import { followEvents } from "./client/events.ts";
import { Progress } from "./client/progress.ts";
import { shownReport } from "./client/report.ts";
import {
  type ClientOptions,
  type ClientSettings,
  clientSettings,
  languageOf,
  withServerOptions,
} from "./client/settings.ts";
import { filesOf, zipFolder } from "./client/zip-folder.ts";

interface SubmitOptions extends ClientOptions {
  watch?: boolean;
  json?: boolean;
}

const receipt = z.object({
  id: z.uuid(),
  number: z.int(),
  receivedAt: z.string(),
  notes: z.array(z.string()),
  repeated: z.boolean(),
  attempt: z.object({ id: z.uuid(), number: z.int(), state: z.string() }),
});
type Receipt = z.infer<typeof receipt>;
const TRIES = 4;

export function submitCommand(): Command {
  return withServerOptions(new Command("submit"))
    .description("hand in a ZIP, or a folder as one")
    .argument("<assignment>", "course and assignment, such as mml-2026/hw4-dtw, or an id")
    .argument("<path>", "the ZIP, or the folder with your files")
    .option("--watch", "show the grading as it happens")
    .option("--json", "print the receipt (with --watch: the report) as JSON, alone on stdout")
    .addHelpText("after", "\nExit codes: 0 handed in, 2 refused (no attempt is used up), 3 no connection.")
    .action(async (assignment: string, path: string, options: SubmitOptions) => {
      const json = options.json ?? false;
      process.exitCode = await exitCodeOf(json, languageOf(options), () => run(assignment, path, options));
    });
}

async function run(assignment: string, path: string, options: SubmitOptions): Promise<number> {
  const settings = await clientSettings(options);
  const made = await withZip(path, (zip, name) => upload(settings, assignment, zip, name));
  if (!options.json) tellReceipt(made);
  if (!options.watch) {
    if (options.json) console.log(JSON.stringify(made, null, 2));
    return 0;
  }
  await watch(settings, made.id, options.json ?? false);
  const report = await ask(settings, `/api/v1/submissions/${made.id}/report`, shownReport);
  if (options.json) console.log(JSON.stringify({ submission: made, report }, null, 2));
  return 0;
}

/** The ZIP itself, or one made of the folder, removed afterwards. */
async function withZip<T>(path: string, use: (zip: Blob, name: string) => Promise<T>): Promise<T> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new ConfigError(`${path} is not there`);
  if (!found.isDirectory()) return use(await openAsBlob(path), basename(path));
  const scratch = await mkdtemp(join(tmpdir(), "assay-submit-"));
  try {
    const zip = join(scratch, "submission.zip");
    await zipFolder(path, await filesOf(path), zip);
    return await use(await openAsBlob(zip), `${basename(resolve(path))}.zip`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** One key for all tries: however often the connection breaks, it is one submission. */
async function upload(
  settings: ClientSettings,
  assignment: string,
  zip: Blob,
  name: string,
): Promise<Receipt> {
  const ref = encodeURIComponent(assignment.replace("/", "."));
  const path = `/api/v1/assignments/${ref}/submissions?name=${encodeURIComponent(name)}`;
  const headers = { "idempotency-key": randomUUID() };
  for (let tries = 1; ; tries++) {
    try {
      return await answerOf(
        await send(settings, path, { body: zip, type: "application/zip", headers }),
        receipt,
      );
    } catch (error) {
      if (!(error instanceof Unreachable) || tries === TRIES) throw error;
      await sleep(500 * 2 ** tries);
    }
  }
}

function tellReceipt({ number, notes, repeated, id }: Receipt): void {
  console.log(`${repeated ? "Handed in before" : "Handed in"}: submission ${number} (${id})`);
  for (const note of notes) console.log(`  ${inert(note)}`);
}

async function watch(settings: ClientSettings, id: string, quiet: boolean): Promise<void> {
  const progress = new Progress(quiet ? process.stderr : process.stdout, settings.lang);
  const last = new Set(["finished", "cancelled", "delayed"]);
  try {
    for await (const event of followEvents(settings, `/api/v1/submissions/${id}/events`, ({ name }) =>
      last.has(name),
    )) {
      progress.on(event.name, event.data);
    }
  } finally {
    progress.end();
  }
}
