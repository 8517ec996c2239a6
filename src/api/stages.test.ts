// Tests of a later stage: once, at each student's own deadline, on what counts, merged into the report that is there.
import { and, eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { findAttempt } from "../grading/attempts.ts";
import { BATCH_BELOW } from "../grading/priority.ts";
import { attempts } from "../grading/tables.ts";
import { mergeStage, openAfterDue } from "../submissions/stage-runs.ts";
import { submissionMembers } from "../submissions/tables.ts";
import { echoZip, handIn, must, testCourse } from "./testing/course.ts";
import { begin, finish, resultOf } from "./testing/grade.ts";
import { as, testServer } from "./testing/server.ts";

const server = await testServer();
const { db, queue } = server.services;
const course = await testCourse(server);
const { student, other, instructor } = course;
const at = (ms: number) => new Date(Date.now() + ms).toISOString();

// The suite's third test runs after the deadline, its second when staff ask.
await db.execute(sql`update suite_versions set tests = (
  select jsonb_agg(case test->>'name' when 'test_late' then test || '{"stage": "after_due", "visibility": "visible"}'
    when 'test_hidden' then test || '{"stage": "staff"}' else test end)
  from jsonb_array_elements(tests) test) where id = ${course.versionId}`);

let made = 0;
async function assignment(more: object) {
  const wish = { title: "S", state: "open", suiteVersionId: course.versionId, counting: "best" };
  const json = { ...wish, slug: `stage-${++made}`, ...more };
  return (await must(as(server, instructor, `/courses/${course.slug}/assignments`, { json }))).id as string;
}
async function graded(id: string, who = student, score = 1000) {
  const receipt = await handIn(server, who, id, undefined);
  const seen = resultOf("test_seen", { score, verdict: score === 1000 ? "passed" : "partial" });
  await finish(server, await begin(server, receipt.attempt.id), [seen]);
  return receipt.id as string;
}
const due = (id: string, ms: number) =>
  must(as(server, instructor, `/assignments/${id}`, { method: "PATCH", json: { dueAt: at(ms) } }));
const stageOf = async (subject: string) => {
  const [attempt] = await db
    .select()
    .from(attempts)
    .where(and(eq(attempts.subject, subject), eq(attempts.run, "after_due")));
  return attempt;
};
/** As a worker does it, with what a worker may. */
const worker = server.owner.as("worker");
const merge = (id: string) =>
  worker.db.transaction(async (tx) => mergeStage(tx, (await findAttempt(tx, id))!));
const reportOf = (id: string, who = student) => must(as(server, who, `/submissions/${id}/report`));

test("a first attempt runs the first stage only, and the later tests are spoken of as awaited", async () => {
  const id = await assignment({ dueAt: at(3_600_000) });
  const submission = await graded(id);
  const [first] = await db.select().from(attempts).where(eq(attempts.subject, submission));
  expect(first!.options).toEqual({ stage: "submit" });
  const report = await reportOf(submission);
  expect(report.tests.map(({ name }: { name: string }) => name)).toEqual(["test_seen"]);
  expect(report).toMatchObject({ score: 1000, max: 1000 });
  expect(report.hidden).toMatchObject({ count: 1, points: 500, opens: ["after_due_date"] });
  expect(await openAfterDue(db, queue)).toBe(0);
});

test("at a student's own deadline the attempt that counts runs it once, and nobody else's", async () => {
  const id = await assignment({ dueAt: at(3_600_000) });
  const best = await graded(id, student, 1000);
  const worse = await handIn(server, student, id, echoZip("# w\n"));
  await finish(server, await begin(server, worse.attempt.id), [
    resultOf("test_seen", { score: 100, verdict: "partial" }),
  ]);
  const extended = await graded(id, other);
  await must(
    as(server, instructor, `/assignments/${id}/extensions/${other.id}`, {
      method: "PUT",
      json: { dueAt: at(7_200_000), reason: "ill" },
    }),
  );
  await due(id, -120_000);
  const opened = await Promise.all([
    openAfterDue(db, queue),
    openAfterDue(db, queue),
    openAfterDue(db, queue),
  ]);
  expect(opened.reduce((sum, n) => sum + n, 0)).toBe(1);
  expect(await openAfterDue(db, queue)).toBe(0);
  const attempt = await stageOf(best);
  expect(attempt).toMatchObject({ state: "waiting", options: { stage: "after_due" } });
  expect(attempt!.priority).toBeLessThanOrEqual(-BATCH_BELOW);
  expect(await stageOf(worse.id)).toBeUndefined();
  expect(await stageOf(extended)).toBeUndefined();

  await finish(server, await begin(server, attempt!.id), [resultOf("test_late", { visibility: "visible" })]);
  await merge(attempt!.id);
  const report = await reportOf(best);
  expect(report.tests.map(({ name }: { name: string }) => name)).toEqual(["test_seen", "test_late"]);
  expect(report).toMatchObject({ score: 1500, max: 1500, hidden: null });
  const staff = await reportOf(best, instructor);
  expect(staff).toMatchObject({ score: 1500, max: 1500 });
  // Told twice, as after a crash, it is there once.
  await merge(attempt!.id);
  expect((await reportOf(best)).score).toBe(1500);
});

test("where students choose, it is the chosen one that runs it, and another once they choose another", async () => {
  const id = await assignment({ dueAt: at(3_600_000), counting: "chosen" });
  const first = await graded(id);
  const second = await handIn(server, student, id, echoZip("# 2\n"));
  await finish(server, await begin(server, second.attempt.id), [resultOf("test_seen")]);
  const choose = (submission: string) =>
    must(as(server, student, `/submissions/${submission}/choose`, { method: "POST" }));
  await choose(first);
  await due(id, -120_000);
  expect(await openAfterDue(db, queue)).toBe(1);
  expect([await stageOf(first), await stageOf(second.id)]).toEqual([expect.anything(), undefined]);
  await choose(second.id);
  expect(await openAfterDue(db, queue)).toBe(1);
  expect(await stageOf(second.id)).toBeDefined();
});

test("a group's work runs it when the first member's deadline has passed, whoever handed it in", async () => {
  const id = await assignment({ dueAt: at(3_600_000) });
  const submission = await graded(id, other);
  await db.insert(submissionMembers).values({ submissionId: submission, personId: student.id });
  await must(
    as(server, instructor, `/assignments/${id}/extensions/${other.id}`, {
      method: "PUT",
      json: { dueAt: at(7_200_000), reason: "ill" },
    }),
  );
  expect(await openAfterDue(db, queue)).toBe(0);
  await due(id, -120_000);
  expect([await openAfterDue(db, queue), await openAfterDue(db, queue)]).toEqual([1, 0]);
  expect(await stageOf(submission)).toBeDefined();
});

test("what is still being graded when the deadline passes is waited for, not passed over", async () => {
  const id = await assignment({ dueAt: at(3_600_000), counting: "latest" });
  const first = await graded(id);
  const last = await handIn(server, student, id, echoZip("# last\n"));
  await due(id, -120_000);
  expect([await openAfterDue(db, queue), await stageOf(first)]).toEqual([0, undefined]);
  await finish(server, await begin(server, last.attempt.id), [resultOf("test_seen")]);
  expect(await openAfterDue(db, queue)).toBe(1);
  expect(await stageOf(last.id)).toBeDefined();
});

test("while late days are taken nobody's deadline has passed", async () => {
  const id = await assignment({ dueAt: at(3_600_000), lateLastDay: 2 });
  const submission = await graded(id);
  await due(id, -86_400_000);
  expect(await openAfterDue(db, queue)).toBe(0);
  await due(id, -3 * 86_400_000);
  expect(await openAfterDue(db, queue)).toBe(1);
  expect(await stageOf(submission)).toBeDefined();
});

test("what staff run stays theirs, and counts no points", async () => {
  const id = await assignment({ dueAt: at(3_600_000) });
  const submission = await graded(id);
  const asked = await as(server, course.ta, `/submissions/${submission}/staff-tests`, { method: "POST" });
  expect(asked.status).toBe(202);
  expect(
    (await as(server, student, `/submissions/${submission}/staff-tests`, { method: "POST" })).status,
  ).toBe(404);
  const [attempt] = await db
    .select()
    .from(attempts)
    .where(and(eq(attempts.subject, submission), eq(attempts.run, "staff")));
  await finish(server, await begin(server, attempt!.id), [
    resultOf("test_hidden", { stage: "staff", stdout: "SECRET" }),
  ]);
  await merge(attempt!.id);
  const staff = await reportOf(submission, course.ta);
  expect(staff.tests.map(({ name }: { name: string }) => name)).toContain("test_hidden");
  expect(staff).toMatchObject({ score: 1000, max: 1000 });
  const own = JSON.stringify(await reportOf(submission));
  expect(own).not.toMatch(/test_hidden|SECRET/);
});

test("graded again, a submission runs its first stage only: what staff run stays out of it", async () => {
  const id = await assignment({ dueAt: at(3_600_000) });
  const submission = await graded(id);
  const json = { scope: "all", reason: "a wrong tolerance" };
  const rerun = await must(as(server, instructor, `/assignments/${id}/reruns`, { json }));
  const [again] = await db
    .select()
    .from(attempts)
    .where(and(eq(attempts.subject, submission), eq(attempts.run, rerun.id)));
  expect(again!.options).toEqual({ stage: "submit" });
});

test("a re-run of what went through the later tests runs those too: its report takes the place of both", async () => {
  const id = await assignment({ dueAt: at(3_600_000) });
  const submission = await graded(id);
  await due(id, -60_000);
  expect(await openAfterDue(db, queue)).toBe(1);
  const late = await stageOf(submission);
  await finish(server, await begin(server, late!.id), [resultOf("test_late", { visibility: "visible" })]);
  await merge(late!.id);
  const json = { scope: "all", reason: "a mended test" };
  const rerun = await must(as(server, instructor, `/assignments/${id}/reruns`, { json }));
  const [again] = await db
    .select()
    .from(attempts)
    .where(and(eq(attempts.subject, submission), eq(attempts.run, rerun.id)));
  expect(again!.options).toEqual({ stage: ["submit", "after_due"] });
});
