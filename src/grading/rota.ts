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

/** How many the entry's team may have at a time: its places at all (`slots`), and never every device. */
export const mostAtATime = (priority: number, slots: number, devices: number): number =>
  isBatch(priority) ? slots : Math.min(slots, mostOfATeam(devices));

/**
 * What `ahead` has to be for a crowd's work to stand in the order that its staff want: none more than it must, and
 * all zero where the order is the one that the rule gives by itself.
 * @param wanted ids of one crowd, first to last. @param fair the same as the rule orders them when nobody moved any.
 */
export function aheadFor(wanted: readonly string[], fair: readonly string[]): Map<string, number> {
  const places = new Map(fair.map((id, place) => [id, place]));
  const ahead = new Map<string, number>();
  let after: { id: string; ahead: number } | null = null;
  for (const id of wanted.toReversed()) {
    const before: number = !after ? 0 : after.ahead + (places.get(id)! < places.get(after.id)! ? 0 : 1);
    ahead.set(id, before);
    after = { id, ahead: before };
  }
  return ahead;
}

export const moves = ["first", "earlier", "later", "last"] as const;
export type Move = (typeof moves)[number];

/** The order after one of it is moved; the same where it cannot go further. */
export function movedOrder(order: readonly string[], id: string, move: Move): string[] {
  const from = order.indexOf(id);
  if (from < 0) return [...order];
  const to = { first: 0, earlier: from - 1, later: from + 1, last: order.length - 1 }[move];
  const rest = order.filter((one) => one !== id);
  return rest.toSpliced(Math.min(Math.max(0, to), rest.length), 0, id);
}
