// What lateness costs, and what an early date gives or takes. Pure: moments are arguments, points are hundredths.

/** Hundredths of a point, as an integer. */
export type Hundredths = number;

export interface LatePolicy {
  /** After the due date, free of cost. */
  graceSeconds: number;
  /** What each started day takes, in percent of the points. */
  percentPerDay: number;
  /** Taken once from whatever is late at all, beside the days. */
  flatPercent?: number;
  /** After so many started days nothing is accepted as counting; null for no end. */
  lastDay: number | null;
  /** For work that was handed in by the early date. */
  earlyBonusPercent?: number;
  /** From everybody of whom nothing had come by the early date. */
  earlyMalusPercent?: number;
}

/** How a submission stands to the dates. */
export interface Timing {
  /** Started days of lateness. */
  days: number;
  /** Late days that were spent on it. */
  spent: number;
  /** `missed`: nothing of this person had come by the early date. Null: there is none, or it says nothing of this. */
  early: "by" | "missed" | null;
}

export const DAY_SECONDS = 86_400;

/**
 * The moment until which work is on time. A deadline shown as a minute includes that minute:
 * what arrives at 23:59:59.999 of a 23:59 deadline is on time.
 */
export function endOfShownMinute(due: Date): Date {
  const minute = 60_000;
  return due.getTime() % minute === 0 ? new Date(due.getTime() + minute) : due;
}

/** Seconds after due and grace; 0 is on time. */
export function lateSeconds(due: Date, received: Date, graceSeconds: number): number {
  return Math.max(0, (received.getTime() - endOfShownMinute(due).getTime()) / 1000 - graceSeconds);
}

/** Days of lateness that have begun: 24-hour blocks after due and grace; 0 is on time. */
export function startedDays(due: Date, received: Date, graceSeconds: number): number {
  const late = received.getTime() - endOfShownMinute(due).getTime() - graceSeconds * 1000;
  return late < 0 ? 0 : Math.floor(late / (DAY_SECONDS * 1000)) + 1;
}

/** Percent that lateness takes: nothing where late days pay for every started day. */
export function latePercent(policy: LatePolicy, days: number, lateDaysSpent: number): number {
  const unpaid = Math.max(0, days - lateDaysSpent);
  return unpaid === 0 ? 0 : Math.min(100, (policy.flatPercent ?? 0) + policy.percentPerDay * unpaid);
}

/**
 * Hundredths lost to lateness: grace is free, each started day that no late day pays for costs, never more
 * than `points`.
 */
export function latePenalty(
  policy: LatePolicy,
  days: number,
  lateDaysSpent: number,
  points: Hundredths,
): Hundredths {
  return Math.min(points, Math.round((points * latePercent(policy, days, lateDaysSpent)) / 100));
}

/** Hundredths that the early date gives, or (negative) takes. */
export function earlyPoints(policy: LatePolicy, early: Timing["early"], points: Hundredths): Hundredths {
  if (early === "by") return Math.round((points * (policy.earlyBonusPercent ?? 0)) / 100);
  const malus = early === "missed" ? Math.min(100, policy.earlyMalusPercent ?? 0) : 0;
  // `|| 0` because a share of nothing is no minus zero.
  return -Math.round((points * malus) / 100) || 0;
}

/** Whether work so late still counts. */
export function isAccepted(policy: LatePolicy, days: number): boolean {
  return policy.lastDay === null || days <= policy.lastDay;
}
