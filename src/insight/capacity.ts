// How long people will wait before a deadline, by the number of gradings that run at once: a discrete-event simulation
// of the queue. Pure: arrivals, measured times of gradings and the draws come in.
//
// First come, first served. Assay lets those go first who have fewer waiting (grading/priority.ts), which changes who
// waits and not how many do.

/** From 0 (inclusive) to 1. */
export type Draw = () => number;

export interface Waits {
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

/** Waits of submissions that arrive at `arrivals` (seconds, rising) and each take one of `service` (seconds) at random. */
export function simulate(
  arrivals: readonly number[],
  service: readonly number[],
  slots: number,
  draw: Draw,
): Waits {
  const free = new Array<number>(slots).fill(0);
  const waits: number[] = [];
  let worked = 0;
  for (const arrived of arrivals) {
    const slot = free.indexOf(Math.min(...free));
    const begins = Math.max(arrived, free[slot]!);
    const takes = service[Math.floor(draw() * service.length)]!;
    free[slot] = begins + takes;
    worked += takes;
    waits.push(begins - arrived);
  }
  waits.sort((a, b) => a - b);
  const span = Math.max(...free) - (arrivals[0] ?? 0);
  return {
    slots,
    p50: quantile(waits, 0.5),
    p95: quantile(waits, 0.95),
    p99: quantile(waits, 0.99),
    longest: waits.at(-1) ?? 0,
    busy: span > 0 ? worked / (span * slots) : 0,
  };
}

export interface Question {
  submissions: number;
  /** Seconds over which they come. */
  seconds: number;
  /** Of each: the share of that time that has passed. */
  curve(draw: Draw): number;
  /** Measured seconds of gradings. */
  service: readonly number[];
}

/** Waits for each number of slots in turn; the same arrivals for all, so that lines can be compared. */
export function planFor(question: Question, slots: readonly number[], seed = 1): Waits[] {
  const draw = drawing(seed);
  const { submissions, seconds, curve, service } = question;
  const arrivals = Array.from({ length: submissions }, () => seconds * curve(draw)).sort((a, b) => a - b);
  return slots.map((count) => simulate(arrivals, service, count, drawing(seed + 1)));
}

/** The fewest slots with which 95 of 100 wait no longer than `seconds`; null where `most` are too few. */
export function slotsFor(question: Question, seconds: number, most = 512): Waits | null {
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
