// `assay grade DIR ZIP`: one ZIP against one suite, without server or database: what an instructor runs while
// writing tests. It calls the very function that the worker calls.
import { createHash } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { gradeSubmission } from "../judge/grade.ts";
import { readSuite, type Suite, SuiteError, tarOf } from "../judge/read-suite.ts";
import type { Report } from "../judge/report.ts";
import { reportText, testLines } from "../judge/report-text.ts";
import { runKey } from "../judge/seed.ts";
import { UserError } from "../platform/errors.ts";
import { ensureImages } from "../sandbox/images.ts";
import { openSandboxPool } from "../sandbox/pool.ts";
import { createArchiveReader } from "../storage/archive.ts";
import { diskBlobs } from "../storage/blobs.ts";

interface GradeOptions {
  json?: boolean;
  seed?: string;
  lang: "en" | "zh";
}

/** Exit codes: 0 the grading ran, 2 the ZIP or the suite was refused, 3 we failed. */
export function gradeCommand(): Command {
  return new Command("grade")
    .description("grade one ZIP against a suite, without a server")
    .argument("<suite>", "the suite's folder, such as graders/hw4-dtw")
    .argument("<zip>", "the submission's ZIP")
    .option("--json", "print the staff report as JSON, alone on stdout")
    .option("--seed <hex>", "the secret that seeds the tests; by default the same for one suite")
    .option("--lang <lang>", "en or zh", "en")
    .action(async (folder: string, zip: string, options: GradeOptions) => {
      process.exitCode = await grade(folder, zip, options);
    });
}

async function grade(folder: string, zip: string, options: GradeOptions): Promise<number> {
  try {
    const report = await gradeZip(await readSuite(folder), zip, options);
    if (options.json) console.log(JSON.stringify(report, null, 2));
    else
      console.log(reportText({ ...report, tests: [] }, { colour: process.stdout.isTTY, lang: options.lang }));
    return 0;
  } catch (error) {
    return refusal(error, options);
  }
}

async function gradeZip(suite: Suite, zip: string, options: GradeOptions): Promise<Report> {
  const scratch = await mkdtemp(join(tmpdir(), "assay-grade-"));
  const blobs = diskBlobs(scratch);
  const reader = createArchiveReader({ blobs });
  const pool = await openSandboxPool({ background: false });
  try {
    const { config } = suite;
    const limits = { unpackedBytes: config.limits.unpacked, archiveBytes: config.limits.upload };
    await stat(zip);
    const [archive] = await Promise.all([
      reader.read(zip, { ...limits, required: config.files.required }),
      ensureImages([config.image], (line) => console.error(line)),
    ]);
    const secret = Buffer.from(options.seed ?? createHash("sha256").update(suite.hash).digest("hex"), "hex");
    const tar = tarOf(suite.files);
    const show = { colour: process.stdout.isTTY, lang: options.lang };
    return await gradeSubmission(
      pool,
      blobs,
      {
        suite: { config, hash: suite.hash, tar: async () => tar },
        archive: { bytes: archive.tar.bytes, open: () => blobs.open(archive.tar.hash) },
        key: runKey(config.seed, secret, archive.tar.hash),
      },
      options.json ? {} : { onTest: (test) => console.log(testLines(test, show).join("\n")) },
    );
  } finally {
    await Promise.all([pool.close(), reader.close()]);
    await rm(scratch, { recursive: true, force: true });
  }
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
