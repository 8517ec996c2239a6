import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { enqueue } from "../../test/support/attempts.ts";
import { freshDatabase, freshQueue } from "../../test/support/database.ts";
import { until } from "../../test/support/until.ts";
import { end, startWorkerProcess } from "../../test/support/worker-children.ts";
import { attempts, testResults, workers } from "./tables.ts";

const database = await freshDatabase();
const { db } = database;
const queue = await freshQueue(database);
const ofSubject = (subject: string) =>
  db.select().from(attempts).where(eq(attempts.subject, subject)).orderBy(attempts.number);
const isFinished = (subject: string, ms?: number) =>
  until("it is finished", async () => (await ofSubject(subject)).find((one) => one.state === "finished"), ms);
const isRunning = (subject: string) =>
  until("it runs", async () => (await ofSubject(subject)).find((one) => one.state === "running"));

test("a worker killed in the middle: another finishes within 15 s", { timeout: 60_000 }, async () => {
  const doomed = await startWorkerProcess(database.url, 60_000);
  const { subject } = await enqueue(database, queue);
  const first = await isRunning(subject);
  await until("its first result", () => db.$count(testResults, eq(testResults.attemptId, first.id)));
  const heir = await startWorkerProcess(database.url, 300);
  const killed = performance.now();
  await end(doomed.child, "SIGKILL");
  const final = await isFinished(subject, 15_000 + 300);
  if (process.env.ASSAY_TEST_MEASURE)
    console.log("kill to result, ms:", Math.round(performance.now() - killed));
  expect([final.number, final.worker, final.isFinal]).toEqual([2, heir.id, true]);
  expect((await ofSubject(subject))[0]).toMatchObject({ state: "infrastructure", isFinal: false });
  expect(await end(heir.child, "SIGTERM")).toBe(0);
  expect(await db.$count(workers, eq(workers.id, heir.id))).toBe(0);
});
