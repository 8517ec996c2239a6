import { expect, test } from "vitest";
import type { CountingRule } from "../scoring/counting.ts";
import { type Compared, type InAssignment, inScope, outcomeOf, previewOf, replaces } from "./rerun-rules.ts";
import type { BatchScope } from "./tables.ts";

interface Given extends Partial<InAssignment> {
  score?: number | null;
  chosen?: boolean;
}
const own = (personId: string, score: number | null = null, chosen = false) => ({ personId, score, chosen });
const one = (id: string, personId: string, day: number, given: Given = {}): InAssignment => {
  const { score, chosen, ...more } = given;
  const received = { receivedAt: new Date(Date.UTC(2026, 10, day)), versionId: "v1" };
  return { id, ...received, failed: false, cancelled: false, of: [own(personId, score, chosen)], ...more };
};
const all = [
  one("a1", "ann", 1, { score: 900 }),
  one("a2", "ann", 2, { score: 500, versionId: "v2" }),
  one("a3", "ann", 3, { score: 900, cancelled: true }),
  one("b1", "ben", 1, { failed: true }),
  one("c1", "cai", 1, { score: 100, versionId: "v2" }),
];

test.each<[BatchScope, CountingRule, string[]]>([
  ["counted", "best", ["a1", "b1", "c1"]],
  ["counted", "latest", ["a2", "b1", "c1"]],
  ["counted", "chosen", ["a2", "b1", "c1"]],
  ["latest", "best", ["a2", "b1", "c1"]],
  ["best", "latest", ["a1", "b1", "c1"]],
  ["all", "best", ["a1", "a2", "b1", "c1"]],
  ["ours", "best", ["b1"]],
  ["version", "best", ["a2", "c1"]],
])("“%s” where %s counts", (scope, rule, ids) => {
  expect(inScope(rule, { scope, versionId: "v2" }, all).map(({ id }) => id)).toEqual(ids);
});

const counted = (rule: CountingRule, ...some: InAssignment[]) =>
  inScope(rule, { scope: "counted", versionId: null }, some).map(({ id }) => id);
const early = one("a1", "ann", 1, { chosen: true, score: 100 });
const late = one("a2", "ann", 2, { score: 900 });

test.each<[string, CountingRule, InAssignment[], string[]]>([
  ["what somebody chose counts, later and better ones or not", "chosen", [early, late], ["a1"]],
  ["a choice says nothing where the best counts", "best", [early, late], ["a2"]],
  ["what was chosen and taken back does not count", "chosen", [{ ...early, cancelled: true }, late], ["a2"]],
  [
    "a group's work counts once",
    "latest",
    [one("g1", "", 1, { of: [own("ann", 900), own("ben", 900)] })],
    ["g1"],
  ],
  [
    "each of a group lets count what they choose",
    "chosen",
    [
      one("g1", "", 1, { of: [own("ann", 900, true), own("ben", 900)] }),
      one("g2", "", 2, { of: [own("ann", 900), own("ben", 900)] }),
    ],
    ["g1", "g2"],
  ],
  [
    "by each member's own dates another may be the best",
    "best",
    [
      one("g1", "", 1, { of: [own("ann", 800), own("ben", 800)] }),
      one("g2", "", 2, { of: [own("ann", 900), own("ben", 450)] }),
    ],
    ["g1", "g2"],
  ],
  [
    "whoever joined later has the group's later work alone",
    "latest",
    [one("g1", "", 1, { of: [own("ann")] }), one("g2", "", 2, { of: [own("ann"), own("ben")] })],
    ["g2"],
  ],
])("%s", (_, rule, some, ids) => expect(counted(rule, ...some)).toEqual(ids));

const row = (before: number | null, after: number | null, open = false): Compared => ({
  submissionId: "s",
  before: { attemptId: "x", score: before, max: 1000 },
  after: { attemptId: "y", score: after, max: 1000, open },
});

test.each<[string, Compared, string, boolean, boolean]>([
  ["more points", row(500, 600), "higher", true, true],
  ["the same points, by the new version", row(500, 500), "same", true, true],
  ["fewer points", row(500, 400), "lower", true, false],
  ["a first result", row(null, 400), "new", true, true],
  ["a run that we failed", row(500, null), "failed", false, false],
  ["a run that waits", row(500, null, true), "open", false, false],
])("%s", (_, compared, outcome, asComputed, neverLower) => {
  expect(outcomeOf(compared)).toBe(outcome);
  expect([replaces("as_computed", compared), replaces("never_lower", compared)]).toEqual([
    asComputed,
    neverLower,
  ]);
});

test("a preview's name changes with any result, and not with the order of rows", () => {
  const two = { ...row(1, 2), submissionId: "t" };
  const name = previewOf([row(500, 600), two]);
  expect(previewOf([two, row(500, 600)])).toBe(name);
  for (const other of [row(501, 600), row(500, 601), row(500, 600, true)])
    expect(previewOf([other, two])).not.toBe(name);
  expect(previewOf([row(500, 600)])).not.toBe(name);
});
