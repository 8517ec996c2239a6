// A database behind a slow network, and one behind a network that stands still for longer than the database keeps a
// silent transaction. Answers are right or say to try again; nothing is lost and nothing twice.
import { afterAll, expect, test } from "vitest";
import { echoZip, must, testCourse } from "../../src/api/testing/course.ts";
import { as, testServer } from "../../src/api/testing/server.ts";
import { attempts } from "../../src/grading/tables.ts";
import { Worker } from "../../src/grading/worker.ts";
import { openDatabase } from "../../src/platform/database.ts";
import { openQueue } from "../../src/platform/queue.ts";
import { submissions } from "../../src/submissions/tables.ts";
import { reportOf, testReport } from "../support/attempts.ts";
import { freshDatabase, testLanes, testLog } from "../support/database.ts";
import { until } from "../support/until.ts";
import { slowPathTo } from "./proxy.ts";

/** Above the database's own limit for a silent transaction (platform/database.ts). */
const STANDS_STILL_MS = 6500;

const direct = await freshDatabase();
const path = await slowPathTo(direct.url);
const behind = (role: "web" | "worker") =>
  openDatabase(path.through(direct.roles[role]), { connections: 6, name: `slow ${role}` });
const slow = { web: behind("web"), worker: behind("worker") };
const server = await testServer({ owner: direct, web: slow.web });
const course = await testCourse(server);
const queue = await openQueue(slow.worker.url, { lanes: testLanes, log: testLog });
const worker = await Worker.start({
  database: slow.worker,
  queue,
  lanes: testLanes,
  slots: 2,
  teamSlots: 2,
  log: testLog,
  grade: async () => reportOf([testReport(1)]),
});
afterAll(async () => {
  await worker.drain();
  await queue.stop();
  await slow.worker.close();
  await slow.web.close();
  await path.close();
});

const assignment = `/assignments/${course.assignmentId}`;
await must(as(server, course.instructor, assignment, { method: "PATCH", json: { cooldownSeconds: 0 } }));

/** The same bytes for the same key: a ZIP holds the time at which it was made. */
const zips = new Map<string, Buffer>();
const zipFor = (key: string) => {
  const zip = zips.get(key) ?? echoZip(`# ${key}\n`);
  zips.set(key, zip);
  return zip;
};
const handIn = (key: string) =>
  as(server, course.student, `${assignment}/submissions`, {
    body: zipFor(key),
    type: "application/zip",
    headers: { "idempotency-key": key },
  });

/** Asked directly: how each submission's attempts ended. */
async function results() {
  const rows = await direct.db.select().from(attempts);
  const made = await direct.db.select({ id: submissions.id }).from(submissions);
  return made.map(({ id }) => rows.filter(({ subject, isFinal }) => subject === id && isFinal).length);
}
const allGraded = (count: number) =>
  until(
    "all are graded",
    async () => {
      const finals = await results();
      return finals.length === count && finals.every((n) => n === 1);
    },
    40_000,
  );

test("a tenth of a second each way: everything takes longer, and is right", { timeout: 60_000 }, async () => {
  path.delayMs = 50;
  const answers = await Promise.all(["a", "b", "c"].map(handIn));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  await allGraded(3);
  path.delayMs = 0;
});

test("it stands still in the middle: 201, or 503 in words; sent again with its key, each is there once", {
  timeout: 90_000,
}, async () => {
  path.delayMs = 15;
  const keys = Array.from({ length: 8 }, (_, n) => `still-${n}`);
  const asked = keys.map((key, n) =>
    new Promise((resolve) => setTimeout(resolve, n * 60)).then(() => handIn(key)),
  );
  setTimeout(() => path.standStill(true), 350);
  setTimeout(() => path.standStill(false), 350 + STANDS_STILL_MS);
  const answers = await Promise.all(asked);
  const told = answers.map(({ status, body }) => (status === 201 ? "201" : `${status} ${body.error?.code}`));
  const unclear = told.filter(
    (answer) => !["201", "503 unavailable", "429 too_many_uploads"].includes(answer),
  );
  expect(unclear).toEqual([]);
  for (const key of keys) expect([200, 201]).toContain((await handIn(key)).status);
  await allGraded(3 + keys.length);
});
