// What lateness costs. Pure: moments are arguments, points are hundredths.

/** Hundredths of a point, as an integer. */
export type Hundredths = number;

export interface LatePolicy {
  /** After the due date, free of cost. */
  graceSeconds: number;
  /** What each started day takes, in percent of the points. */
  percentPerDay: number;
  /** After so many started days nothing is accepted as counting; null for no end. */
  lastDay: number | null;
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

/** Days of lateness that have begun: 24-hour blocks after due and grace; 0 is on time. */
export function startedDays(due: Date, received: Date, graceSeconds: number): number {
  const late = received.getTime() - endOfShownMinute(due).getTime() - graceSeconds * 1000;
  return late < 0 ? 0 : Math.floor(late / (DAY_SECONDS * 1000)) + 1;
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
  const paid = Math.max(0, days - lateDaysSpent);
  return Math.min(points, Math.round((points * policy.percentPerDay * paid) / 100));
}

/** Whether work so late still counts. */
export function isAccepted(policy: LatePolicy, days: number): boolean {
  return policy.lastDay === null || days <= policy.lastDay;
}
