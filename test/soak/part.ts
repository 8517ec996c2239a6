// What a part of the soak is: something that is tried very often with odd input, and the figures that come of it.
// To add one: a file beside this with a `Part`, and a line in run.ts.

export interface Outcome {
  /** How often each thing came of it. */
  outcomes: Record<string, number>;
  figures: Record<string, number>;
  /** What must not be, in words; empty when all holds. */
  wrong: string[];
}

export interface Part {
  name: string;
  /** How often, in a whole soak. */
  runs: number;
  /** @throws for a violation, with what led to it */
  run(runs: number, seed: number, say: (line: string) => void): Promise<Outcome>;
}

/** A process that keeps something of each input grows by far more than this over a soak. */
const GROWTH_LIMIT_MB = 24;

/** Memory of this process over `work`, after a tenth of it has warmed everything up. */
export async function watchMemory(
  runs: number,
  work: (runs: number) => Promise<Record<string, number>> | Record<string, number>,
): Promise<Outcome> {
  await work(Math.ceil(runs / 10));
  const before = retainedMb();
  const began = performance.now();
  const outcomes = await work(runs);
  const seconds = (performance.now() - began) / 1000;
  const grownMb = retainedMb() - before;
  return { outcomes, ...judged({ seconds, grownMb, residentMb: process.memoryUsage().rss / 1e6 }) };
}

export function judged(figures: { seconds: number; grownMb: number } & Record<string, number>) {
  const wrong = figures.grownMb > GROWTH_LIMIT_MB ? [`memory grew by ${Math.round(figures.grownMb)} MB`] : [];
  return { figures, wrong };
}

/** What is still referred to: the collector gives back to the system only some of what it frees. */
function retainedMb(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** Counts outcomes by name. */
export class Tally {
  readonly counts: Record<string, number> = {};

  add(outcome: string): void {
    this.counts[outcome] = (this.counts[outcome] ?? 0) + 1;
  }
}
