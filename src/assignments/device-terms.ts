// On what terms an assignment's work waits for a device (grading/device-claim.ts). Pure.
import type { DeviceTerms } from "../grading/attempts.ts";
import type { Assignment } from "./tables.ts";

type Set = Pick<Assignment, "gpuFallback" | "gpuMinutesAWeek">;

/** @param due whose deadline hurries it; null where nobody waits: a re-run has no budget and no hurry. */
export function deviceTerms({ gpuFallback, gpuMinutesAWeek }: Set, due: Date | null): DeviceTerms {
  return {
    fallback: gpuFallback,
    wantedBy: due,
    weekSeconds: gpuMinutesAWeek === null ? null : gpuMinutesAWeek * 60,
  };
}

/** For what staff run: nobody's budget, nobody's deadline. */
export const staffDeviceTerms = ({ gpuFallback: fallback }: Pick<Set, "gpuFallback">): DeviceTerms => ({
  fallback,
});
