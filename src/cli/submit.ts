// `assay submit ASSIGNMENT ZIP|DIR`: hands in, and with --watch shows the grading as it happens.
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { z } from "zod";
import { inert } from "../judge/inert.ts";
import { ConfigError } from "../platform/config.ts";
import { RESUMABLE_FROM_BYTES } from "../submissions/upload-sizes.ts";
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
  acceptLate?: boolean;
  json?: boolean;
  inParts?: boolean;
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
    .option(
      "--accept-late",
      "submit late, whatever it costs: without it the cost is said and nothing is sent",
    )
    .option(
      "--in-parts",
      `send in parts that go on after a break, as every file from ${RESUMABLE_FROM_BYTES / 1024 ** 2} MB on`,
    )
    .option("--json", "print the receipt (with --watch: the report) as JSON, alone on stdout")
    .action(async (assignment: string, path: string, options: SubmitOptions) => {
      const json = options.json ?? false;
      process.exitCode = await exitCodeOf(json, languageOf(options), () => run(assignment, path, options));
    });
}

async function run(assignment: string, path: string, options: SubmitOptions): Promise<number> {
  const settings = await clientSettings(options);
  const agreed = options.acceptLate ? ANY_LATE_DAYS : 0;
  const { made, sha256 } = await withZip(path, async (zip) => {
    const large = options.inParts || zip.bytes.size >= RESUMABLE_FROM_BYTES;
    const send = large ? handInParts : handInWhole;
    return send(settings, assignment, zip, agreed);
  });
  if (!options.json) tellReceipt(made, sha256);
  if (!options.watch) {
    if (options.json) console.log(JSON.stringify(made, null, 2));
    return 0;
  }
  await watch(settings, made.id, options.json ?? false);
  const report = await ask(settings, `/api/v1/submissions/${made.id}/report`, shownReport);
  if (options.json) console.log(JSON.stringify({ submission: made, report }, null, 2));
  return 0;
}

interface Zip {
  path: string;
  name: string;
  bytes: Blob;
}

/** The ZIP itself, or one made of the folder, removed afterwards. */
async function withZip<T>(path: string, use: (zip: Zip) => Promise<T>): Promise<T> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new ConfigError(`${path} is not there`);
  if (!found.isDirectory()) return use({ path, name: basename(path), bytes: await openAsBlob(path) });
  const scratch = await mkdtemp(join(tmpdir(), "assay-submit-"));
  try {
    const zip = join(scratch, "submission.zip");
    await zipFolder(path, await filesOf(path), zip);
    return await use({ path: zip, name: `${basename(resolve(path))}.zip`, bytes: await openAsBlob(zip) });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const ANY_LATE_DAYS = 365;

const claimed = z.object({ id: z.uuid(), claimedAt: z.string(), until: z.string() });

const refOf = (assignment: string) => encodeURIComponent(assignment.replace("/", "."));

async function hashOf({ path }: Zip): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 ** 2 })) hash.update(chunk);
  return hash.digest("hex");
}

interface HandedIn {
  made: Receipt;
  sha256: string;
}

/**
 * Says which bytes will come, which then count from here on however slow the line, and sends them in one request. One
 * key for all tries: however often the connection breaks, it is one submission.
 */
async function handInWhole(
  settings: ClientSettings,
  assignment: string,
  zip: Zip,
  acceptLate: number,
): Promise<HandedIn> {
  const sha256 = await hashOf(zip);
  const base = `/api/v1/assignments/${refOf(assignment)}`;
  const json = { sha256, bytes: zip.bytes.size, acceptLate };
  await withTries(() => ask(settings, `${base}/claims`, claimed, { json }));
  const path = `${base}/submissions?name=${encodeURIComponent(zip.name)}&acceptLate=${acceptLate}`;
  const headers = { "idempotency-key": randomUUID() };
  const options = { body: zip.bytes, type: "application/zip", headers };
  return {
    sha256,
    made: await withTries(async () => answerOf(await send(settings, path, options), receipt)),
  };
}

/** The creation of the upload is its claim; the last question makes it a submission, once. */
async function handInParts(
  settings: ClientSettings,
  assignment: string,
  zip: Zip,
  acceptLate: number,
): Promise<HandedIn> {
  const sha256 = await hashOf(zip);
  const endpoint = `/api/v1/assignments/${refOf(assignment)}/uploads?acceptLate=${acceptLate}`;
  // Only where it is needed: the command starts sooner without it.
  const { uploadInParts } = await import("./client/upload-parts.ts");
  const percent = new PercentLine(process.stderr);
  const place = await uploadInParts(settings, endpoint, { ...zip, sha256 }, (share) => percent.show(share));
  percent.end();
  const path = `${place}/submission?acceptLate=${acceptLate}`;
  return { sha256, made: await withTries(() => ask(settings, path, receipt, { method: "POST" })) };
}

/** On a terminal: how much is there. */
class PercentLine {
  private readonly out: NodeJS.WriteStream;
  private shown = "";

  constructor(out: NodeJS.WriteStream) {
    this.out = out;
  }

  show(share: number): void {
    const text = `${Math.floor(share * 100)} %`;
    if (!this.out.isTTY || text === this.shown) return;
    this.shown = text;
    this.out.write(`\r${text}`);
  }

  end(): void {
    if (this.shown !== "") this.out.write("\r     \r");
  }
}

async function withTries<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unreachable) || tries === TRIES) throw error;
      await sleep(500 * 2 ** tries);
    }
  }
}

function tellReceipt({ number, notes, repeated, id, receivedAt }: Receipt, sha256: string): void {
  console.log(`${repeated ? "Handed in before" : "Handed in"}: submission ${number} (${id})`);
  console.log(`  counts at ${inert(receivedAt)}, SHA-256 ${sha256}`);
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
