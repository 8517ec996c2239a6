// How far two people who marked the same work agree. Pure.

/** What the first and the second gave to one thing, in the same unit. */
export type MarkPair = readonly [first: number, second: number];

/**
 * Cohen's weighted kappa with quadratic weights: 1 is full agreement, 0 what chance would give, below 0 worse.
 *
 *   kappa = 1 − Σ w·o / Σ w·e,   w = (first − second)²
 *
 * `o` is the share of pairs that were seen, `e` the share that both would give together by chance, each keeping their
 * own frequencies. With n pairs the fraction is n·Σ(xₖ − yₖ)² over ΣᵢΣⱼ(xᵢ − yⱼ)², so points need no classes.
 *
 * Source: J. Cohen, "Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial
 * credit", Psychological Bulletin 70(4), 1968, 213–220; quadratic weights: J. L. Fleiss and J. Cohen, Educational and
 * Psychological Measurement 33(3), 1973, 613–619.
 *
 * @returns null without pairs, and where chance leaves nothing to agree on: both gave everything the same.
 */
export function weightedKappa(pairs: readonly MarkPair[]): number | null {
  const seen = pairs.reduce((sum, [x, y]) => sum + (x - y) ** 2, 0);
  const chance = pairs.reduce((sum, [x]) => sum + pairs.reduce((all, [, y]) => all + (x - y) ** 2, 0), 0);
  return chance === 0 ? null : 1 - (pairs.length * seen) / chance;
}
