// How many a machine grades: sustained, the pool as full at the end as at the start, and into a pool prepared for a
// deadline; beside the same number of one-container gradings, as many at once.
import { RUSH_DEPTH } from "../src/cli/readiness.ts";
import type { Case } from "./cases.ts";
import { difference, processorTime, type Spent } from "./cpu.ts";
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
      const others = await measured(stage, () => inContainers(plain, one, size.count, size.slots));
      await stage.untilReady(pairs);
      const ours = await measured(stage, async () => {
        await graded(stage, ends, one, size.count);
        await stage.untilReady(pairs);
      });
      sustained.push({ ours, others });
    }
    await stage.rush(one);
    const deep = pairs - size.slots + RUSH_DEPTH;
    for (let round = 0; round < size.rounds; round++) {
      const few = await measured(stage, () => inContainers(plain, one, size.burst, size.slots));
      await stage.untilReady(deep);
      prepared.push({ ours: await measured(stage, () => graded(stage, ends, one, size.burst)), others: few });
    }
  } finally {
    await ends.close();
  }
  return figuresOf(one, size, sustained, prepared);
}

/** The goals are for the small suites, where the way to the tests is what costs; the others are told beside. */
function figuresOf(one: Case, { count }: ThroughputSize, sustained: Round[], prepared: Round[]): Figure[] {
  const { name } = one;
  const small = name === one.kind;
  const burstGoal = one.kind === "numpy" ? ">= 2.5" : ">= 5";
  return [
    figure(`sustained_${name}_ratio`, sustained.map(ratioOf), small ? ">= 1" : null),
    figure(`prepared_${name}_ratio`, prepared.map(ratioOf), small ? burstGoal : null),
    figure(
      `sustained_${name}_per_minute`,
      sustained.map(({ ours }) => (60 * count) / ours.seconds),
    ),
    figure(`sustained_${name}_cpu_busy`, [median(sustained.map(({ ours }) => busyShare(ours)))]),
    figure(`container_${name}_cpu_busy`, [median(sustained.map(({ others }) => busyShare(others)))]),
    ...cpuFigures(name, sustained, count),
  ];
}

interface Measured {
  seconds: number;
  cpu: Spent;
}

interface Round {
  ours: Measured;
  others: Measured;
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

async function measured({ server, worker }: Stage, work: () => Promise<void>): Promise<Measured> {
  const own = [server.pid!, worker.pid!];
  const before = await processorTime(own);
  const began = performance.now();
  await work();
  const cpu = difference(before, await processorTime(own));
  return { seconds: (performance.now() - began) / 1000, cpu };
}

const busySeconds = ({ cpu }: Measured): number => cpu.total - cpu.idle;
const busyShare = (one: Measured): number => busySeconds(one) / one.cpu.total;

/** Processor seconds of each submission, by who used them. */
function cpuFigures(name: string, rounds: Round[], count: number): Figure[] {
  const each = (of: (one: Round) => number) => rounds.map((one) => of(one) / count);
  const rest = ({ ours }: Round) =>
    busySeconds(ours) - ours.cpu.sandboxes - ours.cpu.node - ours.cpu.postgres;
  return [
    figure(
      `cpu_${name}_s`,
      each(({ ours }) => busySeconds(ours)),
    ),
    figure(
      `cpu_${name}_sandboxes_s`,
      each(({ ours }) => ours.cpu.sandboxes),
    ),
    figure(
      `cpu_${name}_node_s`,
      each(({ ours }) => ours.cpu.node),
    ),
    figure(
      `cpu_${name}_postgres_s`,
      each(({ ours }) => ours.cpu.postgres),
    ),
    figure(`cpu_${name}_engine_and_rest_s`, each(rest)),
    figure(
      `cpu_${name}_container_s`,
      each(({ others }) => busySeconds(others)),
    ),
  ];
}
