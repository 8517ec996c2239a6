// Whether mistakes are still looked for in a finished attempt (grading/diagnoses.ts writes what is found).
import type { Attempt } from "../grading/tables.ts";

/** A worker that died in the middle of it does not say so: after a while nobody waits any more. */
const DIAGNOSING_LIMIT_MS = 180_000;

export const stillDiagnosing = ({ diagnosing, finishedAt }: Pick<Attempt, "diagnosing" | "finishedAt">) =>
  diagnosing && finishedAt !== null && Date.now() - finishedAt.getTime() < DIAGNOSING_LIMIT_MS;
