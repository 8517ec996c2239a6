// Regrade requests through the API: who may ask about what and when, who answers, what an answer does.
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { auditLog } from "../accounts/tables.ts";
import { regradeRequests } from "../review/tables.ts";
import { adjustments } from "../submissions/tables.ts";
import { echoZip, handIn, must, testCourse } from "./testing/course.ts";
import { begin, finish, record, resultOf } from "./testing/grade.ts";
import { as, somebody, type TestPerson, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const { db } = server.services;
const a = `/assignments/${course.assignmentId}`;
const second: TestPerson = await somebody(server);
let id: string;
const ask = (target: string, wish: object = {}, who: TestPerson = course.student, of = id) =>
  as(server, who, `/submissions/${of}/regrade-requests`, {
    json: { kind: "test", target, reason: "The sheet says that this is right.", ...wish },
  });
const change = (json: object) => must(as(server, course.instructor, a, { method: "PATCH", json }));
const code = ({ status, body }: Awaited<ReturnType<typeof ask>>) => [status, body.error?.code];
const answer = (who: TestPerson, request: string, json: object) =>
  as(server, who, `/regrade-requests/${request}/answer`, { json: { words: "I looked again.", ...json } });

async function graded(): Promise<string> {
  const zip = echoZip(`# ${crypto.randomUUID()}\n`);
  const work = await handIn(server, course.student, course.assignmentId, zip);
  const token = await begin(server, work.attempt.id);
  const tests = ["test_seen", "test_hidden", "test_late"].map((name) => resultOf(name));
  await record(server, token, tests);
  await finish(server, token, tests);
  return work.id;
}

beforeAll(async () => {
  id = await graded();
  const csv = `email,name,role\n${second.email},Second,ta\n`;
  await must(
    as(server, course.instructor, `/courses/${course.slug}/roster`, { body: csv, type: "text/csv" }),
  );
});

test("nothing is asked before the results are published, nor without a window, nor after it", async () => {
  expect(code(await ask("test_seen"))).toEqual([409, "regrade_not_yet"]);
  await change({ resultsPublishedAt: "2026-01-01T00:00:00Z", regradeDays: null });
  expect(code(await ask("test_seen"))).toEqual([409, "no_regrades"]);
  await change({ regradeDays: 7 });
  const late = await ask("test_seen");
  expect(code(late)).toEqual([409, "regrade_over"]);
  expect(late.body.error.message).toContain("2026-01-08");
  await change({ resultsPublishedAt: new Date().toISOString() });
});

test("a student asks about what they see, and about nothing hidden", async () => {
  expect(code(await ask("test_hidden"))).toEqual([422, "regrade_no_target"]);
  expect(code(await ask("test_of_nobody"))).toEqual([422, "regrade_no_target"]);
  expect(code(await ask("clarity", { kind: "item" }))).toEqual([422, "regrade_no_target"]);
  expect(code(await ask("test_seen", { reason: "why" }))).toEqual([422, "regrade_reason"]);
  expect(code(await ask("test_seen", {}, course.other))).toEqual([404, "not_found"]);
  expect(code(await ask("test_seen", {}, course.ta))).toEqual([404, "not_found"]);
  const asked = await ask("test_seen");
  expect(asked.status).toBe(201);
  expect(code(await ask("test_seen"))).toEqual([409, "regrade_twice"]);
});

test("what was taken back may be asked again", async () => {
  const [row] = await db.select().from(regradeRequests).where(eq(regradeRequests.submissionId, id));
  const withdraw = (who: TestPerson) =>
    as(server, who, `/regrade-requests/${row!.id}/withdraw`, { method: "POST" });
  expect((await withdraw(course.other)).status).toBe(404);
  expect((await withdraw(course.ta)).status).toBe(404);
  expect((await withdraw(course.student)).status).toBe(204);
  expect(code(await withdraw(course.student))).toEqual([409, "regrade_closed"]);
  expect((await ask("test_seen")).status).toBe(201);
});

test("another person than the one who graded answers, once, and what they give is an adjustment", async () => {
  await db
    .insert(adjustments)
    .values({ submissionId: id, points: -100, reason: "style", madeBy: course.ta.id });
  const queue = await must(as(server, course.ta, `/courses/${course.slug}/regrade-requests`));
  const [{ id: request }] = queue.items;
  const accept = { outcome: "accepted", points: 250 };
  expect(code(await answer(course.ta, request, accept))).toEqual([403, "regrade_other_person"]);
  expect(code(await answer(course.student, request, accept))).toEqual([404, "not_found"]);
  expect(code(await answer(second, request, { outcome: "accepted" }))).toEqual([422, "regrade_answer"]);
  expect(code(await answer(second, request, { outcome: "refused", points: 100 }))).toEqual([
    422,
    "regrade_answer",
  ]);
  const answered = await answer(second, request, accept);
  expect(answered.body).toMatchObject({ state: "accepted", points: 250, answer: "I looked again." });
  expect(code(await answer(second, request, { outcome: "refused" }))).toEqual([409, "regrade_closed"]);
  const given = await db.select().from(adjustments).where(eq(adjustments.madeBy, second.id));
  expect(given).toMatchObject([{ points: 250, reason: "I looked again.", submissionId: id }]);
  const logged = await db.select().from(auditLog).where(eq(auditLog.subjectId, request));
  expect(logged.map(({ action }) => action)).toEqual(["regrade.asked", "regrade.answered"]);
});

test("two answers at once are one", async () => {
  await server.owner.db.delete(regradeRequests);
  await server.owner.db.delete(adjustments);
  const { body } = await ask("test_seen");
  const both = await Promise.all(
    [1, 2].map(() => answer(second, body.id, { outcome: "accepted", points: 100 })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test("our fault gives the attempt back", async () => {
  await change({ attemptsTotal: 2 });
  const left = async () => (await must(as(server, course.student, a))).attemptsLeft;
  const mine = await graded();
  expect(await left()).toBe(0);
  const { body } = await ask("test_seen", {}, course.student, mine);
  await must(answer(second, body.id, { outcome: "ours" }));
  expect(await left()).toBe(1);
});

test("our fault gives the late days back, once, and the lateness stays paid for", async () => {
  const budget = { method: "PUT", json: { days: 3 } };
  await must(as(server, course.instructor, `/courses/${course.slug}/late-days/budgets/homework`, budget));
  const yesterday = new Date(Date.now() - 3_600_000).toISOString();
  await change({ attemptsTotal: null, dueAt: yesterday, lateLastDay: 5, latePercentPerDay: 10 });
  const zip = { body: echoZip("# late\n"), type: "application/zip" };
  const late = await must(as(server, course.student, `${a}/submissions?acceptLate=1`, zip));
  const token = await begin(server, late.attempt.id);
  await record(server, token, [resultOf("test_seen")]);
  await finish(server, token, [resultOf("test_seen")]);
  const left = async () =>
    (await must(as(server, course.student, `/courses/${course.slug}/late-days`))).balances[0].left;
  expect(await left()).toBe(2);
  const { body } = await ask("test_seen", {}, course.student, late.id);
  await must(answer(second, body.id, { outcome: "ours" }));
  expect(await left()).toBe(3);
  const report = await must(as(server, course.student, `/submissions/${late.id}/report`));
  expect(report.late).toMatchObject({ days: 1, penalty: 0 });
  // Another date that makes it on time gives nothing back once more.
  const until = {
    method: "PUT",
    json: { dueAt: new Date(Date.now() + 86_400_000).toISOString(), reason: "ill" },
  };
  await must(as(server, course.instructor, `${a}/extensions/${course.student.id}`, until));
  expect(await left()).toBe(3);
  await change({ dueAt: null });
});

test("a published grade has a record: what was run, hashes, points, who and when; the seed only for staff", async () => {
  const path = `/submissions/${id}/record`;
  const mine = await as(server, course.student, path);
  expect(mine.headers.get("content-disposition")).toContain("record.json");
  expect(mine.body).toMatchObject({
    submission: { submission: id, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    files: [{ path: "echo.py", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    run: { suite: "echo", imageDigests: { student: "sha256:s" }, seed: null },
    adjustments: [{ points: 100, reason: "I looked again.", by: null }],
    regrades: [{ state: "accepted", answer: "I looked again." }],
  });
  const staff = await must(as(server, course.ta, path));
  const seed = Buffer.from(staff.run.seed, "hex");
  expect(createHash("sha256").update(seed).digest("hex")).toBe(mine.body.run.seedSha256);
  expect(staff.adjustments[0].by).toBe(second.name);
  const names = (tests: { name: string }[]) => tests.map(({ name }) => name);
  expect(names(staff.tests)).toContain("test_hidden");
  expect(names(mine.body.tests)).not.toContain("test_hidden");
  expect(mine.body.sum.tests + 100).toBe(mine.body.sum.total);
  expect((await as(server, course.other, path)).status).toBe(404);
});

test("while results are held, so is the answer", async () => {
  await change({ resultsPublishedAt: null });
  const seen = async (who: TestPerson) => {
    const { items } = await must(as(server, who, `/submissions/${id}/regrade-requests`));
    return items.map(({ state, points, answer }: Record<string, unknown>) => [state, points, answer]);
  };
  expect(await seen(course.student)).toEqual([["open", 0, ""]]);
  expect(await seen(course.ta)).toEqual([["accepted", 100, "I looked again."]]);
});

test("flags wait until somebody says what they came to, claims are taken and given back", async () => {
  const queue = async () => (await must(as(server, second, `/courses/${course.slug}/queue`))).flagged;
  const flagged = await queue();
  expect(flagged.map(({ submissionId }: { submissionId: string }) => submissionId)).toContain(id);
  expect(flagged[0].flags[0].en).toBe("weights do not matter");
  await must(
    as(server, second, `/submissions/${id}/flags`, { json: { note: "a linear model, as it may be" } }),
  );
  expect((await queue()).length).toBe(flagged.length - 1);
  for (const method of ["PUT", "DELETE"]) {
    expect((await as(server, second, `/submissions/${id}/claim`, { method })).status).toBe(204);
  }
});

test("an appeal against an answer goes to yet another person, in a window of its own, and is the last", async () => {
  await change({ resultsPublishedAt: new Date().toISOString() });
  const [mine, unasked] = [await graded(), await graded()];
  const askOf = (of: string) => ask("test_seen", {}, course.student, of);
  const style = { submissionId: mine, points: -100, reason: "style", madeBy: course.ta.id };
  await db.insert(adjustments).values(style);
  const { body: first } = await askOf(mine);
  expect(first.round).toBe(1);
  expect(code(await askOf(mine))).toEqual([409, "regrade_twice"]);
  await must(answer(second, first.id, { outcome: "refused" }));
  // The window of the results is over; the answer came just now.
  await change({ resultsPublishedAt: "2026-01-01T00:00:00Z" });
  expect(code(await askOf(unasked))).toEqual([409, "regrade_over"]);
  const { body: appeal } = await askOf(mine);
  expect(appeal).toMatchObject({ round: 2, state: "open" });
  for (const who of [course.ta, second])
    expect(code(await answer(who, appeal.id, { outcome: "refused" }))).toEqual([403, "regrade_other_person"]);
  const told = async (who: TestPerson) =>
    JSON.stringify(await must(as(server, who, "/me/notifications"))).includes(`/regrades/${appeal.id}`);
  expect([await told(course.ta), await told(second), await told(course.instructor)]).toEqual([
    false,
    false,
    true,
  ]);
  await must(answer(course.instructor, appeal.id, { outcome: "accepted", points: 100 }));
  expect(code(await askOf(mine))).toEqual([409, "regrade_final"]);
});
