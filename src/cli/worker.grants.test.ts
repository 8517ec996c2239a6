// Everything that a worker's process asks of the database, with the worker's grants only.
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { freshQueue } from "../../test/support/database.ts";
import { until } from "../../test/support/until.ts";
import { handIn, must, testCourse } from "../api/testing/course.ts";
import { reportOf, resultOf } from "../api/testing/grade.ts";
import { as, testServer } from "../api/testing/server.ts";
import { openSuites } from "../assignments/open-suites.ts";
import { Worker } from "../grading/worker.ts";
import { sqlState, transaction } from "../platform/database.ts";
import { createLogger } from "../platform/log.ts";
import { endedHandlers } from "./worker.ts";

const server = await testServer();
const course = await testCourse(server);
const database = server.owner.as("worker");
const { sql } = server.owner;

test("the connection is the worker's: it may not even count people", async () => {
  const refused = await database.sql`select count(*) from people`.catch(sqlState);
  expect(refused).toBe("42501");
});

test("it sees which suites to keep sandboxes ready for", async () => {
  expect(await openSuites(database.db)).toHaveLength(1);
});

test("it grades, tells every room of the end, and logs nothing that the database denied", async () => {
  // Published without a proof: what its tests are is learned from the first grading.
  await sql`update suite_versions set tests = null where id = ${course.versionId}`;
  const complaints: string[] = [];
  const log = createLogger("warn", {}, { write: (line: string) => complaints.push(line) } as never);
  const tests = [resultOf("test_seen"), resultOf("test_hidden")];
  const queue = await freshQueue(database);
  const worker = await Worker.start({
    database,
    queue,
    grade: async (_, { onTest }) => {
      for (const each of tests) onTest(each);
      return reportOf(tests);
    },
    lanes: ["cpu"],
    slots: 2,
    teamSlots: 2,
    log,
    onEnded: endedHandlers(queue),
  });
  const { id } = await handIn(server, course.student, course.assignmentId);
  const announced = () =>
    sql`select 1 from attempts where subject = ${id} and announced_at is not null`.then((rows) => rows[0]);
  await until("the end is announced", announced);
  await worker.drain();
  const [version] =
    await sql`select jsonb_array_length(tests) as n from suite_versions where id = ${course.versionId}`;
  expect(version?.n).toBe(2);
  const seen = await must(as(server, course.student, `/submissions/${id}/report`));
  expect(seen.attempt.state).toBe("finished");
  expect(complaints).toEqual([]);
});

test("it makes a queue again whose row somebody deleted", async () => {
  const queue = await freshQueue(database);
  await sql`truncate pgboss.queue cascade`;
  await queue.repair();
  await queue.repair();
  expect(await queue.fetch("cpu", 1)).toEqual([]);
  await transaction(database.db, (tx) => queue.send(tx, { id: randomUUID(), lane: "cpu", priority: 0 }));
  expect(await queue.fetch("cpu", 1)).toHaveLength(1);
});
