// What naming mistakes costs those who wait: the time from handing in a wrong solution to its whole report, with and
// without, in turns on the same pool. The next submission follows at once, so that what goes on behind is felt. Each
// block begins alike: nothing is looked for any more, and the pool has made what it will.
// node --import tsx bench/diagnosis.ts [ROUNDS]
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestDiagnosis } from "../src/judge/diagnosis.ts";
import { gradeSubmission } from "../src/judge/grade.ts";
import { mutantFiles, readSuite, tarOf } from "../src/judge/read-suite.ts";
import { runKey } from "../src/judge/seed.ts";
import { ensureImages } from "../src/sandbox/images.ts";
import { openSandboxPool } from "../src/sandbox/pool.ts";
import { diskBlobs } from "../src/storage/blobs.ts";
import { quantile } from "./figures.ts";

const rounds = Number(process.argv[2] ?? 18);
const suite = await readSuite("graders/hw2-rnn");
await ensureImages([suite.config.image], (line) => console.error(line));
const tar = tarOf(suite.files);
const scratch = join(tmpdir(), `assay-bench-diagnosis-${process.pid}`);
const pool = await openSandboxPool();
const blobs = diskBlobs(scratch);
const times: Record<"with" | "without", number[]> = { with: [], without: [] };
const named: Promise<TestDiagnosis[]>[] = [];

/**
 * A harness serves 21 gradings, and the one that meets the next harness waits for it: in blocks of five, in turns, that
 * was always one with diagnosis. With this and rounds in sixes it meets both alike.
 */
const BLOCK = 7;

/** Until nothing is looked for any more and the pool makes nothing: its sandboxes have been as many for so long. */
const SETTLED_MS = 1000;

async function settled(): Promise<void> {
  await Promise.all(named);
  for (let before = -1; before <= 0 || before !== pool.stats().ready; ) {
    before = pool.stats().ready;
    await sleep(SETTLED_MS);
  }
}

async function grade(place: number, which: "with" | "without"): Promise<void> {
  const mutant = suite.mutants[place % suite.mutants.length]!;
  const archive = tarOf(mutantFiles(suite, mutant));
  const hash = createHash("sha256").update(archive).digest("hex");
  const task = {
    suite: { config: suite.config, hash: suite.hash, tar: async () => tar },
    archive: { bytes: archive.length, open: async () => Readable.from([archive]) },
    key: runKey(suite.config.seed, Buffer.alloc(32, 7), hash),
  };
  const began = performance.now();
  await gradeSubmission(
    pool,
    blobs,
    task,
    which === "with" ? { onDiagnosing: (found) => named.push(found) } : {},
  );
  times[which].push(performance.now() - began);
}

const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;

/** Standard error of the mean. */
function errorOf(list: number[]): number {
  const middle = mean(list);
  return Math.sqrt(list.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (list.length - 1) / list.length);
}

try {
  for (let warm = 0; warm < 3; warm++) await grade(warm, "without");
  times.without = [];
  for (let round = 0; round < rounds; round++) {
    // Blocks, and in turns which comes first: a diagnosis would otherwise be paid by the grading without.
    for (const which of round % 2 === 0 ? (["with", "without"] as const) : (["without", "with"] as const)) {
      await settled();
      for (let place = 0; place < BLOCK; place++) await grade(round * BLOCK + place, which);
    }
  }
  const found = (await Promise.all(named)).filter((tests) => tests.length > 0).length;
  const figures = Object.fromEntries(
    Object.entries(times).map(([which, list]) => [
      which,
      {
        gradings: list.length,
        mean_ms: mean(list),
        mean_error_ms: errorOf(list),
        p50_ms: quantile(list, 0.5),
        p95_ms: quantile(list, 0.95),
      },
    ]),
  );
  // Each grading beside the one of the same mistake without: what differs between mistakes says nothing.
  const more = times.with.map((ms, nth) => ms - times.without[nth]!);
  const difference = { mean_ms: mean(more), mean_error_ms: errorOf(more) };
  console.log(JSON.stringify({ ...figures, difference, named: found }, null, 2));
} finally {
  await pool.close();
  await rm(scratch, { recursive: true, force: true });
}
