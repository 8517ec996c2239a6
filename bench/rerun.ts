// A course's re-run beside students who hand in, all of it real: server, worker, sandboxes.
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { ask, send } from "../src/cli/client/api.ts";
import { COURSE } from "../src/cli/demo/session.ts";
import { idList } from "../src/platform/database.ts";
import type { Case } from "./cases.ts";
import { type Figure, figure, quantile, single } from "./figures.ts";
import { zipOfItsOwn } from "./intake.ts";
import type { Stage } from "./stage.ts";
import { Ends, submit } from "./submitting.ts";

export interface RerunSize {
  /** Submissions that are graded again. */
  rerun: number;
  /** Handed in meanwhile, one each `everyMs`. */
  live: number;
  everyMs: number;
  rounds: number;
}

/** How long a submission waits for its start, by the database's clock: alone and beside a re-run, in turns. */
export async function besideRerun(stage: Stage, one: Case, size: RerunSize): Promise<Figure[]> {
  const ends = await Ends.open(stage);
  const alone: number[] = [];
  const beside: number[] = [];
  const left: number[] = [];
  try {
    await handIn(stage, ends, one, size.rerun, 0);
    await liveWaits(stage, ends, one, size);
    for (let round = 0; round < size.rounds; round++) {
      alone.push(...(await liveWaits(stage, ends, one, size)));
      const rerun = await begin(stage, one);
      beside.push(...(await liveWaits(stage, ends, one, size)));
      left.push(await waiting(stage));
      await cancel(stage, rerun);
    }
  } finally {
    await ends.close();
  }
  return [
    figure("live_wait_alone_p95_ms", alone, null, 0.95),
    figure("live_wait_beside_rerun_p95_ms", beside, null, 0.95),
    single("live_wait_beside_rerun_ratio", quantile(beside, 0.95) / quantile(alone, 0.95), "<= 1.2"),
    // The re-run was under way all the time.
    single("rerun_left_after_live", Math.min(...left), ">= 1"),
  ];
}

/** Submissions of their own bytes, graded when this returns. @returns their attempts */
async function handIn(
  stage: Stage,
  ends: Ends,
  one: Case,
  count: number,
  everyMs: number,
): Promise<string[]> {
  const attempts: string[] = [];
  for (let n = 0; n < count; n++) {
    const student = stage.students[n % stage.students.length]!;
    attempts.push((await submit(student, one, await zipOfItsOwn(made++))).attempt);
    await sleep(everyMs);
  }
  await Promise.all(attempts.map((attempt) => ends.of(attempt)));
  return attempts;
}

let made = 0;

async function liveWaits(
  stage: Stage,
  ends: Ends,
  one: Case,
  { live, everyMs }: RerunSize,
): Promise<number[]> {
  const attempts = await handIn(stage, ends, one, live, everyMs);
  const rows = await stage.database.db.execute<{ ms: number }>(
    sql`select (extract(epoch from started_at - created_at) * 1000)::float8 as ms from attempts where id = any(${idList(attempts)})`,
  );
  return rows.map(({ ms }) => ms);
}

async function begin({ instructor }: Stage, one: Case): Promise<string> {
  const path = `/api/v1/assignments/${COURSE}.${one.suite.config.id}/reruns`;
  const json = { scope: "all", reason: "bench" };
  return (await ask(instructor, path, z.object({ id: z.string() }), { method: "POST", json })).id;
}

async function cancel(stage: Stage, rerun: string): Promise<void> {
  await send(stage.instructor, `/api/v1/reruns/${rerun}/cancel`, { method: "POST" });
  while ((await running(stage)) > 0) await sleep(50);
}

const waiting = (stage: Stage) => inState(stage, "waiting");
const running = (stage: Stage) => inState(stage, "running");

async function inState({ database }: Stage, state: string): Promise<number> {
  const [row] = await database.db.execute<{ n: number }>(
    sql`select count(*)::int as n from attempts where state = ${state}`,
  );
  return row?.n ?? 0;
}
