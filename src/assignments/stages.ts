// When somebody's own deadline has passed for good. Pure.
import { DAY_SECONDS, endOfShownMinute } from "../scoring/lateness.ts";
import type { Assignment } from "./tables.ts";

type LateTerms = Pick<Assignment, "graceSeconds" | "lateLastDay">;

/**
 * From then on a person's attempt that counts can no longer change: their due date, the grace, the late days that are
 * taken. Null without a due date. Where late work has no end it is the due date and its grace: what comes to count
 * later has passed it already.
 */
export function acceptanceEnds({ graceSeconds, lateLastDay }: LateTerms, due: Date | null): Date | null {
  if (!due) return null;
  const seconds = graceSeconds + (lateLastDay ?? 0) * DAY_SECONDS;
  return new Date(endOfShownMinute(due).getTime() + seconds * 1000);
}
