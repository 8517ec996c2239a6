import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { enqueue } from "../../test/support/attempts.ts";
import { freshDatabase, freshQueue } from "../../test/support/database.ts";
import { until } from "../../test/support/until.ts";
import { end, startWorkerProcess } from "../../test/support/worker-children.ts";
import { attempts, testResults } from "./tables.ts";

const database = await freshDatabase();
const { db } = database;
const queue = await freshQueue(database);
const ofSubject = (subject: string) =>
  db.select().from(attempts).where(eq(attempts.subject, subject)).orderBy(attempts.number);
const isFinished = (subject: string, ms?: number) =>
  until("it is finished", async () => (await ofSubject(subject)).find((one) => one.state === "finished"), ms);
const isRunning = (subject: string) =>
  until("it runs", async () => (await ofSubject(subject)).find((one) => one.state === "running"));

test("a worker stopped beyond its lease and woken changes nothing", { timeout: 60_000 }, async () => {
  const sleeper = await startWorkerProcess(database.url, 2500);
  const { subject } = await enqueue(database, queue);
  const first = await isRunning(subject);
  sleeper.child.kill("SIGSTOP");
  const heir = await startWorkerProcess(database.url, 0);
  const final = await isFinished(subject, 16_000);
  const before = await db.select().from(testResults);
  sleeper.child.kill("SIGCONT");
  // It is awake, and has done with what it held, when it drains.
  expect(await end(sleeper.child, "SIGTERM")).toBe(0);
  expect((await ofSubject(subject)).map((one) => [one.number, one.state, one.worker])).toEqual([
    [1, "infrastructure", sleeper.id],
    [2, "finished", heir.id],
  ]);
  expect(await db.select().from(testResults)).toEqual(before);
  expect([final.number, first.worker]).toEqual([2, sleeper.id]);
});
