import { expect, test } from "vitest";
import { tryMutatedResults } from "../../../test/soak/results-json.ts";

test("3,000 broken results.json: each read with points that can be, or refused with a reason", () => {
  const outcomes = tryMutatedResults(3000, Date.now());
  expect(outcomes.read).toBeGreaterThan(50);
  expect(outcomes.refused).toBeGreaterThan(50);
});
