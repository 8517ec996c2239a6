// `assay grade DIR ZIP`: one ZIP against one suite, without server or database: what an instructor runs while
// writing tests. `assay grade BUNDLE.zip`: one attempt again, from what `assay debug` took away. Both call the very
// function that the worker calls.
import { createHash } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { type Compared, compareWithBundle } from "../judge/bundle.ts";
import { gradeSubmission } from "../judge/grade.ts";
import { inert } from "../judge/inert.ts";
import { readSuite, SuiteError, tarOf } from "../judge/read-suite.ts";
import type { Report } from "../judge/report.ts";
import { pointsText, reportText, testLines } from "../judge/report-text.ts";
import { runKey } from "../judge/seed.ts";
import type { GradingTask } from "../judge/task.ts";
import { UserError } from "../platform/errors.ts";
import { ensureImages } from "../sandbox/images.ts";
import { openSandboxPool } from "../sandbox/pool.ts";
import { type ArchiveReader, createArchiveReader } from "../storage/archive.ts";
import { type BlobStore, diskBlobs } from "../storage/blobs.ts";
import { openBundle } from "./open-bundle.ts";

interface GradeOptions {
  json?: boolean;
  seed?: string;
  only?: string[];
  lang: "en" | "zh";
}

/** Exit codes: 0 the grading ran, 1 a bundle's verdicts are others now, 2 the ZIP or the suite was refused, 3 we failed. */
export function gradeCommand(): Command {
  return new Command("grade")
    .description("grade one ZIP against a suite, or an attempt's bundle again, without a server")
    .argument("<suite>", "the suite's folder, such as graders/hw4-dtw; or a bundle (assay debug --bundle)")
    .argument("[zip]", "the submission's ZIP; none with a bundle")
    .option("--json", "print the staff report as JSON, alone on stdout")
    .option("--seed <hex>", "the secret that seeds the tests; by default the same for one suite")
    .option("--only <test...>", "only these tests, by name")
    .option("--lang <lang>", "en or zh", "en")
    .action(async (suite: string, zip: string | undefined, options: GradeOptions) => {
      process.exitCode = await grade(suite, zip, options);
    });
}

async function grade(suite: string, zip: string | undefined, options: GradeOptions): Promise<number> {
  try {
    const { report, compared } = await withMeans((reader, blobs) =>
      zip === undefined
        ? ofBundle(reader, blobs, suite, options)
        : ofFolder(reader, blobs, suite, zip, options),
    );
    if (options.json) console.log(JSON.stringify(compared ? { ...report, compared } : report, null, 2));
    else
      console.log(reportText({ ...report, tests: [] }, { colour: process.stdout.isTTY, lang: options.lang }));
    if (compared && !options.json) console.log(comparedText(compared));
    return compared && !compared.equal ? 1 : 0;
  } catch (error) {
    return refusal(error, options);
  }
}

interface Graded {
  report: Report;
  /** With what the bundle's attempt gave. */
  compared?: Compared;
}

async function withMeans<T>(work: (reader: ArchiveReader, blobs: BlobStore) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), "assay-grade-"));
  const blobs = diskBlobs(scratch);
  const reader = createArchiveReader({ blobs });
  try {
    return await work(reader, blobs);
  } finally {
    await reader.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function ofFolder(
  reader: ArchiveReader,
  blobs: BlobStore,
  folder: string,
  zip: string,
  options: GradeOptions,
): Promise<Graded> {
  const suite = await readSuite(folder);
  const { config } = suite;
  const limits = { unpackedBytes: config.limits.unpacked, archiveBytes: config.limits.upload };
  await stat(zip);
  const archive = await reader.read(zip, { ...limits, required: config.files.required });
  const secret = Buffer.from(options.seed ?? createHash("sha256").update(suite.hash).digest("hex"), "hex");
  const tar = tarOf(suite.files);
  const task = {
    suite: { config, hash: suite.hash, tar: async () => tar },
    archive: { bytes: archive.tar.bytes, open: () => blobs.open(archive.tar.hash) },
    key: runKey(config.seed, secret, archive.tar.hash),
  };
  return { report: await run(blobs, task, options) };
}

async function ofBundle(
  reader: ArchiveReader,
  blobs: BlobStore,
  path: string,
  options: GradeOptions,
): Promise<Graded> {
  if ((await stat(path)).isDirectory())
    throw new SuiteError([`${path}: is a suite's folder: name the submission's ZIP, too`]);
  const { about, task } = await openBundle(reader, blobs, path);
  const report = await run(blobs, task, options);
  return { report, compared: compareWithBundle(about, report, options.only) };
}

async function run(blobs: BlobStore, task: GradingTask, options: GradeOptions): Promise<Report> {
  const pool = await openSandboxPool({ background: false });
  try {
    await ensureImages([task.suite.config.image], (line) => console.error(line));
    const show = { colour: process.stdout.isTTY, lang: options.lang };
    return await gradeSubmission(
      pool,
      blobs,
      options.only ? { ...task, tests: options.only } : task,
      options.json ? {} : { onTest: (test) => console.log(testLines(test, show).join("\n")) },
    );
  } finally {
    await pool.close();
  }
}

function comparedText({ equal, tests, otherwise }: Compared): string {
  const side = (one: Compared["tests"][number]["now"]) =>
    one ? `${one.verdict} ${pointsText(one.score)}/${pointsText(one.max)}` : "did not run";
  return [
    ...tests.map(({ name, before, now }) => `≠ ${inert(name)}: was ${side(before)}, is ${side(now)}`),
    equal ? "= the verdicts and points that the attempt had" : "≠ not the verdicts that the attempt had",
    ...(otherwise.length > 0 ? [`  not as it was then: ${otherwise.join(", ")}`] : []),
  ].join("\n");
}

function refusal(error: unknown, { json, lang }: GradeOptions): number {
  const refused = refusedAs(error, lang);
  const told = refused ?? { code: "failed", message: (error as Error).message };
  if (json) console.log(JSON.stringify({ error: told }));
  else console.error(`${told.code}: ${told.message}`);
  return refused ? 2 : 3;
}

function refusedAs(error: unknown, lang: "en" | "zh"): { code: string; message: string } | null {
  if (error instanceof UserError) return { code: error.code, message: error.sentence(lang) };
  if (error instanceof SuiteError) return { code: "bad_suite", message: error.message };
  if ((error as NodeJS.ErrnoException).code === "ENOENT") {
    return { code: "no_such_file", message: (error as Error).message };
  }
  return null;
}
