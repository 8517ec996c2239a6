// How hard a test is, and how well it tells those who know from those who do not: classical test theory. Pure.

export interface ItemFigures {
  /** Students whose counting submission has the test. */
  ran: number;
  passed: number;
  /** Mean share of its points, from 0 (nobody) to 1: its difficulty, in the words of test theory. */
  difficulty: number;
  /**
   * Point-biserial correlation of passing it with the points in all other tests, from -1 to 1; null where all pass,
   * all fail, or the rest is alike. Below 0.2 it says little; below 0 the better ones fail it.
   */
  discrimination: number | null;
}

export interface ItemResult {
  passed: boolean;
  /** Hundredths. */
  score: number;
  max: number;
  /** Hundredths in all tests of the submission, this one included. */
  total: number;
}

/** @param results of one test, one a student. */
export function itemFigures(results: readonly ItemResult[]): ItemFigures {
  const ran = results.length;
  const passed = results.filter((one) => one.passed).length;
  const shares = results.map(({ score, max }) => (max > 0 ? score / max : 0));
  return {
    ran,
    passed,
    difficulty: ran === 0 ? 0 : mean(shares),
    discrimination: pointBiserial(results),
  };
}

/**
 * r = (M₁ − M₀) / s · √(p·q): Lord and Novick, Statistical Theories of Mental Test Scores, 1968, section 15.5. Over
 * the rest of the test, since with a test itself in the sum it correlates with itself (there, section 15.3).
 */
function pointBiserial(results: readonly ItemResult[]): number | null {
  const rest = results.map(({ total, score }) => total - score);
  const [yes, no] = [true, false].map((side) => rest.filter((_, at) => results[at]!.passed === side));
  if (yes!.length === 0 || no!.length === 0) return null;
  const middle = mean(rest);
  const spread = Math.sqrt(mean(rest.map((one) => (one - middle) ** 2)));
  if (spread === 0) return null;
  const p = yes!.length / rest.length;
  return ((mean(yes!) - mean(no!)) / spread) * Math.sqrt(p * (1 - p));
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
