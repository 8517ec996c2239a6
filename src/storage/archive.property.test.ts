import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../../test/hostile-archives/bench.ts";
import { tryMutatedZips } from "../../test/hostile-archives/property.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ archivesPerChild: Number.POSITIVE_INFINITY });
});
afterAll(() => bench.close());

test("3,000 broken archives: each accepted as its manifest says or refused by name, by one child", {
  timeout: 240_000,
}, async () => {
  const root = await readdir("/");
  const outcomes = await tryMutatedZips(bench, 3000);
  // The generator is worth something only while it reaches both ends and many refusals.
  expect(outcomes.get("accepted")).toBeGreaterThan(100);
  expect(outcomes.size).toBeGreaterThan(6);
  expect(await bench.stored()).toEqual(expect.not.arrayContaining([expect.stringContaining("tmp/")]));
  expect(await readdir("/")).toEqual(root);
});
