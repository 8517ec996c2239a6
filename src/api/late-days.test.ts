// Late days as rows: spent once and only where agreed, given back when they are not needed, whatever is killed.
import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { sessionViewer } from "../accounts/viewer.ts";
import { findAssignment } from "../assignments/assignments.ts";
import { transaction } from "../platform/database.ts";
import { lateDaysLeft } from "../scoring/late-days.ts";
import { settleLateDays } from "../submissions/late-days.ts";
import { lateDayEntries, submissionMembers, submissions } from "../submissions/tables.ts";
import { echoZip, must, testCourse } from "./testing/course.ts";
import { as, testServer } from "./testing/server.ts";

const server = await testServer();
const { db } = server.services;
const course = await testCourse(server);
const hour = 3_600_000;
const on = (ms: number) => new Date(Date.now() + ms).toISOString();

let made = 0;
async function assignment(dueIn: number, more: object = {}) {
  const json = {
    slug: `late-${++made}`,
    title: "L",
    state: "open",
    suiteVersionId: course.versionId,
    dueAt: on(dueIn),
    lateLastDay: 5,
    latePercentPerDay: 10,
    ...more,
  };
  return must(as(server, course.instructor, `/courses/${course.slug}/assignments`, { json }));
}
const budget = (kind: string, days: number) =>
  must(
    as(server, course.instructor, `/courses/${course.slug}/late-days/budgets/${kind}`, {
      method: "PUT",
      json: { days },
    }),
  );
const send = (id: string, text: string, acceptLate = 0, who = course.student) =>
  as(server, who, `/assignments/${id}/submissions?acceptLate=${acceptLate}`, {
    body: echoZip(text),
    type: "application/zip",
  });
const left = async (work: string, who = course.student) => {
  const { balances } = await must(as(server, who, `/courses/${course.slug}/late-days`));
  return balances.find((one: { work: string }) => one.work === work)?.left ?? 0;
};

test("nothing is spent that was not agreed to, and the refusal says what it would be", async () => {
  await budget("essay", 4);
  const { id } = await assignment(-3 * hour, { workKind: "essay" });
  const refused = await send(id, "# a\n");
  expect([refused.status, refused.body.error.code]).toEqual([409, "late_not_accepted"]);
  expect(refused.body.error.message).toMatch(/^(3|4) h late: 1 of your 4 late days\. .*--accept-late/);
  expect(await left("essay")).toBe(4);
  const claim = { json: { sha256: "b".repeat(64), bytes: 10 } };
  expect((await as(server, course.student, `/assignments/${id}/claims`, claim)).body.error.code).toBe(
    "late_not_accepted",
  );
  expect((await send(id, "# a\n", 1)).status).toBe(201);
  expect(await left("essay")).toBe(3);
  const { late } = await must(as(server, course.student, `/assignments/${id}`));
  expect(late).toMatchObject({ days: 1, charge: 0, percent: 0, left: 3 });
});

test("agreeing to one day does not agree to two", async () => {
  await budget("two", 4);
  const { id } = await assignment(-25 * hour, { workKind: "two" });
  expect((await send(id, "# a\n", 1)).body.error).toMatchObject({
    code: "late_not_accepted",
    params: { days: 2 },
  });
  expect((await send(id, "# a\n", 2)).status).toBe(201);
  expect(await left("two")).toBe(2);
});

test("a second late submission costs nothing more for the same days", async () => {
  await budget("again", 3);
  const { id } = await assignment(-hour, { workKind: "again" });
  for (const text of ["# a\n", "# b\n"]) expect((await send(id, text, 1)).status).toBe(201);
  expect(await left("again")).toBe(2);
});

test("a submission that is taken back gives its late day back", async () => {
  await budget("back", 2);
  const { id } = await assignment(-hour, { workKind: "back" });
  const { body } = await send(id, "# a\n", 1);
  expect(await left("back")).toBe(1);
  await must(as(server, course.student, `/attempts/${body.attempt.id}/cancel`, { method: "POST" }));
  expect(await left("back")).toBe(2);
});

test("whoever has none left is told so, and pays with points", async () => {
  await budget("poor", 0);
  const { id } = await assignment(-hour, { workKind: "poor" });
  const { message } = (await send(id, "# a\n")).body.error;
  expect(message).toContain("you have no late days left; 10 % of your points");
  expect((await send(id, "# a\n", 1)).status).toBe(201);
  expect(await left("poor")).toBe(0);
});

test("kinds of work have budgets of their own, and an assignment may take fewer", async () => {
  await budget("lab", 3);
  await budget("exam", 1);
  const lab = await assignment(-60 * hour, { workKind: "lab", lateDaysMost: 1 });
  const exam = await assignment(-hour, { workKind: "exam" });
  expect((await send(lab.id, "# a\n", 5)).status).toBe(201);
  expect((await send(exam.id, "# a\n", 5)).status).toBe(201);
  expect([await left("lab"), await left("exam")]).toEqual([2, 0]);
  const { body } = await as(server, course.student, `/assignments/${lab.id}`);
  expect(body.late).toMatchObject({ days: 3, percent: 20 });
});

test("many at once, some of whose connections are killed, spend what there is and no more", async () => {
  await budget("storm", 2);
  const works = [];
  for (let n = 0; n < 6; n++) works.push(await assignment(-hour, { workKind: "storm" }));
  let over = false;
  const killer = (async () => {
    while (!over) {
      await db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
        and state = 'idle in transaction' and pid <> pg_backend_pid() and random() < 0.5`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  })().catch(() => {});
  await Promise.all(works.map(({ id }, n) => send(id, `# storm ${n}\n`, 1).catch(() => null)));
  over = true;
  await killer;
  // Whoever was cut off tries again, as people do.
  for (const [n, { id }] of works.entries())
    expect((await send(id, `# storm ${n}\n`, 1)).status).toBeLessThan(300);
  const entries = await db.select().from(lateDayEntries).where(eq(lateDayEntries.work, "storm"));
  expect(lateDaysLeft(2, entries)).toBe(0);
  expect(await left("storm")).toBe(0);
  expect(entries.filter(({ kind }) => kind === "charge")).toHaveLength(2);
  const charged = new Set(entries.map(({ submissionId }) => submissionId));
  const there = await db.select({ id: submissions.id }).from(submissions);
  for (const id of charged) expect(there.some((row) => row.id === id)).toBe(true);
});

test("settling the book of a member who did not press the button leaves what the group's work costs", async () => {
  await budget("team", 2);
  const { id } = await assignment(-3 * hour, { workKind: "team" });
  const work = await must(send(id, "# of two\n", 1));
  const other = { submissionId: work.id, personId: course.other.id };
  await db.insert(submissionMembers).values(other);
  const charge = { ...other, work: "team", kind: "charge" as const, days: 1 };
  const access = await findAssignment(db, sessionViewer(course.instructor), id);
  await db.insert(lateDayEntries).values({ ...charge, courseId: access.course.id, assignmentId: id });
  const back = await transaction(db, (tx) => settleLateDays(tx, access, course.other.id, "looked", null));
  expect([back, await left("team", course.other)]).toEqual([0, 1]);
});
