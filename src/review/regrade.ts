// A regrade request's life, its window, and who answers it. Pure.
import { DAY_SECONDS } from "../scoring/lateness.ts";

/**
 * `open`: it waits for a person. `withdrawn`: the student took it back. The other three are answers: `accepted`
 * gives points, `refused` says why not, `ours` says that the fault was on our side and gives the attempt back.
 */
export const regradeStates = ["open", "withdrawn", "accepted", "refused", "ours"] as const;
export type RegradeState = (typeof regradeStates)[number];
export const regradeOutcomes = ["accepted", "refused", "ours"] as const;
export type RegradeOutcome = (typeof regradeOutcomes)[number];

/** The state after an act, or null where it may not follow: an answer is final, and so is taking it back. */
export function nextState(state: RegradeState, act: RegradeOutcome | "withdrawn"): RegradeState | null {
  return state === "open" ? act : null;
}

export type RegradeWindow = "none" | "not_yet" | "open" | "over";

/** @param days 24-hour days from the publication of the results; null: the assignment takes no requests. */
export function regradeWindow(days: number | null, publishedAt: Date | null, now: Date): RegradeWindow {
  if (days === null) return "none";
  if (publishedAt === null || now < publishedAt) return "not_yet";
  return now < regradeEnd(days, publishedAt) ? "open" : "over";
}

export const regradeEnd = (days: number, publishedAt: Date): Date =>
  new Date(publishedAt.getTime() + days * DAY_SECONDS * 1000);

/**
 * Whether somebody of the staff may answer: never a person whose name the submission has, and another person than
 * those who graded it. Only where everybody else did grade it, one of them answers after all, since a request that
 * nobody may answer helps nobody.
 */
export function mayAnswer(
  viewerId: string,
  staff: readonly string[],
  graders: readonly string[],
  submitters: readonly string[],
): boolean {
  if (submitters.includes(viewerId)) return false;
  const others = staff.filter((id) => !graders.includes(id) && !submitters.includes(id));
  return others.length === 0 || !graders.includes(viewerId);
}

/** Points that an answer gives, in hundredths: some for `accepted`, some or none for `ours`, none for `refused`. */
export function fitsOutcome(outcome: RegradeOutcome, points: number): boolean {
  if (outcome === "accepted") return points > 0;
  return outcome === "ours" ? points >= 0 : points === 0;
}
