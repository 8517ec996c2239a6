// What the simulation of a deadline promises, beside a real one: times of gradings are learned from small bursts, then
// larger ones of another draw come over HTTP to one and to two workers of this machine. Nothing of the second is known
// to the first.
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { startWorker, stopProcess } from "../src/cli/demo/processes.ts";
import {
  type Arrival,
  arrivalsOf,
  curves,
  drawing,
  planFor,
  type Question,
} from "../src/insight/capacity.ts";
import { gradedLately } from "../src/insight/history.ts";
import { measuredService, serviceOf } from "../src/insight/service-times.ts";
import type { Case } from "./cases.ts";
import { type Figure, figure, quantile, single } from "./figures.ts";
import { openStage, type Stage } from "./stage.ts";
import { Ends, submit } from "./submitting.ts";

export interface PlanningSize {
  /** Submissions and seconds of a burst from which times are learned. */
  learned: [count: number, seconds: number];
  /** And of one that is predicted. */
  tested: [count: number, seconds: number];
  rounds: number;
}

const SLOTS = 1;
const WITHIN = 20;
const QUIET_LIMIT_MS = 120_000;

export async function planning(
  home: string,
  cases: Case[],
  { learned, tested, rounds }: PlanningSize,
  say: (line: string) => void,
): Promise<Figure[]> {
  process.env.ASSAY_SLOTS = String(SLOTS);
  const stage = await openStage(home, cases);
  const ends = await Ends.open(stage);
  let second: ChildProcess | null = null;
  const withWorkers = async (count: number) => {
    if (count === 2) second = startWorker(home);
    else if (second) await stopProcess(second);
    if (count === 1) second = null;
    await quiet(stage, count);
  };
  try {
    for (const workers of [1, 2]) {
      await withWorkers(workers);
      const waits = await burst(stage, ends, cases, learned, 11 + workers);
      say(
        `learned with ${workers}: p50 ${quantile(waits, 0.5).toFixed(1)} s, p95 ${quantile(waits, 0.95).toFixed(1)} s`,
      );
    }
    const predicted = await predict(stage, tested);
    const measured = new Map<number, number[][]>([1, 2].map((workers) => [workers, []]));
    for (let round = 0; round < rounds; round++)
      for (const workers of [1, 2]) {
        await withWorkers(workers);
        measured.get(workers)!.push(await burst(stage, ends, cases, tested, 100 + 10 * round + workers));
      }
    return [1, 2].flatMap((workers) => figuresOf(workers, predicted(workers), measured.get(workers)!));
  } finally {
    if (second) await stopProcess(second);
    await ends.close();
    await stage.close();
  }
}

function figuresOf(workers: number, predicted: { p50: number; p95: number }, bursts: number[][]): Figure[] {
  return (
    [
      ["p50", 0.5],
      ["p95", 0.95],
    ] as const
  ).flatMap(([name, share]) => {
    const measured = bursts.map((waits) => quantile(waits, share));
    const off = measured.map((one) => (100 * Math.abs(predicted[name] - one)) / one);
    return [
      single(`plan_${workers}_predicted_${name}_s`, predicted[name]),
      figure(`plan_${workers}_measured_${name}_s`, measured),
      figure(`plan_${workers}_${name}_off_percent`, off, `<= ${WITHIN}`),
    ];
  });
}

const question = ([submissions, seconds]: [number, number], people: number): Question => ({
  ...{ submissions, people, seconds, curve: curves.rush, service: serviceOf([1]), slots: SLOTS, machines: 1 },
});

/** From what the installation's database says of gradings until now. */
async function predict({ database, students }: Stage, size: [number, number]) {
  const service = measuredService(await gradedLately(database.db, { lane: "cpu", oneMachine: true }));
  return (workers: number) => planFor({ ...question(size, students.length), service }, [workers])[0]!;
}

/** @returns seconds from its entry to its start, of each submission. */
async function burst(
  stage: Stage,
  ends: Ends,
  cases: Case[],
  size: [number, number],
  seed: number,
): Promise<number[]> {
  const arrivals = arrivalsOf(question(size, stage.students.length), drawing(seed));
  const began = performance.now();
  // A person's uploads come one after the other: more than four at once are refused.
  const uploads = new Map<number, Promise<unknown>>();
  const send = async ({ at, person }: Arrival, nth: number) => {
    await sleep(Math.max(0, at * 1000 - (performance.now() - began)));
    const upload = Promise.resolve(uploads.get(person)).then(() =>
      submit(stage.students[person]!, cases[nth % cases.length]!),
    );
    uploads.set(person, upload);
    const { attempt } = await upload;
    await ends.of(attempt);
    return attempt;
  };
  const sent = await Promise.all(arrivals.map(send));
  const rows = await stage.database.db.execute<{ wait: number }>(sql`
    select extract(epoch from started_at - created_at)::float8 as wait from attempts
    where id = any(${`{${sent.join(",")}}`}::uuid[])`);
  if (rows.length !== sent.length) throw new Error(`${rows.length} of ${sent.length} gradings are there`);
  return rows.map(({ wait }) => wait);
}

/** Until so many workers live, none grades, and their pools do not grow any more. */
async function quiet({ database }: Stage, count: number): Promise<void> {
  const until = Date.now() + QUIET_LIMIT_MS;
  let before = "";
  for (;;) {
    await sleep(4000);
    const rows = await database.db.execute<{ ready: number; busy: number }>(sql`
      select (detail ->> 'ready')::int as ready, (detail ->> 'busy')::int as busy from workers
      where seen_at > now() - interval '5 seconds' order by id`);
    const now = JSON.stringify(rows);
    const calm = rows.length === count && rows.every(({ ready, busy }) => ready > 0 && busy === 0);
    if (calm && now === before) return;
    before = now;
    if (Date.now() > until) throw new Error(`the workers did not become quiet: ${now}`);
  }
}
