import fc from "fast-check";
import { expect, test } from "vitest";
import { applyRules, type Measured, type ScoreRules, scoreRules, sumOf, unknownTests } from "./rules.ts";

const tests = [
  { name: "a", score: 500, max: 1000 },
  { name: "b", score: 0, max: 2000 },
  { name: "c", score: 300, max: 300 },
];
const nothing: Measured = { metrics: {}, onTime: true };
const rules = (given: Partial<ScoreRules>) => scoreRules.parse(given);
const accuracy = {
  test: "a",
  metric: "accuracy",
  bands: [
    { value: 0.5, points: 0 },
    { value: 1, points: 1000 },
  ],
};
const withBonus = {
  ...accuracy,
  bonus: [
    { value: 0.9, points: 0 },
    { value: 1, points: 200 },
  ],
};
const measured = (value: number | null, onTime = true): Measured => ({
  metrics: { accuracy: value },
  onTime,
});

test.each<[string, Partial<ScoreRules>, Measured, [number, number][]]>([
  [
    "no rules",
    {},
    nothing,
    [
      [500, 1000],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "worth twice as much",
    { points: { a: 2000 } },
    nothing,
    [
      [1000, 2000],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "worth a third, rounded",
    { points: { a: 333 } },
    nothing,
    [
      [167, 333],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "worth nothing",
    { points: { c: 0 } },
    nothing,
    [
      [500, 1000],
      [0, 2000],
      [0, 0],
    ],
  ],
  [
    "dropped",
    { drop: ["b"] },
    nothing,
    [
      [500, 1000],
      [0, 0],
      [300, 300],
    ],
  ],
  [
    "full marks to all",
    { full: ["b"] },
    nothing,
    [
      [500, 1000],
      [2000, 2000],
      [300, 300],
    ],
  ],
  [
    "full marks of what it is worth now",
    { full: ["b"], points: { b: 100 } },
    nothing,
    [
      [500, 1000],
      [100, 100],
      [300, 300],
    ],
  ],
  [
    "dropped goes before full marks",
    { full: ["b"], drop: ["b"] },
    nothing,
    [
      [500, 1000],
      [0, 0],
      [300, 300],
    ],
  ],
  [
    "a bonus",
    { bonus: ["c"] },
    nothing,
    [
      [500, 1000],
      [0, 2000],
      [300, 0],
    ],
  ],
  [
    "a bonus of other worth",
    { bonus: ["c"], points: { c: 600 } },
    nothing,
    [
      [500, 1000],
      [0, 2000],
      [600, 0],
    ],
  ],
  [
    "full marks as a bonus",
    { bonus: ["b"], full: ["b"] },
    nothing,
    [
      [500, 1000],
      [2000, 0],
      [300, 300],
    ],
  ],
  [
    "a test that is not there",
    { drop: ["z"], points: { y: 5 } },
    nothing,
    [
      [500, 1000],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "bands",
    { bands: [rules({ bands: [accuracy as never] }).bands[0]!] },
    measured(0.75),
    [
      [500, 1000],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "bands, the best",
    { bands: [accuracy as never] },
    measured(1),
    [
      [1000, 1000],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "bands never give more than the test is worth",
    { bands: [accuracy as never], points: { a: 400 } },
    measured(1),
    [
      [400, 400],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "bands without a measurement",
    { bands: [accuracy as never] },
    measured(null),
    [
      [0, 1000],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "bands of another metric",
    { bands: [{ ...accuracy, metric: "loss" } as never] },
    measured(1),
    [
      [0, 1000],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "a bonus beyond",
    { bands: [withBonus as never] },
    measured(1),
    [
      [1200, 1000],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "half of the bonus",
    { bands: [withBonus as never] },
    measured(0.95),
    [
      [1000, 1000],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "a bonus for what is on time",
    { bands: [{ ...withBonus, bonusOnTimeOnly: true } as never] },
    measured(1, true),
    [
      [1200, 1000],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "none for what is late",
    { bands: [{ ...withBonus, bonusOnTimeOnly: true } as never] },
    measured(1, false),
    [
      [1000, 1000],
      [0, 2000],
      [300, 300],
    ],
  ],
  [
    "full marks go before bands",
    { bands: [accuracy as never], full: ["a"] },
    measured(0.5),
    [
      [1000, 1000],
      [0, 2000],
      [300, 300],
    ],
  ],
])("%s", (_, given, seen, expected) => {
  const changed = applyRules(rules(given), tests, seen);
  expect(changed.map(({ score, max }) => [score, max])).toEqual(expected);
});

test("the tests that only the rules know are named", () => {
  expect(unknownTests(rules({ drop: ["a", "z"], full: ["z", "y"] }), ["a", "b", "c"])).toEqual(["z", "y"]);
});

const row = fc.record({ name: fc.constantFrom("a", "b", "c", "d"), score: fc.nat(900), max: fc.nat(900) });
const rows = fc.uniqueArray(row, { selector: ({ name }) => name });
const some = fc.subarray(["a", "b", "c", "d"]);
const anyRules = fc.record({
  points: fc.dictionary(fc.constantFrom("a", "b"), fc.nat(900)),
  drop: some,
  full: some,
  bonus: some,
  bands: fc.constant<ScoreRules["bands"]>([]),
});

test("the order of rows changes nothing, and applying the rules again to what is stored gives the same", () => {
  fc.assert(
    fc.property(rows, anyRules, (list, given) => {
      const wanted = rules(given);
      const there = applyRules(wanted, list, nothing);
      expect(applyRules(wanted, [...list].reverse(), nothing).reverse()).toEqual(there);
      expect(sumOf(applyRules(wanted, list, nothing))).toEqual(sumOf(there));
    }),
  );
});

test("no rules change nothing, and full marks or a dropped test never make anybody's share smaller than nothing", () => {
  fc.assert(
    fc.property(rows, anyRules, (list, given) => {
      expect(applyRules(rules({}), list, nothing)).toEqual(list);
      for (const { score, max } of applyRules(rules(given), list, nothing)) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(max).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
