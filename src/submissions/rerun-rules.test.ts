import { expect, test } from "vitest";
import { type Compared, type InAssignment, inScope, outcomeOf, previewOf, replaces } from "./rerun-rules.ts";
import type { RerunScope } from "./tables.ts";

const one = (id: string, personId: string, day: number, given: Partial<InAssignment> = {}): InAssignment => ({
  ...{ id, personId, receivedAt: new Date(Date.UTC(2026, 10, day)), score: null, versionId: "v1" },
  ...{ failed: false, cancelled: false },
  ...given,
});
const all = [
  one("a1", "ann", 1, { score: 900 }),
  one("a2", "ann", 2, { score: 500, versionId: "v2" }),
  one("a3", "ann", 3, { score: 900, cancelled: true }),
  one("b1", "ben", 1, { failed: true }),
  one("c1", "cai", 1, { score: 100, versionId: "v2" }),
];

test.each<[RerunScope, "latest" | "best", string[]]>([
  ["counted", "best", ["a1", "b1", "c1"]],
  ["counted", "latest", ["a2", "b1", "c1"]],
  ["latest", "best", ["a2", "b1", "c1"]],
  ["best", "latest", ["a1", "b1", "c1"]],
  ["all", "best", ["a1", "a2", "b1", "c1"]],
  ["ours", "best", ["b1"]],
  ["version", "best", ["a2", "c1"]],
])("“%s” where %s counts", (scope, rule, ids) => {
  expect(inScope(rule, { scope, versionId: "v2" }, all).map(({ id }) => id)).toEqual(ids);
});

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
