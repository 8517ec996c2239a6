import fc from "fast-check";
import { expect, test } from "vitest";
import {
  chargesFor,
  type GroupLateRule,
  type LateDayEntry,
  lateDaysLeft,
  lateDaysSpent,
  type Payer,
  refundFor,
} from "./late-days.ts";

const grant = (days: number): LateDayEntry => ({ kind: "grant", days });
const charge = (days: number): LateDayEntry => ({ kind: "charge", days });
const refund = (days: number): LateDayEntry => ({ kind: "refund", days });

test.each<[string, number, LateDayEntry[], number]>([
  ["an untouched budget", 4, [], 4],
  ["no budget", 0, [], 0],
  ["one spent", 4, [charge(1)], 3],
  ["all spent", 4, [charge(3), charge(1)], 0],
  ["one given back", 4, [charge(2), refund(1)], 3],
  ["a gift on top", 4, [grant(2)], 6],
  ["a gift without a budget", 0, [grant(2), charge(1)], 1],
  ["everything given back", 4, [charge(4), refund(4)], 4],
  ["a budget that was cut after it was spent", 1, [charge(3)], -2],
])("%s", (_, budget, entries, left) => expect(lateDaysLeft(budget, entries)).toBe(left));

test.each<[string, LateDayEntry[], number]>([
  ["nothing", [], 0],
  ["a gift is not spent", [grant(3)], 0],
  ["two charges", [charge(1), charge(2)], 3],
  ["less what came back", [charge(3), refund(1)], 2],
  ["never below nothing", [refund(1)], 0],
])("spent: %s", (_, entries, spent) => expect(lateDaysSpent(entries)).toBe(spent));

/** As late as the row says, if not said otherwise. */
const payer = (id: string, left: number, spent = 0, late = Number.NaN): Payer => ({ id, left, spent, late });

test.each<[string, GroupLateRule, Payer[], number, number | null, [number, number][]]>([
  ["on time", "each", [payer("a", 4)], 0, null, [[0, 0]]],
  ["one day late", "each", [payer("a", 4)], 1, null, [[1, 1]]],
  ["two days late with one left", "each", [payer("a", 1)], 2, null, [[1, 1]]],
  ["none left", "each", [payer("a", 0)], 2, null, [[0, 0]]],
  ["below nothing", "each", [payer("a", -1)], 2, null, [[0, 0]]],
  ["a day that was spent before pays again", "each", [payer("a", 3, 1)], 1, null, [[0, 1]]],
  ["later than before", "each", [payer("a", 3, 1)], 3, null, [[2, 3]]],
  ["later than before with nothing left", "each", [payer("a", 0, 1)], 3, null, [[0, 1]]],
  ["at most two here", "each", [payer("a", 4)], 3, 2, [[2, 2]]],
  ["none here", "each", [payer("a", 4)], 3, 0, [[0, 0]]],
  ["at most two, one spent", "each", [payer("a", 4, 1)], 3, 2, [[1, 2]]],
  [
    "a group, everyone for themselves",
    "each",
    [payer("a", 4), payer("b", 0)],
    1,
    null,
    [
      [1, 1],
      [0, 0],
    ],
  ],
  [
    "a group as rich as its poorest",
    "least",
    [payer("a", 4), payer("b", 1)],
    2,
    null,
    [
      [1, 1],
      [1, 1],
    ],
  ],
  [
    "a group whose poorest has none",
    "least",
    [payer("a", 4), payer("b", 0)],
    2,
    null,
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    "a group as rich as its richest",
    "most",
    [payer("a", 3), payer("b", 1)],
    2,
    null,
    [
      [2, 2],
      [1, 2],
    ],
  ],
  [
    "the richest covers whoever has none",
    "most",
    [payer("a", 3), payer("b", 0)],
    2,
    null,
    [
      [2, 2],
      [0, 2],
    ],
  ],
  [
    "three of whom each pays their own",
    "each",
    [payer("a", 4), payer("b", 1), payer("c", 2)],
    2,
    null,
    [
      [2, 2],
      [1, 1],
      [2, 2],
    ],
  ],
  [
    "whoever has an extension pays for their own lateness alone",
    "each",
    [payer("a", 4), payer("b", 4, 0, 1), payer("c", 4, 0, 0)],
    3,
    null,
    [
      [3, 3],
      [1, 1],
      [0, 0],
    ],
  ],
  [
    "the poorest sets what pays, even with an extension",
    "least",
    [payer("a", 4), payer("b", 1, 0, 0)],
    2,
    null,
    [
      [1, 1],
      [0, 0],
    ],
  ],
  [
    "a member's days of an earlier piece pay again for them alone",
    "each",
    [payer("a", 2, 1), payer("b", 2)],
    2,
    null,
    [
      [1, 2],
      [2, 2],
    ],
  ],
  [
    "the richest covers no more than the assignment takes",
    "most",
    [payer("a", 5), payer("b", 0)],
    4,
    2,
    [
      [2, 2],
      [0, 2],
    ],
  ],
])("%s", (_, rule, payers, days, most, expected) => {
  const late = payers.map((one) => ({ ...one, late: Number.isNaN(one.late) ? days : one.late }));
  expect(chargesFor(rule, late, most).map(({ days, covered }) => [days, covered])).toEqual(expected);
});

test.each([
  [2, 0, 2],
  [2, 1, 1],
  [2, 2, 0],
  [2, 5, 0],
  [0, 0, 0],
  [3, -1, 3],
])("%d spent, %d still needed: %d come back", (spent, needed, back) => {
  expect(refundFor(spent, needed)).toBe(back);
});

test("balance is grants − charges + refunds, whatever the order", () => {
  const entry = fc.record({
    kind: fc.constantFrom("grant" as const, "charge" as const, "refund" as const),
    days: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(entry), fc.nat(20), (entries, budget) => {
      const sum = (kind: string) =>
        entries.filter((one) => one.kind === kind).reduce((total, { days }) => total + days, 0);
      const left = lateDaysLeft(budget, entries);
      expect(left).toBe(budget + sum("grant") - sum("charge") + sum("refund"));
      expect(lateDaysLeft(budget, [...entries].reverse())).toBe(left);
    }),
  );
});

test("nobody is charged more than they have, nor for more than they are late", () => {
  const payers = fc.array(
    fc.record({ id: fc.uuid(), left: fc.integer({ min: -2, max: 9 }), spent: fc.nat(5), late: fc.nat(9) }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(
      fc.constantFrom<GroupLateRule>("each", "least", "most"),
      payers,
      fc.option(fc.nat(9)),
      (rule, all, most) => {
        const charges = chargesFor(rule, all, most);
        for (const [at, one] of charges.entries()) {
          expect(one.days).toBeLessThanOrEqual(Math.max(0, all[at]!.left));
          expect(one.covered).toBeLessThanOrEqual(Math.min(all[at]!.late, most ?? 9));
          // What pays for somebody's lateness was spent by them, unless the richest pays for all.
          if (rule !== "most") expect(one.covered).toBeLessThanOrEqual(all[at]!.spent + one.days);
        }
        const reversed = chargesFor(rule, [...all].reverse(), most).reverse();
        expect(reversed).toEqual(charges);
      },
    ),
  );
});
