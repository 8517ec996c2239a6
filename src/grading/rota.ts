// Who gets the next device. Pure: everything that waits, what is free, and the moment are arguments.
//
// In order: what is near its deadline, then who has fewer waiting (the priority that every queue has, priority.ts), then
// age; re-runs and proofs last. Staff move work among their own course's places: never ahead of another course's.
import { isBatch } from "./priority.ts";

export interface RotaEntry {
  id: string;
  team: string;
  crowd: string;
  priority: number;
  /** The moment by which the result is wanted: the deadline; null without one. */
  wantedBy: Date | null;
  createdAt: Date;
  /** Set by staff: higher goes first among the crowd's own. */
  ahead: number;
}

/** From so long before a deadline, work goes before other work. */
export const NEAR_SECONDS = 24 * 3600;

/** Everything that waits, first to last. */
export function rotaOrder<T extends RotaEntry>(waiting: readonly T[], now: Date): T[] {
  const fair = [...waiting].sort(
    (a, b) => rank(a, now) - rank(b, now) || b.priority - a.priority || byAge(a, b),
  );
  return byStaff(fair);
}

function rank({ priority, wantedBy }: RotaEntry, now: Date): number {
  if (isBatch(priority)) return 2;
  const left = wantedBy === null ? Number.POSITIVE_INFINITY : wantedBy.getTime() - now.getTime();
  return left > 0 && left < NEAR_SECONDS * 1000 ? 0 : 1;
}

const byAge = (a: RotaEntry, b: RotaEntry) =>
  a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);

/** Each crowd keeps the places it has; which of its work stands in them is its staff's to say. */
function byStaff<T extends RotaEntry>(order: T[]): T[] {
  const own = Map.groupBy(order, ({ crowd }) => crowd);
  for (const entries of own.values()) entries.sort((a, b) => b.ahead - a.ahead);
  return order.map(({ crowd }) => own.get(crowd)!.shift()!);
}

/** How many devices one team may have at a time, so that its queue cannot hold all of them. */
export const mostOfATeam = (devices: number): number => Math.max(1, devices - 1);

/**
 * The first that may begin: its team is below its cap, and `fits` says that there is a device (or a place) for it.
 * @param running jobs of each team that have a device now.
 */
export function nextUp<T extends RotaEntry>(
  order: readonly T[],
  running: ReadonlyMap<string, number>,
  most: (entry: T) => number,
  fits: (entry: T) => boolean,
): T | null {
  return order.find((entry) => (running.get(entry.team) ?? 0) < most(entry) && fits(entry)) ?? null;
}

/**
 * Seconds until each begins, in order: every device takes the next one when it is free.
 * @param free seconds until each device is free. @param takes seconds that an entry takes, by measured medians.
 * @returns null for all while there is no device.
 */
export function estimatedStarts<T extends RotaEntry>(
  order: readonly T[],
  free: readonly number[],
  takes: (entry: T) => number,
): Map<string, number | null> {
  const at = [...free].map((seconds) => Math.max(0, seconds));
  return new Map(
    order.map((entry) => {
      if (at.length === 0) return [entry.id, null];
      const first = at.indexOf(Math.min(...at));
      const starts = at[first]!;
      at[first] = starts + takes(entry);
      return [entry.id, Math.round(starts)];
    }),
  );
}
