// Runs everything that a suite's proof needs, in the very sandboxes that students will meet, and weighs it.
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { InfrastructureFault } from "../platform/errors.ts";
import type { CollectedTest } from "../sandbox/events.ts";
import { SuiteFault } from "../sandbox/fault.ts";
import type { SandboxPool } from "../sandbox/pool.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { adversaryFiles, adversaryNames } from "./adversaries.ts";
import { type GradingHooks, type GradingTask, gradeSubmission } from "./grade.ts";
import { type Proof, type ProofRuns, proofOf } from "./proof.ts";
import { filesUnder, mutantFiles, type Suite, type SuiteFile, tarOf } from "./read-suite.ts";
import type { Report } from "./report.ts";
import { runKey } from "./seed.ts";
import { alternativeConfig } from "./suite.ts";
import { readYaml } from "./yaml.ts";

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

/** An adversary may hang in every test; this is how long each of its tests gets. */
const ADVERSARY_SECONDS = 2;
const TRIES = 3;
/** The smallest ZIP there is: an end-of-central-directory record. APPNOTE 4.3.16. */
const EMPTY_ZIP = Buffer.concat([Buffer.from("PK\x05\x06", "latin1"), Buffer.alloc(18)]);

interface Run {
  what: string;
  files: SuiteFile[];
  secret: Buffer;
  tolerance?: number;
  perTestSeconds?: number;
  keep(report: Report): void;
}

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
  const collected = new Collected(suite);
  const runs = collected.plan(options.seeds);
  const tar = tarOf(suite.files);
  let done = 0;
  let tests: CollectedTest[] = [];
  await inParallel(runs, options.parallel, async (run) => {
    const hooks: GradingHooks = {
      ...(options.signal ? { signal: options.signal } : {}),
      onCollected: (found) => {
        tests = found;
      },
    };
    const report = await repeated(() => gradeSubmission(pool, blobs, taskOf(suite, tar, run), hooks));
    run.keep(report);
    options.onProgress?.(++done, runs.length, run.what);
  });
  const proof = proofOf({ ...collected.runs(), emptyZip: await options.intake(suite, EMPTY_ZIP) });
  return { proof, tests };
}

class Collected {
  private readonly suite: Suite;
  private readonly byName = new Map<string, Report[]>();
  private seeds = 0;

  constructor(suite: Suite) {
    this.suite = suite;
  }

  plan(seeds: number): Run[] {
    this.seeds = seeds;
    const { suite } = this;
    const secrets = Array.from({ length: seeds }, () => randomBytes(32));
    const one = secrets[0] ?? randomBytes(32);
    const reference = filesUnder(suite.files, "reference");
    const { required } = suite.config.files;
    return [
      ...secrets.map((secret) => this.run("reference", reference, secret)),
      { ...this.run("reference, tenth of tolerance", reference, one), tolerance: 0.1 },
      this.run("starter", this.starterFiles(reference), one),
      this.run("syntax error", withSyntaxError(required, reference), one),
      ...suite.mutants.flatMap((mutant) =>
        secrets.map((secret) => this.run(`mutant ${mutant.name}`, mutantFiles(suite, mutant), secret)),
      ),
      ...this.alternatives().map(({ name, files }) => this.run(`alternative ${name}`, files, one)),
      ...adversaryNames.map((name) => ({
        ...this.run(`adversary ${name}`, adversaryFiles(name, required, reference), one),
        perTestSeconds: ADVERSARY_SECONDS,
      })),
    ];
  }

  private run(what: string, files: SuiteFile[], secret: Buffer): Run {
    return {
      what,
      files,
      secret,
      keep: (report) => this.byName.set(what, [...(this.byName.get(what) ?? []), report]),
    };
  }

  /** A student hands in a starter with whatever else the assignment requires (a report, say). */
  private starterFiles(reference: SuiteFile[]): SuiteFile[] {
    const starter = filesUnder(this.suite.files, "starter");
    const missing = this.suite.config.files.required.filter(
      (path) => !starter.some((file) => file.path === path),
    );
    return [...starter, ...reference.filter(({ path }) => missing.includes(path))];
  }

  private alternatives() {
    const below = filesUnder(this.suite.files, "alternatives");
    const names = [...new Set(below.map(({ path }) => path.split("/")[0] ?? ""))];
    return names.map((name) => {
      const files = filesUnder(below, name);
      const settings = files.find(({ path }) => path === "alternative.yaml");
      const expected = settings
        ? readYaml(
            `alternatives/${name}/alternative.yaml`,
            settings.bytes.toString("utf8"),
            alternativeConfig,
          ).fails
        : [];
      const own = files.filter(({ path }) => path !== "alternative.yaml");
      const reference = filesUnder(this.suite.files, "reference");
      const lacking = this.suite.config.files.required.filter(
        (path) => !own.some((file) => file.path === path),
      );
      return { name, expected, files: [...own, ...reference.filter(({ path }) => lacking.includes(path))] };
    });
  }

  runs(): Omit<ProofRuns, "emptyZip"> {
    const only = (what: string): Report => {
      const report = this.byName.get(what)?.[0];
      if (!report) throw new Error(`no run of ${what}`);
      return report;
    };
    return {
      suite: this.suite.config.id,
      hash: this.suite.hash,
      starterMax: this.suite.config.starter_max,
      seeds: this.seeds,
      reference: this.byName.get("reference") ?? [],
      strict: only("reference, tenth of tolerance"),
      starter: only("starter"),
      syntaxError: only("syntax error"),
      mutants: this.suite.mutants.map(({ name, fails, flagged }) => ({
        name,
        expected: fails,
        flagged,
        reports: this.byName.get(`mutant ${name}`) ?? [],
      })),
      alternatives: this.alternatives().map(({ name, expected }) => ({
        name,
        expected,
        report: only(`alternative ${name}`),
      })),
      adversaries: adversaryNames.map((name) => ({ name, report: only(`adversary ${name}`) })),
    };
  }
}

function withSyntaxError(required: readonly string[], reference: SuiteFile[]): SuiteFile[] {
  return reference.map((file) =>
    required.includes(file.path) && file.path.endsWith(".py")
      ? { path: file.path, bytes: Buffer.concat([Buffer.from("def broken(:\n    pass\n"), file.bytes]) }
      : file,
  );
}

function taskOf(suite: Suite, tar: Buffer, run: Run): GradingTask {
  const archive = tarOf(run.files);
  const hash = createHash("sha256").update(archive).digest("hex");
  return {
    suite: { config: suite.config, hash: suite.hash, tar: async () => tar },
    archive: { bytes: archive.length, open: async () => Readable.from([archive]) },
    key: runKey(suite.config.seed, run.secret, hash),
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

async function inParallel<T>(items: T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
