// How long one submission takes, the arms interleaved: whatever else the machine does meets all of them alike.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gradeSubmission } from "../src/judge/grade.ts";
import { tarOf } from "../src/judge/read-suite.ts";
import { runKey } from "../src/judge/seed.ts";
import { openSandboxPool } from "../src/sandbox/pool.ts";
import { createArchiveReader } from "../src/storage/archive.ts";
import { diskBlobs } from "../src/storage/blobs.ts";
import type { Case } from "./cases.ts";
import { type Figure, figure, median, quantile, single } from "./figures.ts";
import type { Plain, Timing } from "./plain.ts";
import type { Stage } from "./stage.ts";
import { Ends, watched } from "./submitting.ts";

type Arm = "bare" | "container" | "cold" | "warm";
type Samples = Record<Arm, Timing[]> & { intake: number[] };

/** @param pairs waiting pairs of a full pool */
export async function latency(
  stage: Stage,
  plain: Plain,
  cases: Case[],
  rounds: number,
  pairs: number,
): Promise<Figure[]> {
  const ends = await Ends.open(stage);
  const all = new Map<Case, Samples>();
  for (const one of cases) all.set(one, { bare: [], container: [], cold: [], warm: [], intake: [] });
  try {
    // The first round warms page caches and connections, and is not counted.
    for (let round = 0; round <= rounds; round++) {
      for (const one of cases) {
        const samples = all.get(one)!;
        const bare = await plain.bare(one);
        const container = await plain.container(one);
        const cold = round % 3 === 1 ? await coldOne(one) : null;
        await stage.untilReady(pairs);
        const { intake, ...warm } = await watched(stage, ends, one, round);
        if (round === 0) continue;
        samples.bare.push(bare);
        samples.container.push(container);
        if (cold) samples.cold.push(cold);
        samples.warm.push(warm);
        samples.intake.push(intake);
      }
    }
  } finally {
    await ends.close();
  }
  return [...all].flatMap(([one, samples]) => figuresOf(one, samples)).concat(goals(all));
}

function figuresOf({ name }: Case, samples: Samples): Figure[] {
  const arms = ["bare", "container", "cold", "warm"] as const;
  return [
    ...arms.flatMap((arm) => [
      figure(`${name}_${arm}_first_s`, firsts(samples[arm])),
      figure(`${name}_${arm}_report_s`, reports(samples[arm])),
    ]),
    figure(`${name}_intake_s`, samples.intake),
  ];
}

/** The figures: the worst suite of a kind speaks for it. */
function goals(all: Map<Case, Samples>): Figure[] {
  const made: Figure[] = [];
  for (const kind of ["numpy", "torch"] as const) {
    const of = [...all].filter(([one]) => one.kind === kind).map(([, samples]) => firsts(samples.warm));
    const [worst] = of.sort((a, b) => quantile(b, 0.95) - quantile(a, 0.95));
    if (worst) made.push(figure(`first_result_${kind}_s`, worst, "<= 0.15", 0.95));
  }
  const ratio = (name: string, suite: string, arm: Arm, goal: string) => {
    const samples = [...all].find(([one]) => one.name === suite)?.[1];
    if (!samples) return;
    made.push(single(name, median(reports(samples.warm)) / median(reports(samples[arm])), goal));
  };
  ratio("report_numpy_ratio", "hw4", "container", "<= 0.35");
  ratio("report_torch_ratio", "torch", "container", "<= 0.2");
  ratio("report_floor_ratio", "hw2", "bare", "<= 1.25");
  return made;
}

const firsts = (samples: Timing[]): number[] => samples.map(({ first }) => first);
const reports = (samples: Timing[]): number[] => samples.map(({ report }) => report);

/** (c): nothing waits. The ZIP is read, a pair is made, the tests run; without HTTP and database. */
async function coldOne(one: Case): Promise<Timing> {
  const home = await mkdtemp(join(tmpdir(), "assay-bench-cold-"));
  const blobs = diskBlobs(home);
  const reader = createArchiveReader({ blobs });
  const pool = await openSandboxPool({ background: false, home });
  try {
    const { config, hash, files } = one.suite;
    const zip = join(home, "work.zip");
    await writeFile(zip, one.zip);
    const began = performance.now();
    const limits = { unpackedBytes: config.limits.unpacked, archiveBytes: config.limits.upload };
    const { tar } = await reader.read(zip, { ...limits, required: config.files.required });
    let first = 0;
    const task = {
      suite: { config, hash, tar: async () => tarOf(files) },
      archive: { bytes: tar.bytes, open: () => blobs.open(tar.hash) },
      key: runKey(config.seed, Buffer.alloc(32), tar.hash),
    };
    const onTest = () => {
      if (first === 0) first = performance.now();
    };
    const { score, max } = await gradeSubmission(pool, blobs, task, { onTest });
    if (score !== max) throw new Error(`${one.name}: ${score} of ${max}`);
    return { first: (first - began) / 1000, report: (performance.now() - began) / 1000 };
  } finally {
    await Promise.all([pool.close(), reader.close()]);
    await rm(home, { recursive: true, force: true });
  }
}
