// When an assignment takes work, and when its hidden results open. Pure; moments come from the database's clock.
import {
  DAY_SECONDS,
  endOfShownMinute,
  isAccepted,
  type LatePolicy,
  startedDays,
  type Timing,
} from "../scoring/lateness.ts";
import type { Assignment } from "./tables.ts";

export type Dates = Pick<
  Assignment,
  "state" | "opensAt" | "dueAt" | "graceSeconds" | "latePercentPerDay" | "lateLastDay" | "resultsPublishedAt"
> &
  Partial<
    Pick<
      Assignment,
      "lateFlatPercent" | "lateDaysMost" | "earlyAt" | "earlyBonusPercent" | "earlyMalusPercent"
    >
  >;

export function latePolicyOf(dates: Dates): LatePolicy {
  return {
    graceSeconds: dates.graceSeconds,
    percentPerDay: dates.latePercentPerDay,
    lastDay: dates.lateLastDay,
    flatPercent: dates.lateFlatPercent ?? 0,
    earlyBonusPercent: dates.earlyBonusPercent ?? 0,
    earlyMalusPercent: dates.earlyMalusPercent ?? 0,
  };
}

/** What is said to someone who submits at `now`. `due` is theirs: an extension's, or the assignment's. */
export type Acceptance = "open" | "not_open_yet" | "closed" | "past_due";

export function acceptanceOf(dates: Dates, due: Date | null, now: Date): Acceptance {
  if (dates.state !== "open") return "closed";
  if (dates.opensAt && now < dates.opensAt) return "not_open_yet";
  if (!due) return "open";
  const days = startedDays(due, now, dates.graceSeconds);
  return isAccepted(latePolicyOf(dates), days) ? "open" : "past_due";
}

/** Started days of lateness at `received`; 0 without a due date. */
export function daysLate(dates: Dates, due: Date | null, received: Date): number {
  return due ? startedDays(due, received, dates.graceSeconds) : 0;
}

/** What of a person decides how their submissions stand to the dates. */
export interface PersonDates {
  /** Theirs: an extension's, or the assignment's. */
  due: Date | null;
  /** Late days that they spent on the assignment. */
  spent: number;
  /** Whether anything of theirs had come by the early date. */
  early: boolean;
}

/** How a submission that counts at `received` stands to the dates. */
export function timingAt(dates: Dates, person: PersonDates, received: Date): Timing {
  const days = daysLate(dates, person.due, received);
  const spent = Math.min(days, person.spent);
  if (!dates.earlyAt) return { days, spent, early: null };
  if (isEarly(dates.earlyAt, received)) return { days, spent, early: "by" };
  return { days, spent, early: person.early ? null : "missed" };
}

export function isEarly(earlyAt: Date, received: Date): boolean {
  return received < endOfShownMinute(earlyAt);
}

/** The later of two due dates; none at all is later than any. An extension never shortens. */
export function laterDue(due: Date | null, extended: Date | null): Date | null {
  if (due === null || extended === null) return due;
  return extended > due ? extended : due;
}

/**
 * Whether nobody can hand in any more, extensions included: from then on `after_due_date` tests are open. An
 * assignment without a due date, or whose late work has no end, gets there only when staff close it.
 * @param lastDue the latest due date of anybody: the assignment's or an extension's.
 */
export function lastDueDatePassed(dates: Dates, lastDue: Date | null, now: Date): boolean {
  if (!lastDue) return dates.state === "closed";
  const end = endOfTaking(dates, lastDue);
  if (now < end) return false;
  return dates.lateLastDay !== null || dates.state === "closed";
}

/** When the last late day of a due date has ended; of the grace alone, where late work has no end. */
function endOfTaking({ graceSeconds, lateLastDay }: Dates, due: Date): Date {
  const seconds = graceSeconds + (lateLastDay ?? 0) * DAY_SECONDS;
  return new Date(endOfShownMinute(due).getTime() + seconds * 1000);
}

/** What another due date does to everybody's results that open after the due date. */
export interface Delay {
  /** When they would open without it. */
  from: Date;
  until: Date;
  /** They are open now: it closes them again. */
  closes: boolean;
}

/**
 * Null where it moves nothing: others have as late a date, or the results open only when staff close the assignment.
 * @param lastDue the latest due date of anybody now, @param wanted what somebody is to get.
 */
export function delayOf(dates: Dates, lastDue: Date | null, wanted: Date, now: Date): Delay | null {
  if (!lastDue || wanted <= lastDue || dates.lateLastDay === null) return null;
  const [from, until] = [endOfTaking(dates, lastDue), endOfTaking(dates, wanted)];
  if (until <= from || until <= now) return null;
  return { from, until, closes: from <= now };
}

export function resultsPublished(dates: Dates, now: Date): boolean {
  return dates.resultsPublishedAt !== null && now >= dates.resultsPublishedAt;
}
