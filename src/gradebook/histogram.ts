// Shares of points, counted. Pure.

export const BINS = 10;

/** How many shares lie in each tenth; all there is, and more (a bonus), is in the last. @param shares from 0 to 1 */
export function histogram(shares: readonly number[]): number[] {
  const bins = Array.from({ length: BINS }, () => 0);
  for (const share of shares) {
    // A tenth is no binary number: 0.3 × 10 must not fall below 3.
    const at = Math.floor(share * BINS + 1e-9);
    bins[Math.min(BINS - 1, Math.max(0, at))]! += 1;
  }
  return bins;
}

/** First quartile, median and third, in hundredths of a percent; null of nothing. */
export function quartiles(shares: readonly number[]): [number, number, number] | null {
  if (shares.length === 0) return null;
  const sorted = [...shares].sort((a, b) => a - b);
  const at = (p: number) => {
    const place = p * (sorted.length - 1);
    const low = sorted[Math.floor(place)]!;
    return Math.round((low + (sorted[Math.ceil(place)]! - low) * (place % 1)) * 10_000);
  };
  return [at(0.25), at(0.5), at(0.75)];
}
