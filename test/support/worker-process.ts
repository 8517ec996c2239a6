// A worker as a process of its own, for tests that kill, stop and wake it. It is the product's worker; its grading
// waits `ASSAY_TEST_GRADING_MS` between three results instead of running a sandbox.
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "../../src/grading/worker.ts";
import { openDatabase } from "../../src/platform/database.ts";
import { createLogger } from "../../src/platform/log.ts";
import { openQueue } from "../../src/platform/queue.ts";
import { reportOf, testReport } from "./attempts.ts";

const gradingMs = Number(process.env.ASSAY_TEST_GRADING_MS ?? 0);
const url = process.env.DATABASE_URL ?? "";
const log = createLogger(process.env.LOG_LEVEL ?? "silent");
const database = openDatabase(url, { connections: 5 });
const queue = await openQueue(url, { lanes: ["cpu", "gpu"], log });
const worker = await Worker.start({
  database,
  queue,
  lanes: ["cpu"],
  slots: 2,
  teamSlots: 2,
  log,
  grade: async (_, { onTest, signal }) => {
    const tests = [1, 2, 3].map((number) => testReport(number, { stdout: `by ${process.pid}` }));
    for (const test of tests) {
      onTest(test);
      await pause(gradingMs / tests.length, undefined, { signal });
    }
    return reportOf(tests);
  },
});
process.on("SIGTERM", async () => {
  await worker.drain();
  await queue.stop();
  await database.close();
});
console.log(worker.id);
