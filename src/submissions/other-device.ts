// Whether two gradings of one submission ran on GPUs of different models: what a model computes may then differ in its
// last digits, and with it a score that stands near a threshold. Tests have tolerances for it; readers are told. Pure.

/** What a report says of where it ran (judge/report.ts, circumstances). */
export interface RanOn {
  gpu: { name: string } | null;
}

/** Names of models; null is a CPU. */
export interface OtherDevice {
  was: string | null;
  is: string | null;
}

/** Null where it is the same model, or one of the two has no report. Another device of the same model is the same. */
export function otherDevice(before: RanOn | null, after: RanOn | null): OtherDevice | null {
  if (!before || !after) return null;
  const [was, is] = [before.gpu?.name ?? null, after.gpu?.name ?? null];
  return was === is ? null : { was, is };
}
