// The life of a suite's version, in one place.
import type { VersionState } from "./tables.ts";

export type VersionEvent =
  | { type: "validation_started" }
  | { type: "proof"; ok: boolean }
  /** `reason`: why it may go without a proof that holds. */
  | { type: "publish"; reason: string | null };

/** The state after an event; null where the event is not allowed. */
export function nextVersionState(state: VersionState, event: VersionEvent): VersionState | null {
  if (state === "published") return null;
  switch (event.type) {
    case "validation_started":
      return "validating";
    case "proof":
      return event.ok ? "proved" : "refused";
    case "publish":
      return state === "proved" || event.reason !== null ? "published" : null;
  }
}
