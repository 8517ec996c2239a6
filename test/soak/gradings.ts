// Five hundred gradings by one worker, a fifth of them attacks: afterwards no container, volume or process is left, and
// on the way the worker keeps neither memory nor descriptors.
import { readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { answerOf, send } from "../../src/cli/client/api.ts";
import { readFolder } from "../../src/judge/read-suite.ts";
import { openEngine } from "../../src/sandbox/engine.ts";
import { ensureImages } from "../../src/sandbox/images.ts";
import { installationId, LABELS } from "../../src/sandbox/owner.ts";
import { zipOf } from "../../src/storage/zip-write.ts";
import { countOpen } from "../chaos/count.ts";
import { Installation } from "../chaos/installation.ts";
import { processesOf } from "../chaos/processes.ts";
import { seeded, shuffled } from "../chaos/random.ts";
import { type HostileCase, readCases } from "../hostile/cases.ts";
import type { Outcome, Part } from "./part.ts";

const SUITE = join(import.meta.dirname, "../hostile/suite");
const STUDENTS = 6;
const HOSTILE_SHARE = 0.2;
const WAITING_LIMIT = 8;
const SETTLE_LIMIT_MS = 300_000;
const END_LIMIT_MS = 20_000;
/** The slope over the second half; one submission's archive kept a grading would show. */
const GROWTH_LIMIT_KB_A_GRADING = 60;
/** With fewer, the slope is that of warming up. */
const JUDGED_FROM = 300;
const DESCRIPTORS_LIMIT = 12;
const IDLE_MS = 10_000;

interface Sample {
  graded: number;
  residentKb: number;
  descriptors: number;
}

export const gradings: Part = {
  name: "gradings",
  runs: 500,
  async run(runs, seed, say) {
    await ensureImages(["python-ml"], say);
    const home = await mkdtemp(join(tmpdir(), "assay-soak-"));
    await chmod(home, 0o711);
    await mkdir(join(home, "home"));
    try {
      return await grade(join(home, "home"), runs, seed, say);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};

async function grade(
  home: string,
  runs: number,
  seed: number,
  say: (line: string) => void,
): Promise<Outcome> {
  const began = performance.now();
  const installation = await Installation.open(home, 1);
  const samples: Sample[] = [];
  /** Descriptors while nothing is graded, made or removed: early on, and at the end. */
  const idle: number[] = [];
  let outcomes: Record<string, number> = {};
  try {
    const { assignment, students } = await installation.makeCourse(SUITE, STUDENTS);
    const zips = await submissionsOf(runs, seed);
    for (const [at, zip] of zips.entries()) {
      const path = `/api/v1/assignments/${assignment}/submissions?name=work.zip`;
      const body = { body: zip, type: "application/zip", headers: { "idempotency-key": `soak-${at}` } };
      await answerOf(await send(students[at % STUDENTS]!, path, body), z.unknown());
      await below(installation, WAITING_LIMIT);
      if (at % 10 === 9) samples.push(sampleOf(installation.workerPids[0]!, at + 1));
      if (at === Math.ceil(runs / 5) || at === runs - 1) idle.push(await idleDescriptors(installation));
      if (at % 50 === 49) say(`${at + 1} of ${runs}: ${JSON.stringify(samples.at(-1))}`);
    }
    outcomes = await statesOf(installation);
  } finally {
    await installation.stop();
  }
  const left = await leftOver(home);
  const figures = {
    seconds: (performance.now() - began) / 1000,
    ...figuresOf(samples, idle),
    leftOver: left.length,
  };
  return { outcomes, figures, wrong: complaints(outcomes, figures, left, runs) };
}

/** Honest ones and attacks in a drawn order; each is another file, so that none is taken for a second click. */
async function submissionsOf(runs: number, seed: number): Promise<Buffer[]> {
  const attacks = shuffled(readCases().filter(canBeSent), seeded(seed));
  const count = Math.round(runs * HOSTILE_SHARE);
  const folders = Array.from({ length: runs }, (_, at) => {
    const { folder } = attacks[at % attacks.length]!;
    return join(folder, at < count ? "submission" : "twin");
  });
  return Promise.all(
    shuffled(folders, seeded(seed + 1)).map(async (folder, at) =>
      zipOf([...(await readFolder(folder)), { path: "number.txt", bytes: Buffer.from(String(at)) }]),
    ),
  );
}

/** Of those that are accepted at the upload and need no suite of their own. */
const canBeSent = ({ folder, refused, suite_refused, group, limits }: HostileCase) =>
  !refused &&
  !suite_refused &&
  !limits &&
  !["archive", "staff"].includes(group) &&
  !readdirSync(folder).includes("suite") &&
  readdirSync(folder).includes("submission");

async function below({ database }: Installation, count: number): Promise<void> {
  const deadline = Date.now() + SETTLE_LIMIT_MS;
  while ((await countOpen(database.sql)) >= count) {
    if (Date.now() > deadline) throw new Error(`gradings do not end within ${SETTLE_LIMIT_MS / 1000} s`);
    await sleep(100);
  }
}

function sampleOf(pid: number, graded: number): Sample {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return {
    graded,
    residentKb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

async function statesOf({ database }: Installation): Promise<Record<string, number>> {
  const rows = await database.sql<{ state: string; n: number }[]>`
    select case when state = 'finished' and score = max then 'full points' else state end as state, count(*)::int as n
    from attempts group by 1`;
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

/** The fewest within some seconds after everything has been graded: refills and removals end meanwhile. */
async function idleDescriptors(installation: Installation): Promise<number> {
  await below(installation, 1);
  let fewest = Number.POSITIVE_INFINITY;
  for (const until = performance.now() + IDLE_MS; performance.now() < until; await sleep(250))
    fewest = Math.min(fewest, sampleOf(installation.workerPids[0]!, 0).descriptors);
  return fewest;
}

function figuresOf(samples: Sample[], idle: number[]) {
  const half = samples.slice(Math.floor(samples.length / 2));
  const [first, last] = [half[0]!, half.at(-1)!];
  return {
    residentMbAtHalf: first.residentKb / 1000,
    residentMbAtEnd: last.residentKb / 1000,
    growthKbAGrading: slope(half),
    idleDescriptorsEarly: idle[0] ?? 0,
    idleDescriptorsAtEnd: idle.at(-1) ?? 0,
  };
}

/** Kilobytes a grading, by least squares: one sample may lie before or after a collection. */
function slope(samples: Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [x, y] = [mean(({ graded }) => graded), mean(({ residentKb }) => residentKb)];
  const above = samples.reduce((sum, one) => sum + (one.graded - x) * (one.residentKb - y), 0);
  const below = samples.reduce((sum, one) => sum + (one.graded - x) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

async function leftOver(home: string): Promise<string[]> {
  const engine = openEngine();
  const mine = `${LABELS.owner}=${installationId(home)}`;
  const deadline = Date.now() + END_LIMIT_MS;
  for (;;) {
    const left = [
      ...(await engine.containers(mine)).map(({ id }) => `container ${id}`),
      ...(await engine.volumes(mine)).map(({ id }) => `volume ${id}`),
      ...(await processesOf(home)).map((line) => `process ${line}`),
    ];
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(500);
  }
}

function complaints(
  outcomes: Record<string, number>,
  figures: ReturnType<typeof figuresOf>,
  left: string[],
  runs: number,
): string[] {
  const { finished = 0, "full points": full = 0 } = outcomes;
  const more = figures.idleDescriptorsAtEnd - figures.idleDescriptorsEarly;
  return [
    finished + full === runs || `${runs - finished - full} of ${runs} have no result`,
    full >= runs * (1 - HOSTILE_SHARE) || "an honest submission did not get its points",
    left.length === 0 || `left over: ${left.slice(0, 10).join("; ")}`,
    more <= DESCRIPTORS_LIMIT || `${more} more descriptors`,
    runs < JUDGED_FROM ||
      figures.growthKbAGrading <= GROWTH_LIMIT_KB_A_GRADING ||
      "the worker's memory grows",
  ].filter((one) => typeof one === "string");
}
