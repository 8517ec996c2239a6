// `assay suite diagnose DIR…`: each known mistake of a suite handed in, and the name that its report gives it.
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { type DiagnosisRow, gradeAndDiagnose, handedIn, rowOf } from "../judge/diagnose-suite.ts";
import { readSuite } from "../judge/read-suite.ts";
import { ensureImages } from "../sandbox/images.ts";
import { openSandboxPool, type SandboxPool } from "../sandbox/pool.ts";
import { type BlobStore, diskBlobs } from "../storage/blobs.ts";

interface DiagnoseOptions {
  json?: boolean;
  parallel: string;
  only?: string;
}

/** Exit codes: 0 the reference and the starter are given no name and no mistake another's alone; 1 otherwise. */
export function diagnoseCommand(): Command {
  return new Command("diagnose")
    .description("hand in each mutant of a suite and see whether its report names it")
    .argument("<suites...>", "the suites' folders, such as graders/hw4-dtw")
    .option("--json", "print the rows as JSON, alone on stdout")
    .option("--only <name>", "only the mutants whose name contains this")
    .option("--parallel <n>", "how many pairs of sandboxes at a time", String(availableParallelism()))
    .action(async (folders: string[], options: DiagnoseOptions) => {
      const rows = await diagnose(folders, options);
      if (options.json) console.log(JSON.stringify({ rows }));
      else for (const row of rows) console.log(lineOf(row));
      process.exitCode = rows.some(isWrong) ? 1 : 0;
    });
}

async function diagnose(folders: string[], options: DiagnoseOptions): Promise<DiagnosisRow[]> {
  const scratch = await mkdtemp(join(tmpdir(), "assay-diagnose-"));
  const parallel = Number(options.parallel);
  const pool = await openSandboxPool({ atOnce: parallel });
  const rows: DiagnosisRow[] = [];
  try {
    for (const folder of folders)
      rows.push(...(await ofSuite(folder, { ...options, pool, blobs: diskBlobs(scratch), parallel })));
    return rows;
  } finally {
    await pool.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Means {
  pool: SandboxPool;
  blobs: BlobStore;
  only?: string;
}

async function ofSuite(folder: string, { pool, blobs, only = "", parallel }: Means & { parallel: unknown }) {
  const suite = await readSuite(folder);
  await ensureImages([suite.config.image], (line) => console.error(line));
  const all = handedIn(suite).filter(({ name }) => name.includes(only));
  const rows: DiagnosisRow[] = [];
  const queue = all.entries();
  await Promise.all(
    Array.from({ length: Number(parallel) }, async () => {
      for (const [place, { name, files }] of queue) {
        rows[place] = rowOf(suite.config.id, name, await gradeAndDiagnose(pool, blobs, suite, files));
        console.error(lineOf(rows[place]));
      }
    }),
  );
  return rows;
}

const lineOf = ({ suite, mutant, named, confused_with, nothing_to_compare }: DiagnosisRow) =>
  [
    `${suite}  ${mutant}: ${named ? "named" : "-"}`,
    ...(confused_with.length > 0 ? [`also ${confused_with.join(", ")}`] : []),
    ...(nothing_to_compare ? ["no answers to compare"] : []),
  ].join("; ");

/** A name for what is right, or for what is not finished. */
const isWrong = ({ mutant, confused_with }: DiagnosisRow) =>
  mutant.startsWith("(") && confused_with.length > 0;
