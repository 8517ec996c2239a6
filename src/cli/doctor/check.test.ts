import { expect, test } from "vitest";
import { type Check, examine, isFatal, type Outcome } from "./check.ts";

const check = (run: Check["run"], required = true): Check => ({ id: "x", title: "X", required, run });
const missing: Outcome = { state: "missing", found: "nothing", mend: "apt-get install x" };

test("a check that throws is a finding with its words, not the end of the doctor", async () => {
  const finding = await examine(check(async () => Promise.reject(new Error("disk on fire"))));
  expect(finding.outcome).toMatchObject({ state: "warning", found: "disk on fire" });
  expect(isFatal(finding)).toBe(false);
});

test.each([
  ["a required thing that is missing", true, missing, true],
  ["an optional thing that is missing", false, missing, false],
  ["a required thing that was skipped", true, { state: "skipped", found: "" } as Outcome, false],
])("%s: fatal %#", async (_, required, outcome, fatal) => {
  expect(isFatal(await examine(check(async () => outcome, required)))).toBe(fatal);
});
