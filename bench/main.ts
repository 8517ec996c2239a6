// `npm run bench [-- --json] [--quick] [--only PART] [--case NAME] [--rounds N] [--peer tango=URL]`: everything side
// by side in one run. With --json stdout is one JSON document and nothing else; progress goes to stderr.
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDatabase } from "../src/platform/database.ts";
import { migrate } from "../src/platform/migrate.ts";
import { ensureImages } from "../src/sandbox/images.ts";
import { addressOf, dropDatabase, runOnServer } from "../test/support/server-address.ts";
import { type Case, intakeCase, loadCases } from "./cases.ts";
import { endurance } from "./endurance.ts";
import { type Figure, single, table } from "./figures.ts";
import { growth } from "./growth.ts";
import { burst, large } from "./intake.ts";
import { latency } from "./latency.ts";
import { peerFigures } from "./peer.ts";
import { openPlain } from "./plain.ts";
import { type PlanningSize, planning } from "./planning.ts";
import { queueing } from "./queueing.ts";
import { besideRerun } from "./rerun.ts";
import { openStage, residentMb, type Stage } from "./stage.ts";
import { throughput } from "./throughput.ts";

const PARTS = ["latency", "throughput", "intake", "queue", "rerun", "growth", "endurance", "plan"] as const;
type Part = (typeof PARTS)[number];
const SLOTS = 2;

const FULL = {
  rounds: 20,
  throughput: { count: 100, burst: 16, rounds: 3, slots: SLOTS },
  intake: { count: 1000, seconds: 60, megabytes: 1000 },
  queue: { backlog: 200, idleSeconds: 20, workers: 20 },
  rerun: { rerun: 300, live: 20, everyMs: 1000, rounds: 3 },
  growth: { small: 10_000, large: 1_000_000, repeats: 30 },
  endurance: 500,
  plan: { learned: [40, 16], tested: [80, 40], rounds: 2 } as PlanningSize,
};
type Sizes = typeof FULL;
const QUICK: Sizes = {
  rounds: 3,
  throughput: { count: 6, burst: 4, rounds: 1, slots: SLOTS },
  intake: { count: 60, seconds: 6, megabytes: 100 },
  queue: { backlog: 40, idleSeconds: 5, workers: 4 },
  rerun: { rerun: 40, live: 5, everyMs: 500, rounds: 1 },
  growth: { small: 1000, large: 20_000, repeats: 10 },
  endurance: 20,
  plan: { learned: [12, 4], tested: [16, 6], rounds: 1 },
};

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    case: { type: "string" },
    rounds: { type: "string" },
    peer: { type: "string" },
  },
});
const only = values.only as Part | undefined;
if (only !== undefined && !PARTS.includes(only)) throw new Error(`--only takes one of ${PARTS.join(", ")}`);
const sizes = structuredClone(values.quick ? QUICK : FULL);
if (values.rounds !== undefined) {
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds takes a whole number");
  sizes.rounds = sizes.throughput.rounds = sizes.plan.rounds = rounds;
}
/** What each part grades; `--case` takes one of them, or hw4 for throughput. */
const CASES: Partial<Record<Part, string[]>> = {
  latency: ["hw4", "hw2", "torch"],
  throughput: ["numpy", "torch"],
};
const say = (line: string) => console.error(`[${Math.round(performance.now() / 1000)} s] ${line}`);

const figures: Figure[] = [single("load_before", loadavg()[0]!)];
const home = await mkdtemp(join(tmpdir(), "assay-bench-"));
// The database's own account walks through it.
await chmod(home, 0o711);
process.env.ASSAY_SLOTS = String(SLOTS);
// One student may stand for many here.
process.env.ASSAY_TEAM_SLOTS = "100";
try {
  await ensureImages(undefined, say);
  if (values.peer === undefined) {
    if (only !== "plan") await measure(home);
    // With workers of its own kind, so with an installation of its own.
    if (wanted("plan")) await plan(join(home, "plan"));
  } else figures.push(...(await peerFigures(values.peer, sizes.rounds)));
} finally {
  await rm(home, { recursive: true, force: true });
}
figures.push(single("load_after", loadavg()[0]!));
console.log(values.json ? JSON.stringify({ figures }) : table(figures));

async function measure(home: string): Promise<void> {
  const cases = await loadCases(values.case ? [values.case] : PARTS.filter(wanted).flatMap(casesOf));
  say("a server, a worker and a course");
  const stage = await openStage(home, cases);
  try {
    if (wanted("latency") || wanted("throughput")) await besidePlain(stage, home, cases);
    if (wanted("intake")) await intake(stage);
    if (wanted("queue")) await scratch(stage, queueFigures);
    if (wanted("rerun")) {
      say("rerun");
      const one = await intakeCase();
      await stage.publish(one);
      figures.push(...(await besideRerun(stage, one, sizes.rerun)));
    }
    if (wanted("growth")) {
      say("growth");
      figures.push(...(await growth(stage.database.url, sizes.growth)));
    }
    // Last: it ends the worker.
    if (wanted("endurance")) {
      say("endurance");
      const one = await intakeCase();
      await stage.publish(one);
      figures.push(...(await endurance(stage, one, sizes.endurance)));
    }
  } finally {
    await stage.close();
  }
}

async function plan(home: string): Promise<void> {
  say("plan");
  figures.push(...(await planning(home, await loadCases(["hw4", "hw2"]), sizes.plan, say)));
}

async function besidePlain(stage: Stage, home: string, cases: Case[]): Promise<void> {
  const plain = await openPlain(home);
  try {
    await graded(stage, plain, cases);
  } finally {
    await plain.close();
  }
}

async function graded(
  stage: Stage,
  plain: Awaited<ReturnType<typeof openPlain>>,
  cases: Case[],
): Promise<void> {
  const pairs = SLOTS * cases.length;
  say("the pool fills");
  const { waitingBytes, ready } = await stage.untilReady(pairs);
  figures.push(single("waiting_mb_each", waitingBytes / 1e6 / ready));
  figures.push(single("worker_rss_mb", await residentMb(stage.worker)));
  if (wanted("latency")) {
    say("latency");
    const of = values.case ? cases : cases.filter(({ name }) => casesOf("latency").includes(name));
    figures.push(...(await latency(stage, plain, of, sizes.rounds, pairs)));
  }
  if (!wanted("throughput")) return;
  for (const one of cases) {
    if (!values.case && !casesOf("throughput").includes(one.name)) continue;
    say(`throughput of ${one.name}`);
    figures.push(...(await throughput(stage, plain, one, sizes.throughput, pairs)));
  }
}

function casesOf(part: Part): string[] {
  return CASES[part] ?? [];
}

async function intake(stage: Stage): Promise<void> {
  say("intake");
  const one = await intakeCase();
  await stage.publish(one);
  const { count, seconds, megabytes } = sizes.intake;
  figures.push(...(await large(stage, one, megabytes)), ...(await burst(stage, one, count, seconds)));
}

async function queueFigures(url: string): Promise<void> {
  say("queue");
  const database = openDatabase(url, { name: "assay bench" });
  try {
    figures.push(...(await queueing(database, sizes.queue)));
  } finally {
    await database.close();
  }
}

/** A migrated database that nobody else uses. */
async function scratch(stage: Stage, use: (url: string) => Promise<void>): Promise<void> {
  const { url } = stage.database;
  const name = `bench_${randomUUID().replaceAll("-", "")}`;
  await runOnServer(url, `create database ${name}`);
  try {
    await migrate(addressOf(url, name));
    await use(addressOf(url, name));
  } finally {
    await dropDatabase(url, name);
  }
}

function wanted(part: Part): boolean {
  return only === undefined || only === part;
}
