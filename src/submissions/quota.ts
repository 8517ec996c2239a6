// How often somebody gets a whole report. Beyond it a submission is taken and counts all the same, with less feedback:
// nobody is refused at the deadline for a number alone. Pure: what was used and the moment are arguments.
import type { Assignment } from "../assignments/tables.ts";
import type { Feedback } from "./tables.ts";

export type QuotaLimits = Pick<Assignment, "attemptsTotal" | "attemptsPerDay" | "cooldownSeconds">;
/** Submissions that count: those that were taken back, or that we could not grade, do not. */
export interface Used {
  total: number;
  /** On this calendar day, in the course's time zone. */
  today: number;
  lastAt: Date | null;
}

/**
 * What another submission's report will say. Within the limits all of it; up to as many again beyond them, or within
 * the cooldown, a word for each test; after that only that it was received.
 */
export function feedbackFor(limits: QuotaLimits, used: Used, now: Date): Feedback {
  const levels = [
    beyond(limits.attemptsTotal, used.total),
    beyond(limits.attemptsPerDay, used.today),
    cooldownLeft(limits, used, now) > 0 ? 1 : 0,
  ];
  return (["full", "verdicts", "received"] as const)[Math.max(...levels)]!;
}

function beyond(limit: number | null, used: number): 0 | 1 | 2 {
  if (limit === null || used < limit) return 0;
  return used < 2 * limit ? 1 : 2;
}

/** Seconds until the cooldown is over; 0 where it is. */
export function cooldownLeft(limits: Pick<QuotaLimits, "cooldownSeconds">, used: Used, now: Date): number {
  if (!used.lastAt) return 0;
  const since = Math.max(0, (now.getTime() - used.lastAt.getTime()) / 1000);
  return Math.max(0, Math.ceil(limits.cooldownSeconds - since));
}

/** What is left with a whole report, for the page and the CLI; null without a limit. */
export function attemptsLeft(limits: QuotaLimits, used: Used): number | null {
  const left = [
    ...(limits.attemptsTotal === null ? [] : [limits.attemptsTotal - used.total]),
    ...(limits.attemptsPerDay === null ? [] : [limits.attemptsPerDay - used.today]),
  ];
  return left.length === 0 ? null : Math.max(0, Math.min(...left));
}
