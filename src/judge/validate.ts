// Runs everything that a suite's proof needs, in the very sandboxes that students will meet, and weighs it.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { InfrastructureFault } from "../platform/errors.ts";
import type { CollectedTest } from "../sandbox/events.ts";
import { SuiteFault } from "../sandbox/fault.ts";
import type { SandboxPool } from "../sandbox/pool.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { gradeSubmission } from "./grade.ts";
import { EMPTY_ZIP, type EndedRun, nameOfRun, type PlannedRun, planOf, proofRunsOf } from "./plan.ts";
import { type Proof, proofOf, setupProof } from "./proof.ts";
import { type Suite, tarOf } from "./read-suite.ts";
import { runKey } from "./seed.ts";
import type { GradingHooks, GradingTask } from "./task.ts";

export interface ValidateOptions {
  /** How many pairs at a time. */
  parallel: number;
  /** How often each mutant and the reference run, each time with another secret. */
  seeds: number;
  /** Told after each run, for a progress line. */
  onProgress?(done: number, total: number, what: string): void;
  signal?: AbortSignal;
  /** Refuses an archive as intake would: returns its code, or null where it was accepted. */
  intake(suite: Suite, zip: Buffer): Promise<{ code: string; message: string } | null>;
}

const TRIES = 3;

/**
 * Proves a suite: every run of GRADER_CONTRACT's "Registration is a proof", then the verdict on them.
 * @returns the proof, and the tests that the suite declares
 */
export async function validateSuite(
  pool: SandboxPool,
  blobs: BlobStore,
  suite: Suite,
  options: ValidateOptions,
): Promise<{ proof: Proof; tests: CollectedTest[] }> {
  const runs = planOf(suite, options.seeds);
  const tar = tarOf(suite.files);
  const ended: EndedRun[] = [];
  let done = 0;
  let tests: CollectedTest[] = [];
  await inParallel(runs, options.parallel, async (run, place) => {
    const hooks: GradingHooks = {
      ...(options.signal ? { signal: options.signal } : {}),
      onCollected: (found) => {
        tests = found;
      },
    };
    const report = await repeated(() => gradeSubmission(pool, blobs, taskOf(suite, tar, run), hooks));
    ended[place] = { ...run, report };
    options.onProgress?.(++done, runs.length, nameOfRun(run));
  });
  if (suite.config.mode === "gradescope") return { proof: setupProof(suite), tests };
  const { id, starter_max: starterMax } = suite.config;
  const proved = { id, hash: suite.hash, starterMax, seeds: options.seeds };
  return { proof: proofOf(proofRunsOf(proved, ended, await options.intake(suite, EMPTY_ZIP))), tests };
}

function taskOf(suite: Suite, tar: Buffer, run: PlannedRun): GradingTask {
  const archive = tarOf(run.files);
  const hash = createHash("sha256").update(archive).digest("hex");
  return {
    suite: { config: suite.config, hash: suite.hash, tar: async () => tar },
    archive: { bytes: archive.length, open: async () => Readable.from([archive]) },
    key: runKey(suite.config.seed, run.secret, hash),
    ...(run.setupOnly ? { setupOnly: true } : {}),
    ...(run.tolerance === undefined ? {} : { tolerance: run.tolerance }),
    ...(run.perTestSeconds === undefined ? {} : { perTestSeconds: run.perTestSeconds }),
  };
}

/** A fault of ours is repeated, as a worker repeats it: a loaded machine must not stand against a suite. */
async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const ours = error instanceof InfrastructureFault && !(error instanceof SuiteFault);
      if (!ours || tries === TRIES) throw error;
    }
  }
}

async function inParallel<T>(
  items: T[],
  width: number,
  work: (item: T, place: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const [place, item] of queue) await work(item, place);
    }),
  );
}
