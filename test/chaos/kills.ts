// Who is killed, in what order, with what pauses: drawn from one seeded source, so that a run can be had again.
import { setTimeout as sleep } from "node:timers/promises";
import type { PrivateEngine } from "../../src/cli/demo/own-engine.ts";
import type { Installation } from "./installation.ts";
import { shuffled } from "./random.ts";
import type { Crowd } from "./students.ts";

export const victims = ["worker", "engine", "postgres", "server"] as const;
export type Victim = (typeof victims)[number];
export type Kills = Record<Victim, number>;

/** From nothing to twice this lies between two kills. */
const MEAN_PAUSE_MS = 2000;
/** Of three: the one to be killed, and one that finds it dead. */
const LIVING_WORKERS = 2;
const ENGINE_RESTART_MS = 1500;
const UPLOAD_LIMIT_MS = 30_000;

export interface WorkerDeath {
  pid: number;
  at: Date;
}

/** While the database was away nobody could find anything. */
export interface Absence {
  from: Date;
  until: Date;
}

/** Kills all of `wanted`. @returns the deaths of workers, to see how soon they are found */
export async function killAll(
  wanted: Kills,
  parts: { installation: Installation; engine: PrivateEngine; crowd: Crowd },
  random: () => number,
  say: (line: string) => void,
): Promise<{ done: Kills; deaths: WorkerDeath[]; absences: Absence[] }> {
  const order = shuffled(
    victims.flatMap((victim) => Array<Victim>(wanted[victim]).fill(victim)),
    random,
  );
  const done: Kills = { worker: 0, engine: 0, postgres: 0, server: 0 };
  const deaths: WorkerDeath[] = [];
  const absences: Absence[] = [];
  for (const victim of order) {
    await sleep(random() * 2 * MEAN_PAUSE_MS);
    const from = new Date();
    await kill(victim, parts, random, deaths);
    if (victim === "postgres") absences.push({ from, until: new Date() });
    done[victim]++;
    const told = Object.entries(done).map(([name, count]) => `${name} ${count}`);
    say(`killed: ${told.join(", ")}; submitted ${parts.crowd.submitted}`);
  }
  return { done, deaths, absences };
}

async function kill(
  victim: Victim,
  { installation, engine, crowd }: { installation: Installation; engine: PrivateEngine; crowd: Crowd },
  random: () => number,
  deaths: WorkerDeath[],
): Promise<void> {
  if (victim === "worker") {
    await installation.untilWorking(LIVING_WORKERS);
    const at = new Date();
    deaths.push({ pid: installation.killWorker(random), at });
  } else if (victim === "engine") await engine.kill(random() * ENGINE_RESTART_MS);
  else if (victim === "postgres") await installation.killPostgres();
  else {
    await untilUploading(crowd);
    await sleep(random() * 300);
    await installation.killServer();
  }
}

/** A server is killed only while somebody's upload is under way. */
async function untilUploading(crowd: Crowd): Promise<void> {
  const deadline = Date.now() + UPLOAD_LIMIT_MS;
  while (crowd.uploading === 0) {
    if (Date.now() > deadline) throw new Error("nobody uploads");
    await sleep(10);
  }
}
