// Late days: 24-hour blocks that pay for lateness. Pure.

export type LateDayKind = "grant" | "charge" | "refund";

export interface LateDayEntry {
  kind: LateDayKind;
  /** From 1. */
  days: number;
}

/** What is left of a budget: grants − charges + refunds. The order of the entries changes nothing. */
export function lateDaysLeft(budget: number, entries: readonly LateDayEntry[]): number {
  return entries.reduce((left, { kind, days }) => (kind === "charge" ? left - days : left + days), budget);
}

/** What was spent and not given back. */
export function lateDaysSpent(entries: readonly LateDayEntry[]): number {
  const signed = { grant: 0, charge: 1, refund: -1 };
  return Math.max(
    0,
    entries.reduce((spent, { kind, days }) => spent + signed[kind] * days, 0),
  );
}

/** `each`: everyone pays what they have. `least`: as many days as the poorest has. `most`: the richest covers all. */
export const groupLateRules = ["each", "least", "most"] as const;
export type GroupLateRule = (typeof groupLateRules)[number];

export interface Payer {
  id: string;
  /** Started days that it is late for them, by their own due date. */
  late: number;
  left: number;
  /** Spent on this assignment before: an earlier late submission. */
  spent: number;
}

export interface Charge {
  id: string;
  /** To be charged now. */
  days: number;
  /** Days of this submission that late days then pay for. */
  covered: number;
  /** Whether another's late days pay for some of them. */
  lent: boolean;
}

/**
 * What a late submission costs each of those who hand it in. Late days that were spent on the assignment before pay
 * again for the same days: only what is later than that is charged.
 * @param most late days that this assignment takes at all; null for no such limit.
 */
export function chargesFor(rule: GroupLateRule, payers: readonly Payer[], most: number | null): Charge[] {
  const has = ({ left, spent }: Payer) => spent + Math.max(0, left);
  const all = payers.map(has);
  const reach = { each: has, least: () => Math.min(...all), most: () => Math.max(...all) }[rule];
  return payers.map((payer) => {
    const wanted = Math.max(0, Math.min(payer.late, most ?? payer.late));
    const covered = Math.min(wanted, reach(payer));
    // Under `most` whoever has fewer pays what they have: nobody's balance falls below nothing.
    const days = Math.max(0, Math.min(covered, has(payer)) - payer.spent);
    return { id: payer.id, days, covered, lent: covered > payer.spent + days };
  });
}

/** What to give back when a submission turns out less late, or is taken back: never more than was spent. */
export function refundFor(spent: number, stillNeeded: number): number {
  return Math.max(0, spent - Math.max(0, stillNeeded));
}
