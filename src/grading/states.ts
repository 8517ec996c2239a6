// The life of an attempt: one union, one function. Everything that changes a state asks here first.

export const attemptStates = [
  "waiting",
  "running",
  "finished",
  "infrastructure",
  "cancelled",
  "needs_attention",
] as const;
export type AttemptState = (typeof attemptStates)[number];

/** `failed` is a fault of ours; `last` says that it was the last of the tries. */
export type AttemptEvent =
  | { type: "started" }
  | { type: "finished" }
  | { type: "failed"; last: boolean }
  | { type: "cancelled" }
  /** Its preflight went well: it waits for a device. */
  | { type: "passed_on" }
  /** Its preflight did not: it ends as if it had been taken back. */
  | { type: "refused" };

/** How often a fault of ours is repeated before a person looks at it. */
export const TRIES = 3;
/**
 * And how often when what it stood on went away: a worker that died, an engine that stopped. A maintenance of an hour
 * must leave no attempt to a person; a submission that brings down whatever grades it must come to an end.
 */
export const OUTAGE_TRIES = 10;

/** Faults before this one, since a person last looked. */
export interface FaultsBefore {
  own: number;
  outages: number;
}

/** Whether a fault is the last that is repeated. */
export function isLastTry({ own, outages }: FaultsBefore, outage: boolean): boolean {
  return outage ? outages + 1 >= OUTAGE_TRIES : own + 1 >= TRIES;
}

/** The state after an event, or null where the event has no meaning (a late worker, a second cancel). */
export function nextState(state: AttemptState, event: AttemptEvent): AttemptState | null {
  switch (event.type) {
    case "started":
      return state === "waiting" ? "running" : null;
    case "finished":
      return state === "running" ? "finished" : null;
    case "cancelled":
      return state === "waiting" ? "cancelled" : null;
    case "passed_on":
      return state === "running" ? "waiting" : null;
    case "refused":
      return state === "running" ? "cancelled" : null;
    case "failed":
      if (state !== "running") return null;
      return event.last ? "needs_attention" : "infrastructure";
  }
}

/** On its way: it will change by itself. */
export function isOpen(state: AttemptState): boolean {
  return state === "waiting" || state === "running";
}

/** Has a result that can count. */
export function hasResult(state: AttemptState): boolean {
  return state === "finished";
}
