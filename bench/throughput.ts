// How many a machine grades: sustained, the pool as full at the end as at the start, and into a pool prepared for a
// deadline; beside the same number of one-container gradings, as many at once.
import { readFile } from "node:fs/promises";
import type { Case } from "./cases.ts";
import { type Figure, figure, median } from "./figures.ts";
import type { Plain } from "./plain.ts";
import type { Stage } from "./stage.ts";
import { Ends, submit } from "./submitting.ts";

export interface ThroughputSize {
  /** Of one sustained round. */
  count: number;
  /** Of one burst into a full pool: no more than wait in it. */
  burst: number;
  rounds: number;
  slots: number;
}

/** @param pairs waiting pairs of a full pool, over all suites */
export async function throughput(
  stage: Stage,
  plain: Plain,
  one: Case,
  size: ThroughputSize,
  pairs: number,
): Promise<Figure[]> {
  const ends = await Ends.open(stage);
  const sustained: Round[] = [];
  const prepared: Round[] = [];
  try {
    for (let round = 0; round < size.rounds; round++) {
      await stage.untilReady(pairs);
      const others = await measured(() => inContainers(plain, one, size.count, size.slots));
      await stage.untilReady(pairs);
      const ours = await measured(async () => {
        await graded(stage, ends, one, size.count);
        await stage.untilReady(pairs);
      });
      sustained.push({ ours, others });
      const few = await measured(() => inContainers(plain, one, size.burst, size.slots));
      await stage.untilReady(pairs);
      prepared.push({ ours: await measured(() => graded(stage, ends, one, size.burst)), others: few });
    }
  } finally {
    await ends.close();
  }
  const { kind } = one;
  const goal = kind === "numpy" ? ">= 2.5" : ">= 5";
  return [
    figure(`sustained_${kind}_ratio`, sustained.map(ratioOf), ">= 1"),
    figure(`prepared_${kind}_ratio`, prepared.map(ratioOf), goal),
    figure(
      `sustained_${kind}_per_minute`,
      sustained.map(({ ours }) => (60 * size.count) / ours.seconds),
    ),
    figure(`sustained_${kind}_cpu_busy`, [median(sustained.map(({ ours }) => ours.busy))]),
    figure(`container_${kind}_cpu_busy`, [median(sustained.map(({ others }) => others.busy))]),
    figure(
      `sustained_${kind}_cpu_s_each`,
      sustained.map(({ ours }) => ours.cpuSeconds / size.count),
    ),
    figure(
      `container_${kind}_cpu_s_each`,
      sustained.map(({ others }) => others.cpuSeconds / size.count),
    ),
  ];
}

interface Spent {
  seconds: number;
  /** Of all processors, the whole machine's. */
  busy: number;
  cpuSeconds: number;
}

interface Round {
  ours: Spent;
  others: Spent;
}

const ratioOf = ({ ours, others }: Round): number => others.seconds / ours.seconds;

async function inContainers(plain: Plain, one: Case, count: number, atOnce: number): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await plain.container(one);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

async function graded(stage: Stage, ends: Ends, one: Case, count: number): Promise<void> {
  let next = 0;
  const sender = async (student: (typeof stage.students)[number]) => {
    const sent: string[] = [];
    while (next++ < count) sent.push((await submit(student, one)).attempt);
    await Promise.all(sent.map((attempt) => ends.of(attempt)));
  };
  await Promise.all(stage.students.map(sender));
}

async function measured(work: () => Promise<void>): Promise<Spent> {
  const before = await processorTime();
  const began = performance.now();
  await work();
  const after = await processorTime();
  const total = after.total - before.total;
  const busy = total - (after.idle - before.idle);
  return { seconds: (performance.now() - began) / 1000, busy: busy / total, cpuSeconds: busy / HERTZ };
}

/** Of /proc/stat: the kernel counts in hundredths of a second. */
const HERTZ = 100;

async function processorTime(): Promise<{ total: number; idle: number }> {
  const [line = ""] = (await readFile("/proc/stat", "utf8")).split("\n");
  // Guest time, from the eighth on, is counted in user time already.
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return { total: ticks.reduce((sum, n) => sum + n, 0), idle: ticks[3]! + ticks[4]! };
}
