// What a copied course's assignments become: which dates move, and where to. Pure.
import { z } from "zod";
import type { Assignment } from "./tables.ts";
import { moveDays } from "./zoned.ts";

export const SHIFT_LIMIT_DAYS = 3660;
/** 364 keeps the day of the week. */
export const SHIFT_USUAL_DAYS = 364;
export const shiftDays = z.int().min(-SHIFT_LIMIT_DAYS).max(SHIFT_LIMIT_DAYS);

/** `364d`, `-7d` or a number of days, as people write it; null for anything else. */
export function shiftDaysOf(text: string): number | null {
  const written = /^(-?\d{1,4})d?$/.exec(text.trim());
  return written ? (shiftDays.safeParse(Number(written[1])).data ?? null) : null;
}

/** Dates that students plan by; when results were published is no plan, so a copy has none. */
export const movedDates = ["opensAt", "earlyAt", "dueAt"] as const;
export type MovedDate = (typeof movedDates)[number];
type Dated = Pick<Assignment, MovedDate>;

/** By whole days of the zone's clock: 23:59 stays 23:59. What has no date gets none. */
export function moveDates(dates: Dated, days: number, timeZone: string): Dated {
  const moved = (at: Date | null) => at && moveDays(at, days, timeZone);
  return { opensAt: moved(dates.opensAt), earlyAt: moved(dates.earlyAt), dueAt: moved(dates.dueAt) };
}
