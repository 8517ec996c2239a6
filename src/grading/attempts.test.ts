import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { enqueue, newAttempt, reportOf, testReport } from "../../test/support/attempts.ts";
import { freshDatabase, freshQueue } from "../../test/support/database.ts";
import { transaction, violates } from "../platform/database.ts";
import {
  type ClaimedAttempt,
  cancelWaiting,
  enqueueAttempt,
  failInfrastructure,
  findAttempt,
  startAttempt,
} from "./attempts.ts";
import { finishAttempt, recordResults } from "./results.ts";
import { type Attempt, attempts, testResults } from "./tables.ts";

const database = await freshDatabase();
const { db } = database;
const queue = await freshQueue(database);
const jobs = async (id: string) =>
  (await database.sql`select state from pgboss.job where id = ${id}`).map((job) => job.state);
const start = (id: string, teamSlots = 100) =>
  startAttempt(db, queue, { id, worker: randomUUID(), teamSlots });
const started = async (given: Parameters<typeof newAttempt>[0] = {}) => {
  const attempt = await enqueue(database, queue, given);
  return (await start(attempt.id)) as ClaimedAttempt;
};
const ofSubject = (subject: string) =>
  db.select().from(attempts).where(eq(attempts.subject, subject)).orderBy(attempts.number);
const resultsOf = (id: string) => db.select().from(testResults).where(eq(testResults.attemptId, id));

test("row and job are there together", async () => {
  const { id, state, number } = await enqueue(database, queue);
  expect([state, number, await jobs(id)]).toEqual(["waiting", 1, ["created"]]);
});

test("a transaction undone leaves neither row nor job", async () => {
  let made: Attempt | undefined;
  const undone = transaction(db, async (tx) => {
    made = await enqueueAttempt(tx, queue, newAttempt());
    throw new Error("intake failed after all");
  });
  await expect(undone).rejects.toThrow("intake failed");
  expect([await findAttempt(db, made!.id), await jobs(made!.id)]).toEqual([undefined, []]);
});

test("a job that the queue does not take undoes the row", async () => {
  const subject = randomUUID();
  await expect(enqueue(database, queue, { subject, lane: "nowhere" })).rejects.toThrow("no lane nowhere");
  expect(await ofSubject(subject)).toEqual([]);
});

test("of two at once for one subject and run, one is made", async () => {
  const same = { subject: randomUUID() };
  const both = await Promise.allSettled([enqueue(database, queue, same), enqueue(database, queue, same)]);
  const refused = both.find((one) => one.status === "rejected");
  expect(both.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  expect(["attempts_open", "attempts_number"].some((index) => violates(refused?.reason, index))).toBe(true);
});

test("an attempt is started once", async () => {
  const { id } = await enqueue(database, queue);
  const [one, other] = await Promise.all([start(id), start(id)]);
  expect([one, other].filter(Boolean)).toHaveLength(1);
});

test("a finished attempt has its report, its results in the suite's order, and no job", async () => {
  const { id, token } = await started();
  const tests = [testReport(2, { score: 50 }), testReport(1)];
  expect(await finishAttempt(db, queue, token, reportOf(tests))).toBe(true);
  expect(await findAttempt(db, id)).toMatchObject({ state: "finished", score: 150, max: 200, isFinal: true });
  const rows = (await resultsOf(id)).sort((a, b) => a.position - b.position);
  expect(rows.map((row) => [row.position, row.result])).toEqual([
    [1, tests[1]],
    [2, tests[0]],
  ]);
  expect(await jobs(id)).toEqual([]);
});

test("text that PostgreSQL refuses is stored with a replacement, never refused", async () => {
  const { id, token } = await started();
  const nasty = testReport(1, { stdout: "a\0b\ud800", extra: { "\0": ["\0"] } });
  expect(await recordResults(db, token, [{ position: 1, result: nasty }])).toBe(true);
  expect(await finishAttempt(db, queue, token, reportOf([nasty]))).toBe(true);
  expect((await resultsOf(id))[0]?.result.stdout).toBe("a\ufffdb\ufffd");
});

test("artifacts are rows with the results, and go when the report has another", async () => {
  const { id, token } = await started();
  const made = { name: "plot", mediaType: "image/png", caption: null, blob: "c".repeat(64), bytes: 5 };
  await recordResults(db, token, [{ position: 7, result: testReport(7, { artifacts: [made] }) }]);
  const blobs = () => database.sql`select position, blob from artifacts where attempt_id = ${id}`;
  expect(await blobs()).toMatchObject([{ position: 7, blob: made.blob }]);
  await finishAttempt(
    db,
    queue,
    token,
    reportOf([testReport(1, { artifacts: [{ ...made, blob: "d".repeat(64) }] })]),
  );
  expect(await blobs()).toMatchObject([{ position: 1, blob: "d".repeat(64) }]);
});

test("a token that no longer counts writes nothing", async () => {
  const { id, subject, token } = await started();
  await failInfrastructure(db, queue, token, "the worker was thought dead");
  const [, next] = await ofSubject(subject);
  const successor = (await start(next!.id)) as ClaimedAttempt;
  const late = reportOf([testReport(1, { score: 0 })]);
  expect(await recordResults(db, token, [{ position: 1, result: testReport(1) }])).toBe(false);
  expect(await finishAttempt(db, queue, token, late)).toBe(false);
  expect(await failInfrastructure(db, queue, token, "again")).toBe(null);
  expect(await resultsOf(id)).toEqual([]);
  expect(await findAttempt(db, successor.id)).toMatchObject({ state: "running", token: successor.token });
  expect(await jobs(successor.id)).toEqual(["created"]);
  expect(await finishAttempt(db, queue, successor.token, reportOf([testReport(1)]))).toBe(true);
  expect((await ofSubject(subject)).map((one) => [one.state, one.isFinal])).toEqual([
    ["infrastructure", false],
    ["finished", true],
  ]);
});

test("three faults of ours, then a person looks; a new try of the same run begins to count anew", async () => {
  const { subject } = await started();
  for (const wanted of ["infrastructure", "infrastructure", "needs_attention"]) {
    const open = (await ofSubject(subject)).at(-1)!;
    if (open.state === "waiting") await start(open.id);
    const { token } = (await findAttempt(db, open.id))!;
    expect(await failInfrastructure(db, queue, token!, `fault ${open.number}`)).toBe(wanted);
  }
  const ended = await ofSubject(subject);
  expect(ended.map((one) => [one.number, one.state, one.fault])).toEqual([
    [1, "infrastructure", "fault 1"],
    [2, "infrastructure", "fault 2"],
    [3, "needs_attention", "fault 3"],
  ]);
  const again = (await start((await enqueue(database, queue, { subject })).id)) as ClaimedAttempt;
  expect(again.number).toBe(4);
  expect(await failInfrastructure(db, queue, again.token, "still")).toBe("infrastructure");
});

test("deaths of workers and engine are no fault of the attempt: the tenth is left to a person, and own faults count apart", async () => {
  const { subject, token } = await started();
  const states = [await failInfrastructure(db, queue, token, "the suite failed")];
  for (let n = 1; n <= 10; n++) {
    const open = (await ofSubject(subject)).find((one) => one.state === "waiting")!;
    const again = (await start(open.id)) as ClaimedAttempt;
    states.push(await failInfrastructure(db, queue, again.token, "its worker stopped answering", true));
  }
  expect(states).toEqual([...Array(10).fill("infrastructure"), "needs_attention"]);
});

test("a repeated attempt goes ahead of its equals", async () => {
  const { subject, token, priority } = await started();
  await failInfrastructure(db, queue, token, "engine gone");
  expect((await ofSubject(subject))[1]?.priority).toBe(priority + 1);
});

test("only one result of a subject and run counts", async () => {
  const subject = randomUUID();
  for (const score of [10, 20]) {
    const { token } = await started({ subject });
    await finishAttempt(db, queue, token, reportOf([testReport(1, { score })]));
  }
  const rerun = await started({ subject, run: "rerun-1" });
  await finishAttempt(db, queue, rerun.token, reportOf([testReport(1)]));
  expect((await ofSubject(subject)).map((one) => [one.run, one.score, one.isFinal]).sort()).toEqual([
    ["rerun-1", 100, true],
    ["submit", 10, true],
    ["submit", 20, false],
  ]);
  const second = db.update(attempts).set({ isFinal: true }).where(eq(attempts.subject, subject));
  const error = await second.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(violates(error, "attempts_final")).toBe(true);
});

test("what waits can be withdrawn, what runs cannot", async () => {
  const waiting = await enqueue(database, queue);
  expect(await cancelWaiting(db, queue, waiting.id)).toBe(true);
  expect([(await findAttempt(db, waiting.id))?.state, await jobs(waiting.id)]).toEqual(["cancelled", []]);
  expect(await start(waiting.id)).toBe(null);
  const running = await started();
  expect(await cancelWaiting(db, queue, running.id)).toBe(false);
});

test("a team's cap holds under ten claims at once, and an end lets the next one go", async () => {
  const team = randomUUID();
  const made: Attempt[] = [];
  for (let n = 0; n < 10; n++) made.push(await enqueue(database, queue, { team }));
  const running = (await Promise.all(made.map(({ id }) => start(id, 2)))).filter((one) => one !== null);
  expect(running).toHaveLength(2);
  const live = async () =>
    (await Promise.all(made.map(async ({ id }) => (await jobs(id)).length))).reduce((sum, n) => sum + n, 0);
  // Those two keep theirs; these were never fetched, so no worker's heartbeat is on them.
  expect(await live()).toBe(2);
  await finishAttempt(db, queue, running[0]!.token, reportOf([]));
  expect(await live()).toBe(2);
  const freed = await db.execute<{ id: string }>(
    sql`select j.id from pgboss.job j join attempts a on a.id = j.id where a.team = ${team} and a.state = 'waiting'`,
  );
  expect(await start(freed[0]!.id, 2)).not.toBe(null);
});

test("fewer waiting goes first: a student who submits four times, a big course, a batch", async () => {
  await database.sql`delete from pgboss.job`;
  await database.sql`delete from attempts`;
  const name = new Map<string, string>();
  const add = async (as: string, given: Partial<Parameters<typeof newAttempt>[0]>) => {
    name.set((await enqueue(database, queue, given)).id, as);
  };
  for (const n of [1, 2]) await add(`regrade ${n}`, { crowd: "small", batch: true });
  for (const n of [1, 2, 3, 4]) await add(`eager ${n}`, { team: "eager", crowd: "big" });
  for (const n of [1, 2, 3]) await add(`big ${n}`, { crowd: "big" });
  await add("small 1", { crowd: "small" });
  const order = [];
  for (let ids = await queue.fetch("cpu", 1); ids.length > 0; ids = await queue.fetch("cpu", 1))
    order.push(...ids);
  expect(order.map((id) => name.get(id))).toEqual([
    "eager 1",
    "small 1",
    "big 1",
    "big 2",
    "big 3",
    "eager 2",
    "eager 3",
    "eager 4",
    "regrade 1",
    "regrade 2",
  ]);
});
