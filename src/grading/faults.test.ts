// The queue's tables are emptied, the connections drop. Every attempt ends, one result counts.
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { enqueue, reportOf, testReport } from "../../test/support/attempts.ts";
import { freshDatabase, freshQueue, testLanes, testLog } from "../../test/support/database.ts";
import { until } from "../../test/support/until.ts";
import { startAttempt } from "./attempts.ts";
import { sweep } from "./sweeper.ts";
import { attempts } from "./tables.ts";
import { Worker } from "./worker.ts";

const database = await freshDatabase();
const { db } = database;
const queue = await freshQueue(database);
const ofSubject = (subject: string) =>
  db.select().from(attempts).where(eq(attempts.subject, subject)).orderBy(attempts.number);
const isFinished = (subject: string, ms?: number) =>
  until("it is finished", async () => (await ofSubject(subject)).find((one) => one.state === "finished"), ms);

const jobCount = async () => Number((await database.sql`select count(*) as n from pgboss.job`)[0]?.n);

test.each([
  ["jobs deleted", "delete from pgboss.job"],
  ["jobs truncated", "truncate pgboss.job"],
  ["queues and jobs truncated", "truncate pgboss.queue cascade"],
])("%s: the sweeper sends what waits, once, and everything ends", async (_, emptying) => {
  const made = await Promise.all(Array.from({ length: 8 }, () => enqueue(database, queue)));
  const lost = await startAttempt(db, queue, { id: made[0]!.id, worker: made[0]!.id, teamSlots: 2 });
  await database.sql.unsafe(emptying);
  expect(await jobCount()).toBe(0);
  const options = { teamSlots: 2, log: testLog };
  const swept = await Promise.all([sweep(db, queue, options), sweep(db, queue, options)]);
  expect(swept[0].sent + swept[1].sent).toBe(7);
  expect(await sweep(db, queue, options)).toEqual({ abandoned: 0, sent: 0 });
  // The one that ran: its worker is gone, and so is its job.
  await database.sql`update attempts set touched_at = now() - interval '11 seconds' where id = ${lost!.id}`;
  expect(await sweep(db, queue, options)).toEqual({ abandoned: 1, sent: 0 });
  const grade = async () => reportOf([testReport(1)]);
  const worker = await Worker.start({
    database,
    queue,
    grade,
    lanes: testLanes,
    slots: 4,
    teamSlots: 2,
    log: testLog,
  });
  for (const { subject } of made) await isFinished(subject);
  await worker.drain();
});

test("a worker frozen inside a transaction keeps its attempt from nobody", async () => {
  const { id, subject } = await enqueue(database, queue);
  await startAttempt(db, queue, { id, worker: id, teamSlots: 2 });
  await database.sql`update attempts set touched_at = now() - interval '1 minute' where id = ${id}`;
  const frozen = db.transaction(async (tx) => {
    await tx.select().from(attempts).where(eq(attempts.id, id)).for("update");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });
  const refused = expect(frozen).rejects.toThrow();
  expect(await sweep(db, queue, { teamSlots: 2, log: testLog })).toMatchObject({ abandoned: 1 });
  expect((await ofSubject(subject)).map((one) => one.state)).toEqual(["infrastructure", "waiting"]);
  await refused;
});

test("the connections all drop: the worker hears of the next attempt all the same", async () => {
  const grade = async () => reportOf([testReport(1)]);
  const worker = await Worker.start({
    database,
    queue,
    grade,
    lanes: testLanes,
    slots: 1,
    teamSlots: 2,
    log: testLog,
  });
  await isFinished((await enqueue(database, queue)).subject);
  await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  const { subject } = await until("enqueued again", () => enqueue(database, queue).catch(() => null));
  // Each connection of our own pool finds out by a failure of its own.
  await until("it is finished", () =>
    isFinished(subject).then(
      () => true,
      () => false,
    ),
  );
  // Not only by polling: the channel is heard again.
  const begun = performance.now();
  await isFinished((await enqueue(database, queue)).subject);
  expect(performance.now() - begun).toBeLessThan(2500);
  await worker.drain();
});
