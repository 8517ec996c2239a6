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
const settings = { killed: await setting(), stopped: await setting(), rolled: await setting() };

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

test.concurrent("workers replaced one by one under load: nothing is graded twice, nothing is left", {
  timeout: 60_000,
}, async () => {
  const { database, db, queue, inState } = settings.rolled;
  const old = [await start(), await start()];
  const subjects: string[] = [];
  for (let i = 0; i < 8; i++) subjects.push((await enqueue(database, queue)).subject);
  await inState(subjects[0]!, "running");
  const fresh: string[] = [];
  for (const worker of old) {
    fresh.push((await start()).id);
    // More than the old ones have room for, however long the new one took to start.
    for (let i = 0; i < 4; i++) subjects.push((await enqueue(database, queue)).subject);
    expect(await end(worker.child, "SIGTERM")).toBe(0);
  }
  for (const subject of subjects) await inState(subject, "finished", 20_000);
  const rows = await db.select().from(attempts);
  expect(rows.map(({ number, state, isFinal }) => [number, state, isFinal])).toEqual(
    subjects.map(() => [1, "finished", true]),
  );
  // The old ones ended what they had, and what waited went to the new ones.
  const graders = new Set(rows.map(({ worker }) => worker));
  for (const { id } of old) expect(graders).toContain(id);
  expect(fresh.some((id) => graders.has(id))).toBe(true);
  function start() {
    return startWorkerProcess(database.roles.worker, 900);
  }
});
