import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { testReport } from "../../test/support/attempts.ts";
import { HOLD_MS, ResultWriter } from "./result-writer.ts";

/** A writer whose statements take `ms`, and what it wrote: the numbers of each batch. */
function recording(ms: number) {
  const batches: number[][] = [];
  const writer = new ResultWriter(async (results) => {
    batches.push(results.map(({ position }) => position));
    await pause(ms);
  });
  return { writer, batches };
}

test("the first result goes out at once, those that come during its statement go together", async () => {
  const { writer, batches } = recording(30);
  for (const number of [1, 2, 3]) writer.add(testReport(number));
  expect(batches).toEqual([[1]]);
  await writer.close();
  expect(batches).toEqual([[1], [2, 3]]);
});

test("two hundred quick results are a few statements, none lost, in order", async () => {
  const { writer, batches } = recording(1);
  for (let number = 1; number <= 200; number++) {
    writer.add(testReport(number));
    if (number % 20 === 0) await pause(5);
  }
  await writer.close();
  expect(batches.flat()).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
  expect(batches.length).toBeLessThan(20);
});

test("a result is not held for longer than it may be", async () => {
  const { writer, batches } = recording(0);
  writer.add(testReport(1));
  await pause(1);
  writer.add(testReport(2));
  await pause(HOLD_MS + 30);
  expect(batches).toEqual([[1], [2]]);
});
