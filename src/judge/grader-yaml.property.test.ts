import { expect, test } from "vitest";
import { tryMutatedSettings } from "../../test/soak/grader-yaml.ts";

test("1,000 broken grader.yaml: each read, or refused with lines that say why", () => {
  const outcomes = tryMutatedSettings(1000, Date.now());
  expect(outcomes.read).toBeGreaterThan(50);
  expect(outcomes.refused).toBeGreaterThan(50);
});
