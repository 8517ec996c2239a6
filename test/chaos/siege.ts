// One run: students hand in, everything is killed, everything is left to settle and told to end, and then counted.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { ask } from "../../src/cli/client/api.ts";
import type { PrivateEngine } from "../../src/cli/demo/own-engine.ts";
import { type Counts, countAll, countOpen, findingTimes } from "./count.ts";
import { Installation, QUOTA } from "./installation.ts";
import { type Kills, killAll } from "./kills.ts";
import { processesOf, sandboxesOf } from "./processes.ts";
import { seeded } from "./random.ts";
import { Crowd } from "./students.ts";

const SUITE = join(import.meta.dirname, "suite");
const WORKERS = 3;
const STUDENTS = 6;
/** More than so many waiting say nothing more, and only have to be graded afterwards. */
const WAITING_LIMIT = 12;
const SETTLE_LIMIT_MS = 180_000;
/** The database's own watcher stops it some six seconds after its last user. */
/** A sandbox whose engine died before the worker's first byte came to it ends after a minute. */
const END_LIMIT_MS = 90_000;

type Course = Awaited<ReturnType<Installation["makeCourse"]>>;

export interface Outcome extends Counts {
  /** Containers, volumes and processes that are there after everything was told to end. */
  leftover: string[];
  /** What a student was refused, which nobody should be. */
  refused: string[];
  /** Uploads that broke off with the server. */
  broken: number;
  kills: Kills;
  /** Seconds from each death of a worker to the end of what it was grading. */
  found: number[];
}

export async function underKills(
  home: string,
  engine: PrivateEngine,
  wanted: Kills,
  seed: number,
  say: (line: string) => void,
): Promise<Outcome> {
  // For the processes to come: our own, and the workers'.
  Object.assign(process.env, { DOCKER_HOST: engine.host, LOG_LEVEL: process.env.LOG_LEVEL ?? "info" });
  const installation = await Installation.open(home, WORKERS);
  let stopped = false;
  try {
    const course = await installation.makeCourse(SUITE, STUDENTS);
    const source = await readFile(join(SUITE, "reference/work.py"), "utf8");
    const crowd = new Crowd(course, source, seeded(seed + 1));
    const { done, deaths, absences } = await kill(installation, engine, crowd, { wanted, seed, say });
    say("nobody is killed any more; what was handed in is graded");
    await settle(installation);
    const { sql } = installation.database;
    const counts = await countAll(sql, crowd.answered);
    const found = await findingTimes(sql, deaths, absences);
    counts.charged = (await usedOf(course)) - counts.finished;
    stopped = true;
    await installation.stop();
    const leftover = await leftOver(engine, home);
    const { refused, broken } = crowd;
    return { ...counts, leftover, refused, broken, kills: done, found };
  } finally {
    if (!stopped) await installation.stop();
  }
}

async function kill(
  installation: Installation,
  engine: PrivateEngine,
  crowd: Crowd,
  { wanted, seed, say }: { wanted: Kills; seed: number; say: (line: string) => void },
) {
  let waiting = 0;
  const look = setInterval(async () => {
    waiting = await countOpen(installation.database.sql).catch(() => waiting);
  }, 500);
  const handingIn = crowd.run(() => waiting < WAITING_LIMIT);
  try {
    return await killAll(wanted, { installation, engine, crowd }, seeded(seed), say);
  } finally {
    crowd.stop();
    await handingIn;
    clearInterval(look);
  }
}

/** Waits until no attempt changes by itself any more; what does not end in time is counted as lost. */
async function settle({ database }: Installation): Promise<void> {
  const deadline = Date.now() + SETTLE_LIMIT_MS;
  while ((await countOpen(database.sql)) > 0 && Date.now() < deadline) await sleep(250);
}

/** What the students are told that they have used of their quota. */
async function usedOf({ assignment, students }: Course): Promise<number> {
  const answer = z.looseObject({ attemptsLeft: z.int() });
  const left = students.map((student) => ask(student, `/api/v1/assignments/${assignment}`, answer));
  return (await Promise.all(left)).reduce((sum, { attemptsLeft }) => sum + QUOTA - attemptsLeft, 0);
}

async function leftOver({ engine, folder }: PrivateEngine, home: string): Promise<string[]> {
  const deadline = Date.now() + END_LIMIT_MS;
  for (;;) {
    const containers = (await engine.docker.listContainers({ all: true })).map(({ Id }) => `container ${Id}`);
    const volumes = ((await engine.docker.listVolumes()).Volumes ?? []).map(({ Name }) => `volume ${Name}`);
    const processes = [...(await processesOf(home)), ...(await sandboxesOf(folder))];
    const left = [...containers, ...volumes, ...processes.map((line) => `process ${line}`)];
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(500);
  }
}
