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

/** Requests about one thing: the first, and one appeal against its answer. */
export const REGRADE_ROUNDS = 2;

/**
 * Which request about one test or item comes next, after those that were asked about it: `waits` while one is open,
 * `final` when the appeal is answered too. What was taken back counts as not asked.
 */
export function nextRound(earlier: readonly RegradeState[]): number | "waits" | "final" {
  const asked = earlier.filter((state) => state !== "withdrawn");
  if (asked.includes("open")) return "waits";
  return asked.length < REGRADE_ROUNDS ? asked.length + 1 : "final";
}

/** When a request's window begins: with the results; for an appeal with the answer, if that came later. */
export function regradeBegin(publishedAt: Date | null, answeredAt: Date | null): Date | null {
  if (publishedAt === null || answeredAt === null) return publishedAt;
  return answeredAt > publishedAt ? answeredAt : publishedAt;
}

/** Who stands how to a request. */
export interface Involved {
  /** Who gave rubric points or adjusted. */
  graders: readonly string[];
  /** Who answered an earlier request about the same thing. */
  answerers: readonly string[];
  submitters: readonly string[];
}

/**
 * Whether somebody of the staff may answer: never a person whose name the submission has, and another person than
 * those who graded it or have answered about it. Where nobody else is left, one who graded it answers an appeal rather
 * than who is appealed against; and where not even that is left, anybody, since a request that nobody may answer helps
 * nobody.
 */
export function mayAnswer(viewerId: string, staff: readonly string[], involved: Involved): boolean {
  const { graders, answerers, submitters } = involved;
  if (submitters.includes(viewerId)) return false;
  const free = staff.filter((id) => !submitters.includes(id));
  const out = [[...graders, ...answerers], answerers].find((ids) => free.some((id) => !ids.includes(id)));
  return !out?.includes(viewerId);
}

/** Points that an answer gives, in hundredths: some for `accepted`, some or none for `ours`, none for `refused`. */
export function fitsOutcome(outcome: RegradeOutcome, points: number): boolean {
  if (outcome === "accepted") return points > 0;
  return outcome === "ours" ? points >= 0 : points === 0;
}
