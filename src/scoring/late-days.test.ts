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

const payer = (id: string, left: number, spent = 0): Payer => ({ id, left, spent });

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
])("%s", (_, rule, payers, days, most, expected) => {
  expect(chargesFor(rule, payers, days, most).map(({ days, covered }) => [days, covered])).toEqual(expected);
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
    fc.record({ id: fc.uuid(), left: fc.integer({ min: -2, max: 9 }), spent: fc.nat(5) }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(
      fc.constantFrom<GroupLateRule>("each", "least", "most"),
      payers,
      fc.nat(9),
      fc.option(fc.nat(9)),
      (rule, all, days, most) => {
        const charges = chargesFor(rule, all, days, most);
        for (const [at, one] of charges.entries()) {
          expect(one.days).toBeLessThanOrEqual(Math.max(0, all[at]!.left));
          expect(one.covered).toBeLessThanOrEqual(days);
        }
        const reversed = chargesFor(rule, [...all].reverse(), days, most).reverse();
        expect(reversed).toEqual(charges);
      },
    ),
  );
});
