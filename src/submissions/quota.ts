// How often someone may submit. Pure: what was used and the moment are arguments.
import type { Assignment } from "../assignments/tables.ts";

export type QuotaLimits = Pick<Assignment, "attemptsTotal" | "attemptsPerDay" | "cooldownSeconds">;
/** Submissions that count: those that were taken back, or that we could not grade, do not. */
export interface Used {
  total: number;
  /** On this calendar day, in the course's time zone. */
  today: number;
  lastAt: Date | null;
}
export type QuotaRefusal =
  | { code: "no_attempts_left"; limit: number }
  | { code: "no_attempts_today"; limit: number }
  | { code: "cooldown"; seconds: number };

/** Why another submission is refused now; null where it is allowed. */
export function quotaRefusal(limits: QuotaLimits, used: Used, now: Date): QuotaRefusal | null {
  const { attemptsTotal, attemptsPerDay, cooldownSeconds } = limits;
  if (attemptsTotal !== null && used.total >= attemptsTotal) {
    return { code: "no_attempts_left", limit: attemptsTotal };
  }
  if (attemptsPerDay !== null && used.today >= attemptsPerDay) {
    return { code: "no_attempts_today", limit: attemptsPerDay };
  }
  // Of two at once the earlier may be written later: it came no time after the other, not less than none.
  const sinceSeconds = used.lastAt
    ? Math.max(0, now.getTime() - used.lastAt.getTime()) / 1000
    : Number.POSITIVE_INFINITY;
  const wait = Math.ceil(cooldownSeconds - sinceSeconds);
  return wait > 0 ? { code: "cooldown", seconds: wait } : null;
}

/** What is left, for the page and the CLI; null without a limit. */
export function attemptsLeft(limits: QuotaLimits, used: Used): number | null {
  const left = [
    ...(limits.attemptsTotal === null ? [] : [limits.attemptsTotal - used.total]),
    ...(limits.attemptsPerDay === null ? [] : [limits.attemptsPerDay - used.today]),
  ];
  return left.length === 0 ? null : Math.max(0, Math.min(...left));
}
