// Points for a measured value: straight lines between cutoffs. Pure.
import type { Hundredths } from "./lateness.ts";

export interface Band {
  /** What was measured: an accuracy, a distance, a time. */
  value: number;
  points: Hundredths;
}

/**
 * Points for `value`: on the straight line between the two cutoffs around it, level beyond the last on either side.
 * The better end is where the points are; whether that is up or down the bands themselves say. A value that is none
 * (NaN, nothing measured) has none. Cutoffs of one value are a step: it gives the better of them.
 */
export function bandPoints(bands: readonly Band[], value: number | null): Hundredths {
  if (value === null || Number.isNaN(value) || bands.length === 0) return 0;
  const sorted = [...bands].sort((a, b) => a.value - b.value || a.points - b.points);
  const below = sorted.filter((band) => band.value <= value).at(-1);
  const above = sorted.find((band) => band.value > value);
  const exact = sorted.filter((band) => band.value === value);
  if (exact.length > 0) return Math.max(...exact.map(({ points }) => points));
  if (!below) return above!.points;
  if (!above) return below.points;
  const share = (value - below.value) / (above.value - below.value);
  return Math.round(below.points + share * (above.points - below.points));
}
