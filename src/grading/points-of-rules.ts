// What tests are worth by rules that stand with an attempt, instead of by its suite. The evidence stays as it was
// measured (`result`); the columns beside it, which every sum reads, hold the points under the rules.
import type { Report, TestReport } from "../judge/report.ts";
import { applyRules, type Measured, type ScoreRules, sumOf, type TestPoints } from "../scoring/rules.ts";

/** Rules as they stand with an attempt. */
export interface AttemptRules {
  rules: ScoreRules;
  /** Whether what is graded was on time: some bonuses are for that alone. */
  onTime: boolean;
}

/** What a suite measured, by name: numbers of its leaderboard. */
export function metricsOf(leaderboard: Report["leaderboard"]): Measured["metrics"] {
  return Object.fromEntries(
    leaderboard.map(({ name, value }) => [name, typeof value === "number" ? value : null]),
  );
}

export function pointsUnder<T extends TestPoints>(
  applied: AttemptRules | null,
  tests: readonly T[],
  metrics: Measured["metrics"],
): T[] {
  return applied ? applyRules(applied.rules, tests, { metrics, onTime: applied.onTime }) : [...tests];
}

/** A whole report's score and most under the rules. */
export function sumUnder(applied: AttemptRules | null, tests: TestReport[], metrics: Measured["metrics"]) {
  return sumOf(pointsUnder(applied, tests, metrics));
}
