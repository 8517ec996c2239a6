// A part of the corpus in `npm test`, one case of each kind; all of it by `npm run hostile`.
import { beforeAll, describe, expect, test } from "vitest";
import { whyNoSandbox } from "../../src/sandbox/testing/fixtures.ts";
import { readCases } from "./cases.ts";
import { type ControlName, controlNames } from "./controls.ts";
import type { CaseResult } from "./judge-case.ts";
import { runCases } from "./run-cases.ts";

const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);
const all = readCases();
const named = (...names: string[]) => all.filter(({ name }) => names.includes(name));

const quick = named(
  "answer-mutated-inputs",
  "archive-file-twice",
  "archive-link",
  "frame-answers-ahead",
  "frame-over-the-cap",
  "harness-walks-the-file-system",
  "hidden-prints-inputs",
  "host-keyring",
  "leftover-file",
  "leftover-global-state",
  "network-host-services",
  "resource-counts-forks",
  "resource-descriptors-in-flight",
  "resource-too-much-output",
  "staff-alias-bomb",
);

test("the corpus has at least 100 cases, and each control has one that needs it", () => {
  expect(all.length).toBeGreaterThanOrEqual(100);
  const needed = new Set(all.flatMap((one) => one.controls));
  expect(controlNames.filter((name) => !needed.has(name))).toEqual([]);
});

describe.skipIf(skipped)("hostile submissions", () => {
  let results: CaseResult[] = [];
  beforeAll(async () => {
    results = await runCases(quick, null);
  }, 180_000);

  test.each(quick.map(({ name }) => name))(
    "%s comes to what is expected, and its honest twin to 100",
    (name) => {
      expect(results.find((result) => result.name === name)).toMatchObject({
        ok: true,
        leaks: 0,
        leftovers: 0,
      });
    },
  );
});

describe.skipIf(skipped)("without one control", () => {
  test.each<[ControlName, string]>([
    ["wall", "harness-walks-the-file-system"],
    ["student-view", "hidden-prints-inputs"],
  ])("%s: %s brings hidden things to light", { timeout: 60_000 }, async (control, name) => {
    const [result] = await runCases(named(name), control);
    expect(result?.ok).toBe(false);
    expect(result?.leaks).toBeGreaterThan(0);
  });
});
