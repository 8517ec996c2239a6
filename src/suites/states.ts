// The life of a suite's version, in one place.
import type { VersionState } from "./tables.ts";

export type VersionEvent =
  | { type: "validation_started" }
  | { type: "validation_cancelled" }
  | { type: "proof"; ok: boolean }
  /** `reason`: why it may go without a proof that holds. */
  | { type: "publish"; reason: string | null };

/**
 * The state after an event; null where the event is not allowed. A published version stays published: it may be
 * proved afterwards, and the proof is shown, but what grades students does not change by it.
 */
export function nextVersionState(state: VersionState, event: VersionEvent): VersionState | null {
  if (state === "published") return event.type === "publish" ? null : "published";
  switch (event.type) {
    case "validation_started":
      return "validating";
    case "validation_cancelled":
      return "registered";
    case "proof":
      return event.ok ? "proved" : "refused";
    case "publish":
      return state === "proved" || event.reason !== null ? "published" : null;
  }
}
