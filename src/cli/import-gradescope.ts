// `assay suite import-gradescope ZIP`: an unmodified autograder as a suite's folder, ready for `validate`, `grade` and
// `publish`.
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { idFrom, isAutograder, wrapAutograder } from "../judge/gradescope/wrap.ts";
import { type SuiteFile, suiteOf } from "../judge/read-suite.ts";
import { ConfigError } from "../platform/config.ts";
import { UserError } from "../platform/errors.ts";
import { createArchiveReader } from "../storage/archive.ts";
import { diskBlobs } from "../storage/blobs.ts";

interface Options {
  out?: string;
  id?: string;
  title?: string;
  points?: number;
  network?: boolean;
  json?: boolean;
}

const LIMITS = { unpackedBytes: 64 * 1024 ** 2, entries: 2000, required: [] };

export function importGradescopeCommand(): Command {
  return new Command("import-gradescope")
    .description("make a suite's folder of an unmodified Gradescope autograder ZIP")
    .argument("<zip>", "the ZIP with setup.sh and run_autograder")
    .option("--out <folder>", "where to write it; by default the suite's id, here")
    .option("--id <id>", "the suite's id; by default from the file's name")
    .option("--title <title>", "by default the id")
    .option("--points <n>", "autograder points; by default the sum of the tests' max_score", points)
    .option("--network", "let the container see the network while it grades, as Gradescope does")
    .option("--json", "print what was written as JSON")
    .action(async (zip: string, options: Options) => {
      try {
        await importGradescope(zip, options);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        console.error(`${error.code}: ${error.sentence("en")}`);
        process.exitCode = 2;
      }
    });
}

async function importGradescope(zip: string, options: Options): Promise<void> {
  const files = await filesOf(zip);
  if (!isAutograder(files)) {
    console.error(
      "This is no Gradescope autograder: setup.sh and run_autograder must stand at the ZIP's root.",
    );
    process.exitCode = 2;
    return;
  }
  const id = options.id ?? idFrom(zip);
  const settings = { id, title: options.title ?? id, points: options.points ?? null };
  const suite = suiteOf(wrapAutograder(files, { ...settings, network: options.network ?? false }));
  const folder = resolve(options.out ?? id);
  for (const { path, bytes } of suite.files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes, { flag: "wx" });
  }
  if (options.json) {
    console.log(JSON.stringify({ folder, id, files: suite.files.map(({ path }) => path) }, null, 2));
    return;
  }
  console.log(`${folder}: ${files.length} files of the autograder, and grader.yaml`);
  console.log(`Try it: assay grade ${options.out ?? id} submission.zip`);
}

/** The same reading as every ZIP gets: a wrapper folder is taken off. */
async function filesOf(zip: string): Promise<SuiteFile[]> {
  if (!(await stat(zip).catch(() => null))) throw new ConfigError(`${zip} is not there`);
  const scratch = await mkdtemp(join(tmpdir(), "assay-import-"));
  const blobs = diskBlobs(scratch);
  const reader = createArchiveReader({ blobs });
  try {
    const { manifest, tar } = await reader.read(zip, LIMITS);
    const bytes = await blobs.read(tar.hash);
    return manifest.map(({ path, offset, size }) => ({ path, bytes: bytes.subarray(offset, offset + size) }));
  } finally {
    await reader.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

function points(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("a number above 0.");
  return value;
}
