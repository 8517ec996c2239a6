import fc from "fast-check";
import { expect, test } from "vitest";
import { type Candidate, type CountingRule, whichCounts } from "./counting.ts";

const sent = (id: string, minute: number, score: number | null): Candidate => ({
  id,
  receivedAt: new Date(Date.UTC(2026, 10, 24, 12, minute)),
  score,
});
const three = [sent("a", 1, 900), sent("b", 2, 900), sent("c", 3, 400)];

test.each<[string, CountingRule, Candidate[], string | null, string | null]>([
  ["nothing handed in", "latest", [], null, null],
  ["the latest", "latest", three, null, "c"],
  ["the latest although it is not graded", "latest", [...three, sent("d", 4, null)], null, "d"],
  ["the best, the later of equals", "best", three, null, "b"],
  ["the best of the graded ones", "best", [...three, sent("d", 4, null)], null, "b"],
  ["the latest while nothing is graded", "best", [sent("a", 1, null), sent("b", 2, null)], null, "b"],
  ["the chosen one", "chosen", three, "a", "a"],
  ["the latest until one is chosen", "chosen", three, null, "c"],
  ["the latest if the chosen one is not among them", "chosen", three, "z", "c"],
  ["the best with a score of nothing", "best", [sent("a", 1, 0)], null, "a"],
])("%s", (_, rule, submissions, chosen, id) => {
  expect(whichCounts(rule, submissions, chosen)?.id ?? null).toBe(id);
});

test("the order of rows changes nothing", () => {
  const rows = fc.uniqueArray(
    fc.record({ id: fc.uuid(), minute: fc.nat(59), score: fc.option(fc.nat(1000)) }),
    {
      selector: (row) => row.id,
    },
  );
  fc.assert(
    fc.property(rows, fc.constantFrom<CountingRule>("latest", "best", "chosen"), (list, rule) => {
      const candidates = list.map(({ id, minute, score }) => sent(id, minute, score));
      expect(whichCounts(rule, [...candidates].reverse(), null)).toEqual(whichCounts(rule, candidates, null));
    }),
  );
});
