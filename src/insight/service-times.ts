// How long gradings take, learned from those that were: the more there are on a machine, the longer each. Pure.

/** From 0 (inclusive) to 1. */
export type Draw = () => number;

export interface Service {
  /** Measured gradings behind it. */
  count: number;
  /** Mean seconds of one. */
  mean: number;
  /** Seconds from a slot's becoming free to the next grading's beginning in it. */
  turnover: number;
  /** A time for a grading beside which `level - 1` others run on the machine. */
  seconds(level: number, draw: Draw): number;
}

/** Of a worker process, or of a machine where several share one. */
export interface Graded {
  machine: string;
  worker: string;
  /** Gradings at once of the worker; null where nobody knows any more. */
  slots: number | null;
  /** Seconds since any one moment. */
  created: number;
  started: number;
  finished: number;
}

/** So few gradings of a level say nothing about it. */
const LEVEL_LEAST = 8;

/** The same times however many run at once. */
export function serviceOf(seconds: readonly number[]): Service {
  return {
    ...levelled(
      seconds.map((one) => ({ seconds: one, level: 1 })),
      0,
    ),
    seconds: (_, draw) => drawn(seconds, draw),
  };
}

/** Times of gradings that were, each by how many ran on its machine meanwhile. */
export function measuredService(graded: readonly Graded[]): Service {
  const levels = graded.map((one) => {
    return { seconds: one.finished - one.started, level: Math.max(1, Math.round(levelOf(one, graded))) };
  });
  return levelled(levels, turnoverOf(graded));
}

function levelled(times: readonly { seconds: number; level: number }[], turnover: number): Service {
  const byLevel = Map.groupBy(times, ({ level }) => level);
  const known = [...byLevel]
    .filter(([, own]) => own.length >= LEVEL_LEAST)
    .map(([level, own]) => ({ level, seconds: own.map(({ seconds }) => seconds) }))
    .sort((a, b) => a.level - b.level);
  // Too few of any: all of them, as if one level.
  if (known.length === 0) known.push({ level: 1, seconds: times.map(({ seconds }) => seconds) });
  return {
    count: times.length,
    mean: times.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, times.length),
    turnover,
    seconds: (level, draw) => {
      const nearest = known.reduce((a, b) => (Math.abs(b.level - level) < Math.abs(a.level - level) ? b : a));
      // Where more run than ever did, the machine is taken to be full: each takes longer by as much.
      const most = known.at(-1)!;
      const stretch = level > most.level && most.level > 1 ? level / most.level : 1;
      return drawn(nearest.seconds, draw) * stretch;
    },
  };
}

const drawn = (seconds: readonly number[], draw: Draw): number =>
  seconds[Math.floor(draw() * seconds.length)]!;

/** How many ran on the machine on the average of its time, itself included. */
function levelOf(one: Graded, all: readonly Graded[]): number {
  const took = one.finished - one.started;
  if (took <= 0) return 1;
  let shared = 0;
  for (const other of all) {
    if (other.machine !== one.machine) continue;
    shared += Math.max(0, Math.min(one.finished, other.finished) - Math.max(one.started, other.started));
  }
  return shared / took;
}

/**
 * The median pause between a slot's last grading and its next one while somebody waited. Often below zero: the next
 * begins while the last one's result is still being written.
 */
function turnoverOf(graded: readonly Graded[]): number {
  const pauses: number[] = [];
  for (const own of Map.groupBy(graded, ({ worker }) => worker).values()) {
    const ends = own.map(({ finished }) => finished).sort((a, b) => a - b);
    const begun = own.toSorted((a, b) => a.started - b.started);
    begun.forEach(({ created, started, slots }, nth) => {
      // With so many slots the grading that made room is the one that ended so many before.
      const before = slots === null ? undefined : ends[nth - slots];
      if (before !== undefined && created < before) pauses.push(started - before);
    });
  }
  pauses.sort((a, b) => a - b);
  return pauses[pauses.length >> 1] ?? 0;
}
