// What an administrator sees and does, through the API.
import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { failInfrastructure, startAttempt } from "../grading/attempts.ts";
import { attempts } from "../grading/tables.ts";
import { echoZip, handIn, must, testCourse } from "./testing/course.ts";
import { as, somebody, testServer } from "./testing/server.ts";

const server = await testServer();
const { db, queue } = server.services;
const course = await testCourse(server);
const { admin } = course;

const ofSubject = (subject: string) =>
  db.select().from(attempts).where(eq(attempts.subject, subject)).orderBy(attempts.number);

async function failThrice(subject: string): Promise<string> {
  for (let tries = 0; tries < 3; tries++) {
    const waiting = (await ofSubject(subject)).find(({ state }) => state === "waiting")!;
    const started = await startAttempt(db, queue, { id: waiting.id, worker: randomUUID(), teamSlots: 9 });
    await failInfrastructure(db, queue, started!.token, "the engine is gone");
  }
  return (await ofSubject(subject)).at(-1)!.id;
}

test("what we failed three times is listed, tried again once, and has three tries anew", async () => {
  const work = await handIn(server, course.student, course.assignmentId, echoZip("# unlucky\n"));
  const failed = await failThrice(work.id);
  const listed = await must(as(server, admin, "/admin/attention"));
  expect(listed.items).toMatchObject([
    { attemptId: failed, submissionId: work.id, fault: "the engine is gone", course: course.slug },
  ]);
  const retry = () => as(server, course.instructor, `/attempts/${failed}/retry`, { method: "POST" });
  const both = await Promise.all([retry(), retry()]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([204, 409]);
  expect((await must(as(server, admin, "/admin/attention"))).items).toEqual([]);
  expect(await failThrice(work.id)).not.toBe(failed);
  const states = (await ofSubject(work.id)).map(({ state }) => state);
  const thrice = ["infrastructure", "infrastructure", "needs_attention"];
  expect(states).toEqual([...thrice, ...thrice]);
});

test("what a cancelled re-run left behind needs nobody", async () => {
  const before = (await must(as(server, admin, "/admin/attention"))).items.length;
  const work = await handIn(server, course.other, course.assignmentId, echoZip("# re-run\n"));
  const rerun = await must(
    as(server, course.instructor, `/assignments/${course.assignmentId}/reruns`, {
      json: { scope: "all", reason: "r" },
    }),
  );
  const mine = (await ofSubject(work.id)).find(({ run }) => run === rerun.id)!;
  for (let id = mine.id, tries = 0; tries < 3; tries++) {
    const started = await startAttempt(db, queue, { id, worker: randomUUID(), teamSlots: 9 });
    await failInfrastructure(db, queue, started!.token, "gone");
    id = (await ofSubject(work.id)).filter(({ run }) => run === rerun.id).at(-1)!.id;
  }
  expect((await must(as(server, admin, "/admin/attention"))).items).toHaveLength(before + 1);
  await must(as(server, course.instructor, `/reruns/${rerun.id}/cancel`, { method: "POST" }));
  expect((await must(as(server, admin, "/admin/attention"))).items).toHaveLength(before);
});

test("lanes tell what people wait for apart from re-runs", async () => {
  await handIn(server, course.student, course.assignmentId, echoZip("# waits\n"));
  const { lanes, storage } = await must(as(server, admin, "/admin/overview"));
  expect(lanes[0]).toMatchObject({ lane: "cpu", running: 0, batch: 0 });
  expect(lanes[0].waiting).toBeGreaterThan(0);
  expect(storage.submissions).toBeGreaterThan(0);
  expect(storage.disk.freeBytes).toBeGreaterThan(0);
});

test("somebody who is shut out is nobody at once, and the last administrator stays one", async () => {
  const person = await somebody(server);
  const change = (id: string, json: object) => as(server, admin, `/people/${id}`, { method: "PATCH", json });
  expect((await as(server, person, "/me")).status).toBe(200);
  await must(change(person.id, { disabled: true }));
  expect((await as(server, person, "/me")).status).toBe(401);
  await must(change(person.id, { disabled: false, admin: true }));
  expect((await as(server, person, "/admin/overview")).status).toBe(200);
  await must(change(person.id, { admin: false }));
  expect((await change(admin.id, { admin: false })).body.error.code).toBe("last_admin");
  expect((await change(admin.id, { disabled: true })).body.error.code).toBe("last_admin");
});

test("the log is found by action, by person and by subject", async () => {
  const find = (query: string) => must(as(server, admin, `/admin/audit?${query}`));
  const by = await find(`actor=${encodeURIComponent(course.instructor.email)}&action=suite.published`);
  expect(by.items).toMatchObject([{ action: "suite.published", subject: { id: course.versionId } }]);
  const about = await find(`subject=${course.versionId}`);
  const actions = about.items.map((item: { action: string }) => item.action);
  expect(actions).toEqual(["suite.published", "suite.registered"]);
  expect((await find("action=suite.published&actor=system")).items).toEqual([]);
  const [newest, next] = (await find("")).items;
  expect((await find(`before=${newest.id}`)).items[0].id).toBe(next.id);
});
