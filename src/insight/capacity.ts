// How long people will wait before a deadline, by the number of workers: a discrete-event simulation of the queue.
// Pure: arrivals, measured times of gradings and the draws come in.
//
// The queue's order is the real one (grading/priority.ts): whoever has fewer waiting goes first, which changes who
// waits. How long a grading takes depends on how many are graded on the same machine (service-times.ts).
import { priorityOf } from "../grading/priority.ts";
import type { Draw, Service } from "./service-times.ts";
import { WaitingLine } from "./waiting-line.ts";

export interface Waits {
  workers: number;
  /** Gradings at once. */
  slots: number;
  /** Seconds from handing in to the beginning of the grading. */
  p50: number;
  p95: number;
  p99: number;
  longest: number;
  /** Share of the time in which slots are in use, while work is there. */
  busy: number;
}

/** How submissions spread over the time before a deadline: from a draw, the share of that time that has passed. */
export const curves = {
  /** Evenly. */
  steady: (draw: Draw) => draw(),
  /** Half of all in the last fifth of the time. */
  rush: (draw: Draw) => draw() ** (Math.log(0.8) / Math.log(0.5)),
  /** All within the last tenth. */
  last: (draw: Draw) => 0.9 + 0.1 * draw(),
} as const satisfies Record<string, (draw: Draw) => number>;
export type Curve = keyof typeof curves;

export interface Place {
  workers: number;
  /** Gradings at once of each worker. */
  slots: number;
  /** Machines that they share evenly; null: each worker has one of its own. */
  machines: number | null;
}

export interface Arrival {
  /** Seconds from some beginning. */
  at: number;
  person: number;
}

/** @param arrivals by time. @param fair false: first come, first served */
export function simulate(
  arrivals: readonly Arrival[],
  service: Service,
  { workers, slots, machines }: Place,
  draw: Draw,
  fair = true,
): Waits {
  const places = Math.max(1, machines ?? workers);
  const free = new Array<number>(workers * slots).fill(0);
  const line = new WaitingLine();
  const unfinished = new Map<number, number[]>();
  const waits: number[] = [];
  let [next, worked] = [0, 0];
  const arrive = (arrival: Arrival) => {
    const running = (unfinished.get(arrival.person) ?? []).filter((until) => until > arrival.at);
    unfinished.set(arrival.person, running);
    const team = running.length + line.of(arrival.person);
    const priority = fair ? priorityOf({ team, crowd: line.size }, false) : 0;
    line.add({ ...arrival, priority, age: next });
  };
  while (next < arrivals.length || line.size > 0) {
    const slot = free.indexOf(Math.min(...free));
    const now = line.size === 0 ? Math.max(free[slot]!, arrivals[next]!.at) : free[slot]!;
    for (; next < arrivals.length && arrivals[next]!.at <= now; next++) arrive(arrivals[next]!);
    const taken = line.take();
    const begins = Math.max(taken.at, now + service.turnover);
    // Slots go round the machines: the first of each, then the second of each. Its own slot's last one may still be
    // written, with a turnover below zero: that is none that runs beside it.
    const beside = free.filter(
      (until, at) => at !== slot && at % places === slot % places && until > begins,
    ).length;
    const takes = service.seconds(beside + 1, draw);
    free[slot] = begins + takes;
    unfinished.get(taken.person)!.push(begins + takes);
    worked += takes;
    waits.push(begins - taken.at);
  }
  return waitsOf(waits, {
    workers,
    slots: workers * slots,
    worked,
    span: Math.max(...free) - (arrivals[0]?.at ?? 0),
  });
}

function waitsOf(
  waits: number[],
  { workers, slots, worked, span }: { workers: number; slots: number; worked: number; span: number },
): Waits {
  waits.sort((a, b) => a - b);
  return {
    ...{ workers, slots },
    p50: quantile(waits, 0.5),
    p95: quantile(waits, 0.95),
    p99: quantile(waits, 0.99),
    longest: waits.at(-1) ?? 0,
    busy: span > 0 ? worked / (span * slots) : 0,
  };
}

export interface Question {
  submissions: number;
  /** Who sends them. */
  people: number;
  /** Seconds over which they come. */
  seconds: number;
  /** Of each: the share of that time that has passed. */
  curve(draw: Draw): number;
  service: Service;
  slots: number;
  machines: number | null;
}

/** When submissions come, and whose they are: each person sends about as many as every other. */
export function arrivalsOf({ submissions, people, seconds, curve }: Question, draw: Draw): Arrival[] {
  return Array.from({ length: submissions }, (_, nth) => ({
    at: seconds * curve(draw),
    person: nth % people,
  })).sort((a, b) => a.at - b.at);
}

/** One rush is chance; of so many the median is told, as long as they are small enough. */
const RUNS = 9;
const SMALL = 3000;

/** Waits for each number of workers in turn; the same arrivals for all, so that lines can be compared. */
export function planFor(question: Question, workers: readonly number[], seed = 1): Waits[] {
  const { service, slots, machines } = question;
  const runs = Array.from({ length: question.submissions > SMALL ? 1 : RUNS }, (_, run) => {
    const arrivals = arrivalsOf(question, drawing(seed + 2 * run));
    return workers.map((count) =>
      simulate(arrivals, service, { workers: count, slots, machines }, drawing(seed + 2 * run + 1)),
    );
  });
  return workers.map((_, at) => middleOf(runs.map((run) => run[at]!)));
}

function middleOf(runs: Waits[]): Waits {
  const middle = (key: keyof Waits) => runs.map((run) => run[key]).sort((a, b) => a - b)[runs.length >> 1]!;
  const [p50, p95, p99, longest, busy] = (["p50", "p95", "p99", "longest", "busy"] as const).map(middle);
  return { ...runs[0]!, p50: p50!, p95: p95!, p99: p99!, longest: longest!, busy: busy! };
}

/** The fewest workers with which 95 of 100 wait no longer than `seconds`; null where `most` are too few. */
export function workersFor(question: Question, seconds: number, most = 256): Waits | null {
  const meets = (count: number) => planFor(question, [count])[0]!;
  if (meets(most).p95 > seconds) return null;
  let [too, enough] = [0, most];
  while (enough - too > 1) {
    const middle = (too + enough) >> 1;
    if (meets(middle).p95 <= seconds) enough = middle;
    else too = middle;
  }
  return meets(enough);
}

/** The value below which a share of the sorted ones lies (nearest rank). */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** The same draws for the same seed: mulberry32. */
export function drawing(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
