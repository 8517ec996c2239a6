// Workers as processes of their own, killed and stopped. Both tests wait for a lease to end, so they run side by
// side, each with a database of its own.
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { enqueue } from "../../test/support/attempts.ts";
import { freshDatabase, freshQueue } from "../../test/support/database.ts";
import { until } from "../../test/support/until.ts";
import { end, startWorkerProcess } from "../../test/support/worker-children.ts";
import { attempts, testResults, workers } from "./tables.ts";

async function setting() {
  const database = await freshDatabase();
  const queue = await freshQueue(database);
  const { db } = database;
  const ofSubject = (subject: string) =>
    db.select().from(attempts).where(eq(attempts.subject, subject)).orderBy(attempts.number);
  const inState = (subject: string, state: string, ms?: number) =>
    until(`it is ${state}`, async () => (await ofSubject(subject)).find((one) => one.state === state), ms);
  return { database, db, queue, ofSubject, inState };
}
const settings = { killed: await setting(), stopped: await setting() };

test.concurrent("a worker killed in the middle: another finishes within 15 s", {
  timeout: 60_000,
}, async () => {
  const { database, db, queue, ofSubject, inState } = settings.killed;
  const doomed = await startWorkerProcess(database.roles.worker, 60_000);
  const { subject } = await enqueue(database, queue);
  const first = await inState(subject, "running");
  await until("its first result", () => db.$count(testResults, eq(testResults.attemptId, first.id)));
  const heir = await startWorkerProcess(database.roles.worker, 300);
  const killed = performance.now();
  await end(doomed.child, "SIGKILL");
  const final = await inState(subject, "finished", 15_000 + 300);
  if (process.env.ASSAY_TEST_MEASURE)
    console.log("kill to result, ms:", Math.round(performance.now() - killed));
  expect([final.number, final.worker, final.isFinal]).toEqual([2, heir.id, true]);
  expect((await ofSubject(subject))[0]).toMatchObject({ state: "infrastructure", isFinal: false });
  expect(await end(heir.child, "SIGTERM")).toBe(0);
  expect(await db.$count(workers, eq(workers.id, heir.id))).toBe(0);
});

test.concurrent("a worker stopped beyond its lease and woken changes nothing", {
  timeout: 60_000,
}, async () => {
  const { database, db, queue, ofSubject, inState } = settings.stopped;
  const sleeper = await startWorkerProcess(database.roles.worker, 2500);
  const { subject } = await enqueue(database, queue);
  const first = await inState(subject, "running");
  sleeper.child.kill("SIGSTOP");
  const heir = await startWorkerProcess(database.roles.worker, 0);
  const final = await inState(subject, "finished", 16_000);
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
