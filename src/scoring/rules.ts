// Changes of what tests are worth, laid over results that are stored: nothing is run again, and what was measured
// stays as it is. Pure.
import { z } from "zod";
import { bandPoints } from "./bands.ts";
import type { Hundredths } from "./lateness.ts";

const name = z.string().min(1).max(200);
const hundredths = z.int().min(0).max(1_000_000);
const band = z.strictObject({ value: z.number(), points: hundredths });

/** Points for a metric that a suite measured (an entry of its leaderboard), in place of the test's own. */
const metricBands = z.strictObject({
  test: name,
  metric: name,
  bands: z.array(band).min(1).max(50),
  /** On top of the test's points, and of its most points. */
  bonus: z.array(band).max(50).default([]),
  /** The bonus is for work that was on time. */
  bonusOnTimeOnly: z.boolean().default(false),
});

export const scoreRules = z.strictObject({
  /** What a test is worth instead; a part of the old points becomes the same part of the new. */
  points: z.record(name, hundredths).default({}),
  /** Tests that count nothing. */
  drop: z.array(name).max(500).default([]),
  /** Tests whose marks everybody gets in full. */
  full: z.array(name).max(500).default([]),
  /** Tests whose points come on top: they are not among the most that can be had. */
  bonus: z.array(name).max(500).default([]),
  bands: z.array(metricBands).max(50).default([]),
});
export type ScoreRules = z.infer<typeof scoreRules>;
export const NO_RULES: ScoreRules = scoreRules.parse({});

export interface TestPoints {
  name: string;
  score: Hundredths;
  max: Hundredths;
}

export interface Measured {
  /** By name; null where nothing was measured, or what was is no number. */
  metrics: Readonly<Record<string, number | null>>;
  onTime: boolean;
}

/** Each test's points under the rules, in the order given. A rule for a test that is not there changes nothing. */
export function applyRules<T extends TestPoints>(
  rules: ScoreRules,
  tests: readonly T[],
  measured: Measured,
): T[] {
  return tests.map((test) => ({ ...test, ...pointsOfTest(rules, test, measured) }));
}

/** Dropping goes before everything; full marks before bands; the worth of a test before its share. */
function pointsOfTest(rules: ScoreRules, test: TestPoints, measured: Measured) {
  if (rules.drop.includes(test.name)) return { score: 0, max: 0 };
  const worth = Object.hasOwn(rules.points, test.name) ? rules.points[test.name]! : test.max;
  const max = rules.bonus.includes(test.name) ? 0 : worth;
  if (rules.full.includes(test.name)) return { score: worth, max };
  const bands = rules.bands.find((one) => one.test === test.name);
  if (bands) return { score: metricPoints(bands, worth, measured), max };
  return { score: test.max === 0 ? test.score : Math.round((test.score * worth) / test.max), max };
}

function metricPoints(
  rule: ScoreRules["bands"][number],
  worth: Hundredths,
  { metrics, onTime }: Measured,
): Hundredths {
  const value = Object.hasOwn(metrics, rule.metric) ? metrics[rule.metric]! : null;
  const base = Math.min(worth, bandPoints(rule.bands, value));
  return rule.bonusOnTimeOnly && !onTime ? base : base + bandPoints(rule.bonus, value);
}

export function sumOf(tests: readonly TestPoints[]): { score: Hundredths; max: Hundredths } {
  return {
    score: tests.reduce((sum, test) => sum + test.score, 0),
    max: tests.reduce((sum, test) => sum + test.max, 0),
  };
}

/** The tests that rules speak of and a suite does not have: a slip of the pen. */
export function unknownTests(rules: ScoreRules, known: readonly string[]): string[] {
  const spoken = [
    ...Object.keys(rules.points),
    ...rules.drop,
    ...rules.full,
    ...rules.bonus,
    ...rules.bands.map(({ test }) => test),
  ];
  return [...new Set(spoken)].filter((test) => !known.includes(test));
}
