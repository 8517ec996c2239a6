import fc from "fast-check";
import { expect, test } from "vitest";
import { type MarkPair, weightedKappa } from "./kappa.ts";

// Each by hand: n·Σ(x−y)² and ΣᵢΣⱼ(xᵢ−yⱼ)² beside it.
test.each<[what: string, pairs: MarkPair[], kappa: number | null]>([
  ["nothing was marked twice", [], null],
  ["one pair: chance is what was seen", [[3, 5]], 0],
  [
    "both gave everything the same: nothing to agree on",
    [
      [4, 4],
      [4, 4],
    ],
    null,
  ],
  // seen 2·0, chance 0+1+1+0 = 2
  [
    "full agreement",
    [
      [0, 0],
      [1, 1],
    ],
    1,
  ],
  // seen 2·(1+1) = 4, chance 1+0+0+1 = 2
  [
    "each the opposite of the other",
    [
      [0, 1],
      [1, 0],
    ],
    -1,
  ],
  // x 0,0,1,1  y 0,1,0,1: seen 4·2 = 8, chance 2·2·1 + 2·2·1 = 8
  [
    "what chance gives",
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    0,
  ],
  // x 1,2,3  y 1,2,2: seen 3·1 = 3, chance (0+1+1)+(1+0+0)+(4+1+1) = 9
  [
    "one step apart once in three",
    [
      [1, 1],
      [2, 2],
      [3, 2],
    ],
    1 - 3 / 9,
  ],
  // x 0,2,4  y 0,2,0: seen 3·16 = 48, chance (0+4+0)+(4+0+4)+(16+4+16) = 48
  [
    "four apart weighs sixteen times one apart",
    [
      [0, 0],
      [2, 2],
      [4, 0],
    ],
    0,
  ],
  // The second is always one harder. x 1,2,3  y 0,1,2: seen 3·3 = 9, chance (1+0+1)+(4+1+0)+(9+4+1) = 21
  [
    "the same order, one harder",
    [
      [1, 0],
      [2, 1],
      [3, 2],
    ],
    1 - 9 / 21,
  ],
])("%s", (_, pairs, kappa) => {
  const found = weightedKappa(pairs);
  if (kappa === null || found === null) expect(found).toBe(kappa);
  else expect(found).toBeCloseTo(kappa, 12);
});

test("it equals Cohen's table of frequencies, and neither the order of pairs nor that of the people matters", () => {
  const mark = fc.integer({ min: 0, max: 5 });
  fc.assert(
    fc.property(fc.array(fc.tuple(mark, mark), { minLength: 2, maxLength: 30 }), (pairs) => {
      const kappa = weightedKappa(pairs);
      const table = byTable(pairs);
      if (kappa === null || table === null) return expect(kappa).toBe(table);
      expect(kappa).toBeCloseTo(table, 9);
      expect(weightedKappa([...pairs].reverse())).toBeCloseTo(kappa, 9);
      expect(weightedKappa(pairs.map(([x, y]) => [y, x] as const))).toBeCloseTo(kappa, 9);
    }),
  );
});

/** The formula as Cohen writes it: observed and expected proportions over a square of classes. */
function byTable(pairs: readonly MarkPair[]): number | null {
  const classes = [0, 1, 2, 3, 4, 5];
  const share = (keep: (pair: MarkPair) => boolean) => pairs.filter(keep).length / pairs.length;
  let [seen, chance] = [0, 0];
  for (const i of classes) {
    for (const j of classes) {
      seen += (i - j) ** 2 * share(([x, y]) => x === i && y === j);
      chance += (i - j) ** 2 * share(([x]) => x === i) * share(([, y]) => y === j);
    }
  }
  return chance === 0 ? null : 1 - seen / chance;
}
