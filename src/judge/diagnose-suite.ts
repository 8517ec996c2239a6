// Whether a suite's mistakes are told apart: each mutant is handed in as a student would, and must be given its own
// name. What answers alike is listed beside it.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { SandboxPool } from "../sandbox/pool.ts";
import type { BlobStore } from "../storage/blobs.ts";
import type { TestDiagnosis } from "./diagnosis.ts";
import { gradeSubmission } from "./grade.ts";
import { filesUnder, mutantFiles, type Suite, type SuiteFile, tarOf } from "./read-suite.ts";
import type { Report } from "./report.ts";
import { runKey } from "./seed.ts";

export interface DiagnosisRow {
  suite: string;
  /** `(reference)` and `(starter)` stand for themselves: neither may be given a name. */
  mutant: string;
  /** In at least one failed test it is named, and nothing else with it. */
  named: boolean;
  /** Other mistakes that were named instead, or beside it. */
  confused_with: string[];
  /** Why nothing can be named: `answers` where no failed test left answers to compare (time, a dead process). */
  nothing_to_compare: boolean;
}

const SECRET = Buffer.alloc(32, 7);

export interface Diagnosed {
  report: Report;
  found: TestDiagnosis[];
}

/** Hands in files as a student would and waits for the mistakes to be named. */
export async function gradeAndDiagnose(
  pool: SandboxPool,
  blobs: BlobStore,
  suite: Suite,
  files: SuiteFile[],
): Promise<Diagnosed> {
  const [archive, tar] = [tarOf(files), tarOf(suite.files)];
  const hash = createHash("sha256").update(archive).digest("hex");
  let found: Promise<TestDiagnosis[]> = Promise.resolve([]);
  const report = await gradeSubmission(
    pool,
    blobs,
    {
      suite: { config: suite.config, hash: suite.hash, tar: async () => tar },
      archive: { bytes: archive.length, open: async () => Readable.from([archive]) },
      key: runKey(suite.config.seed, SECRET, hash),
    },
    {
      onDiagnosing: (promise) => {
        found = promise;
      },
    },
  );
  return { report, found: await found };
}

/** Everything that is handed in for a suite: its mutants, its reference and its starter. */
export function handedIn(suite: Suite): { name: string; files: SuiteFile[] }[] {
  return [
    { name: "(reference)", files: filesUnder(suite.files, "reference") },
    { name: "(starter)", files: filesUnder(suite.files, "starter") },
    ...suite.mutants.map((mutant) => ({ name: mutant.name, files: mutantFiles(suite, mutant) })),
  ];
}

/** What one of them was called. Pure. */
export function rowOf(suite: string, mutant: string, { report, found }: Diagnosed): DiagnosisRow {
  const called = found.map(({ diagnosis }) => [diagnosis.mutant, ...diagnosis.others]);
  const others = new Set(called.flat().filter((name) => name !== mutant));
  const answered = report.tests.some(
    (test) => test.score < test.max && ["failed", "error", "partial"].includes(test.verdict),
  );
  return {
    ...{ suite, mutant },
    named: called.some((names) => names.length === 1 && names[0] === mutant),
    confused_with: [...others].sort(),
    nothing_to_compare: !answered,
  };
}
