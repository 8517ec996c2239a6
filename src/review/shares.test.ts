import fc from "fast-check";
import { expect, test } from "vitest";
import { dealOut, type Grader, type ShareRule, secondSample, type Work } from "./shares.ts";

const work = (...sections: (string | null)[]): Work[] =>
  sections.map((section, at) => ({ id: `w${at}`, section, members: [`s${at}`] }));
const graders = (...all: [id: string, section: string | null][]): Grader[] =>
  all.map(([id, section]) => ({ id, section }));
const counts = (dealt: Map<string, string>) =>
  Object.fromEntries([...Map.groupBy(dealt.values(), (id) => id)].map(([id, all]) => [id, all.length]));

const ab = graders(["a", "A"], ["b", "B"]);
test.each<[string, ShareRule, Work[], Grader[], Record<string, number>]>([
  ["no work is no share", "equal", [], ab, {}],
  ["without graders nothing is dealt", "equal", work(null), [], {}],
  ["one grader gets all", "equal", work("A", "B"), graders(["a", null]), { a: 2 }],
  ["equal shares of an even number", "equal", work("A", "A", "A", "A"), ab, { a: 2, b: 2 }],
  ["equal shares of an odd number differ by one", "equal", work("A", "A", "A"), ab, { a: 2, b: 1 }],
  ["by section each gets their own", "section", work("A", "A", "A", "B"), ab, { a: 3, b: 1 }],
  ["two of a section halve it", "section", work("A", "A"), graders(["a", "A"], ["c", "A"]), { a: 1, c: 1 }],
  ["a section without a grader is everybody's", "section", work("C", "C"), ab, { a: 1, b: 1 }],
  ["work without a section is everybody's", "section", work(null, null), ab, { a: 1, b: 1 }],
  [
    "graders without a section take what is left",
    "section",
    work("A", "C"),
    graders(["a", "A"], ["x", null]),
    { a: 1, x: 1 },
  ],
])("%s", (_, rule, some, who, expected) => expect(counts(dealOut(rule, some, who))).toEqual(expected));

test("nobody is dealt work with their own name on it", () => {
  const own = [{ id: "w", section: "A", members: ["a"] }];
  expect(dealOut("section", own, ab).get("w")).toBe("b");
  expect(dealOut("equal", own, graders(["a", null])).size).toBe(0);
});

test("dealing again moves nothing that somebody has, and levels with what is new", () => {
  const first = dealOut("equal", work("A", "A"), graders(["a", "A"]));
  const again = dealOut("equal", work("A", "A", "A", "A"), ab, first);
  expect([again.get("w0"), again.get("w1")]).toEqual(["a", "a"]);
  expect(counts(again)).toEqual({ a: 2, b: 2 });
  expect(counts(dealOut("equal", work("A", "A"), graders(["b", "B"]), first))).toEqual({ b: 2 });
});

const somePeople = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 });
test("every piece is dealt once, equal shares differ by one at most, the order of rows changes nothing", () => {
  fc.assert(
    fc.property(fc.nat(40), somePeople, (count, ids) => {
      const some = work(...Array.from({ length: count }, () => null));
      const who = graders(...ids.map((id) => [id, null] as [string, null]));
      const dealt = dealOut("equal", some, who);
      expect(dealt.size).toBe(count);
      const loads = ids.map((id) => [...dealt.values()].filter((one) => one === id).length);
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
      expect(dealOut("equal", some.toReversed(), who)).toEqual(dealt);
    }),
  );
});

test.each([
  [0, 10, 0],
  [10, 10, 1],
  [10, 11, 2],
  [1, 3, 1],
  [100, 7, 7],
  [50, 0, 0],
])("%s percent of %s is %s", (percent, count, size) => {
  const some = work(...Array.from({ length: count }, () => null));
  const sample = secondSample(some, percent);
  expect(sample.length).toBe(size);
  expect(secondSample(some.toReversed(), percent)).toEqual(sample);
});
