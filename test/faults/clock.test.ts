// The clock of server and worker is put forward and back, by more than any deadline or lease. Deadlines are kept by a
// clock that cannot jump, dates by the database's.
import { setTimeout as pause } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { echoZip, handIn, testCourse } from "../../src/api/testing/course.ts";
import { as, testServer } from "../../src/api/testing/server.ts";
import { attempts } from "../../src/grading/tables.ts";
import { Worker } from "../../src/grading/worker.ts";
import { databaseNow } from "../../src/platform/time.ts";
import { submissions } from "../../src/submissions/tables.ts";
import { reportOf, testReport } from "../support/attempts.ts";
import { freshQueue, testLanes, testLog } from "../support/database.ts";
import { until } from "../support/until.ts";

const server = await testServer();
const course = await testCourse(server);
const { db } = server.services;
const database = server.owner.as("worker");
const queue = await freshQueue(database);
const DAY_MS = 86_400_000;
const jump = (days: number) => vi.setSystemTime(Date.now() + days * DAY_MS);

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

test.each([
  ["forward", 400],
  ["back", -400],
])("put %s: what is handed in is dated by the database, and signs of life still count", async (_, days) => {
  jump(days);
  const before = await databaseNow(db);
  const made = await handIn(server, course.student, course.assignmentId, echoZip(`# ${days}\n`));
  const [row] = await db.select().from(submissions).where(eq(submissions.id, made.id));
  expect(row!.receivedAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(row!.receivedAt.getTime()).toBeLessThanOrEqual((await databaseNow(db)).getTime());
});

test("put forward and back in the middle of an upload: it is received whole", async () => {
  const zip = echoZip("# in pieces\n");
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      jump(sent === 0 ? 1 : -2);
      await pause(1100);
      controller.enqueue(zip.subarray(sent, sent + 100));
      sent += 100;
      if (sent >= zip.length) controller.close();
    },
  });
  const response = await server.app.request(`/api/v1/assignments/${course.assignmentId}/submissions`, {
    method: "POST",
    headers: { authorization: `Bearer ${course.other.token}`, "content-type": "application/zip" },
    body,
    duplex: "half",
  } as RequestInit);
  expect([response.status, sent >= zip.length]).toEqual([201, true]);
});

test("put forward and back while a worker grades: it keeps its attempt, and one result counts", async () => {
  const { id } = await handIn(server, course.student, course.assignmentId, echoZip("# graded\n"));
  const worker = await Worker.start({
    database,
    queue,
    lanes: testLanes,
    slots: 4,
    teamSlots: 4,
    log: testLog,
    grade: async () => {
      jump(1);
      await pause(4500);
      jump(-2);
      return reportOf([testReport(1)]);
    },
  });
  await until(
    "it is graded",
    async () => {
      const rows = await db.select().from(attempts).where(eq(attempts.subject, id));
      return rows.some(({ state }) => state === "finished");
    },
    15_000,
  );
  await worker.drain();
  const rows = await db.select().from(attempts).where(eq(attempts.subject, id));
  expect(rows.map(({ state, isFinal }) => [state, isFinal])).toEqual([["finished", true]]);
  const { status } = await as(server, course.student, `/submissions/${id}/report`);
  expect(status).toBe(200);
});
