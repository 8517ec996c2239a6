// `assay suite validate DIR`: the proof of a suite, in the sandboxes that students will meet.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import type { Proof } from "../judge/proof.ts";
import { readSuite, type Suite, SuiteError } from "../judge/read-suite.ts";
import { validateSuite } from "../judge/validate.ts";
import { UserError } from "../platform/errors.ts";
import type { CollectedTest } from "../sandbox/events.ts";
import { SuiteFault } from "../sandbox/fault.ts";
import { ensureImages } from "../sandbox/images.ts";
import { openSandboxPool } from "../sandbox/pool.ts";
import { type ArchiveReader, createArchiveReader } from "../storage/archive.ts";
import { diskBlobs } from "../storage/blobs.ts";

interface ValidateOptions {
  json?: boolean;
  seeds: string;
  parallel: string;
}

/** Exit codes: 0 proved, 1 not proved, 2 the suite cannot be read, 3 we failed. */
export function validateCommand(): Command {
  return new Command("validate")
    .description(
      "prove a suite: its reference, starter, mutants and built-in adversaries, with several seeds",
    )
    .argument("<suite>", "the suite's folder, such as graders/hw4-dtw")
    .option("--json", "print the proof as JSON, alone on stdout")
    .option("--seeds <n>", "how many seeds the reference and each mutant meet", "3")
    .option("--parallel <n>", "how many pairs of sandboxes at a time", String(availableParallelism()))
    .action(async (folder: string, options: ValidateOptions) => {
      process.exitCode = await validate(folder, options);
    });
}

async function validate(folder: string, options: ValidateOptions): Promise<number> {
  const began = Date.now();
  try {
    const { proof, tests } = await prove(await readSuite(folder), options);
    const wall = { wall_s: Math.round((Date.now() - began) / 100) / 10 };
    if (options.json)
      console.log(JSON.stringify({ ...proof, ...wall, declared: tests.map(declared) }, null, 2));
    else console.log(proofText(proof, wall.wall_s));
    return proof.ok ? 0 : 1;
  } catch (error) {
    const unreadable = error instanceof SuiteError || error instanceof SuiteFault;
    const { message } = error as Error;
    if (options.json) console.log(JSON.stringify({ ok: false, problems: message.split("\n").map(inBoth) }));
    else console.error(message);
    return unreadable ? 2 : 3;
  }
}

/** Paths, keys and Python's own words: the same in both languages. */
const inBoth = (line: string) => ({ en: line, zh: line });

/** A test as a version keeps it. */
const declared = ({ name, title, number, points, visibility, tags }: CollectedTest) => {
  return { name, title, number, max: points, visibility, tags };
};

async function prove(suite: Suite, options: ValidateOptions) {
  await ensureImages([suite.config.image], (line) => console.error(line));
  const scratch = await mkdtemp(join(tmpdir(), "assay-validate-"));
  const blobs = diskBlobs(scratch);
  const reader = createArchiveReader({ blobs });
  const pool = await openSandboxPool();
  try {
    return await validateSuite(pool, blobs, suite, {
      seeds: Number(options.seeds),
      parallel: Number(options.parallel),
      intake: (checked, zip) => refusalOf(reader, scratch, checked, zip),
      onProgress: (done, total, what) => progress(done, total, what),
    });
  } finally {
    await Promise.all([pool.close(), reader.close()]);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What intake says to an archive: its code and sentence, or null where it takes it. */
async function refusalOf(reader: ArchiveReader, scratch: string, { config }: Suite, zip: Buffer) {
  const path = join(scratch, "submission.zip");
  await writeFile(path, zip);
  try {
    await reader.read(path, { unpackedBytes: config.limits.unpacked, required: config.files.required });
    return null;
  } catch (error) {
    if (error instanceof UserError) return { code: error.code, message: error.sentence("en") };
    throw error;
  }
}

function progress(done: number, total: number, what: string): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r\u001b[K${done}/${total} ${what}${done === total ? "\n" : ""}`);
  else if (done % 10 === 0 || done === total) console.error(`${done}/${total} ${what}`);
}

/** A proof as a page of text: mutants × tests, then what stands against publishing. */
function proofText(proof: Proof, wallSeconds: number): string {
  const width = Math.max(...proof.mutants.map((mutant) => mutant.name.length), 10);
  const columns = proof.tests.map((_, at) => String((at + 1) % 10)).join("");
  const rows = proof.mutants.map((mutant) => {
    const cells = proof.tests.map(({ name }) => {
      if (mutant.unsteady.includes(name)) return "?";
      if (mutant.killed_by.includes(name)) return mutant.expected.includes(name) ? "✗" : "+";
      return mutant.expected.includes(name) ? "-" : "·";
    });
    return `  ${mutant.name.padEnd(width)} ${cells.join("")}`;
  });
  return [
    `${proof.suite} ${proof.hash.slice(0, 12)}: ${proof.max} points, ${proof.tests.length} tests, ${proof.seeds} seeds, ${wallSeconds} s`,
    `reference ${proof.reference.scores.join(", ")}; a tenth of the tolerance ${proof.reference.strict}; starter ${proof.starter.score} (at most ${proof.starter.max})`,
    "",
    `  ${"".padEnd(width)} ${columns}   ✗ seen  · passes  + sees more  - should see  ? with some seeds`,
    ...rows,
    "",
    ...proof.tests.map(
      (test, at) => `  ${String(at + 1).padStart(3)} ${test.name} (${test.points}, ${test.reference_ms} ms)`,
    ),
    "",
    ...proof.warnings.map(({ en }) => `warning: ${en}`),
    ...proof.problems.map(({ en }) => `problem: ${en}`),
    proof.ok ? "proved: it may be published" : `not proved: ${proof.problems.length} problems`,
  ].join("\n");
}
