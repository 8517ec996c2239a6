// A worker as a process of its own, for the queue's bench: the product's worker, whose gradings only take their time.
// Says on its channel when it is up and when each begins and ends, and drains when the channel closes.
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "../src/grading/worker.ts";
import { openDatabase } from "../src/platform/database.ts";
import { createLogger } from "../src/platform/log.ts";
import { openQueue } from "../src/platform/queue.ts";
import { reportOf, testReport } from "../test/support/attempts.ts";
import { type Said, sharedClock } from "./queue-said.ts";

const { DATABASE_URL: url = "", BENCH_SLOTS, BENCH_GRADING_MS } = process.env;
const slots = Number(BENCH_SLOTS);
const lanes = ["cpu", "gpu"];
const report = reportOf([testReport(1)]);
const log = createLogger(process.env.LOG_LEVEL ?? "error");
const say = (said: Said) => process.send?.(said);

const database = openDatabase(url);
const queue = await openQueue(url, { lanes, log });
const worker = await Worker.start({
  ...{ database, queue, lanes, slots, teamSlots: slots, log },
  grade: async ({ id, team }) => {
    say({ event: "began", id, team, at: sharedClock() });
    await sleep(Number(BENCH_GRADING_MS));
    say({ event: "ended", id, team, at: sharedClock() });
    return report;
  },
});
process.once("disconnect", async () => {
  await worker.drain();
  await queue.stop();
  await database.close();
});
say({ event: "up" });
