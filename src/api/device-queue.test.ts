// What waits for a GPU, as its students and staff meet it: new terms, an older one replaced, late days given back.
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { until } from "../../test/support/until.ts";
import { startAttempt } from "../grading/attempts.ts";
import { DEVICE_LANE } from "../grading/device-queue.ts";
import { endPreflight } from "../grading/preflight.ts";
import { attempts } from "../grading/tables.ts";
import { startSettling } from "../submissions/settle-refused.ts";
import { echoZip, must, publishedVersion, suiteFiles, testCourse } from "./testing/course.ts";
import { begin, reportOf, resultOf } from "./testing/grade.ts";
import { as, testServer } from "./testing/server.ts";

const server = await testServer();
const { db, queue } = server.services;
const course = await testCourse(server);
const { instructor, student, other, ta } = course;
const hour = 3_600_000;
const on = (ms: number) => new Date(Math.floor((Date.now() + ms) / 60_000) * 60_000).toISOString();
const suiteVersionId = await suiteFor("id: on-gpus", "");
const preflightVersion = await suiteFor("id: with-preflight", "preflight: true\n");

function suiteFor(id: string, more: string): Promise<string> {
  const yaml = suiteFiles["grader.yaml"]!.replace("id: echo", id).replace(
    "unpacked: 5MB",
    "unpacked: 5MB, gpu: { count: 1 }",
  );
  const files: Record<string, string> = { ...suiteFiles, "grader.yaml": `${yaml}${more}` };
  if (more !== "") files["preflight/test_tiny.py"] = suiteFiles["tests/test_echo.py"]!;
  return publishedVersion(server, instructor, course.slug, files);
}

let made = 0;
const assignment = (more: object = {}): Promise<{ id: string }> =>
  must(
    as(server, instructor, `/courses/${course.slug}/assignments`, {
      json: { slug: `gpu-${++made}`, title: "G", state: "open", suiteVersionId, ...more },
    }),
  );
const handIn = async (id: string, text: string, query = "", who = student) =>
  must(
    as(server, who, `/assignments/${id}/submissions?${query}`, {
      body: echoZip(`# ${text}\n`),
      type: "application/zip",
    }),
  );
const rowOf = async (id: string) => (await db.select().from(attempts).where(eq(attempts.id, id)))[0]!;
const set = (id: string, json: object) =>
  must(as(server, instructor, `/assignments/${id}`, { method: "PATCH", json }));

test("new dates of the assignment leave a personal extension's date alone", async () => {
  const { id } = await assignment({ dueAt: on(24 * hour), gpuMinutesAWeek: 10 });
  const person = (await must(as(server, student, "/me"))).id;
  const extension = { dueAt: on(96 * hour), reason: "ill" };
  await must(
    as(server, instructor, `/assignments/${id}/extensions/${person}`, { method: "PUT", json: extension }),
  );
  const extended = await handIn(id, "a");
  const plain = await handIn(id, "a", "", other);
  await set(id, { dueAt: on(48 * hour), gpuMinutesAWeek: 20 });
  expect((await rowOf(extended.attempt.id)).wantedBy?.toISOString()).toBe(extension.dueAt);
  expect((await rowOf(plain.attempt.id)).wantedBy?.toISOString()).toBe(on(48 * hour));
  expect((await rowOf(plain.attempt.id)).weekSeconds).toBe(1200);
  await set(id, { dueAt: on(120 * hour) });
  expect((await rowOf(extended.attempt.id)).wantedBy?.toISOString()).toBe(on(120 * hour));
  // A date and a budget that come later are for what waits already, too.
  await set(id, { dueAt: null, gpuMinutesAWeek: null });
  await set(id, { dueAt: on(72 * hour), gpuMinutesAWeek: 5 });
  expect(await rowOf(plain.attempt.id)).toMatchObject({
    weekSeconds: 300,
    wantedBy: new Date(on(72 * hour)),
  });
});

test("a newer submission takes the place of one that waits: no attempt, no late day, and where it stood", async () => {
  const { id } = await assignment({ attemptsTotal: 5 });
  const first = await handIn(id, "first");
  const between = await handIn(id, "between", "", other);
  const second = await handIn(id, "second");
  const replaced = await must(
    as(server, student, `/attempts/${second.attempt.id}/replace`, { method: "POST" }),
  );
  expect(replaced).toEqual({ takenBack: 1 });
  expect((await rowOf(first.attempt.id)).state).toBe("cancelled");
  expect((await rowOf(between.attempt.id)).state).toBe("waiting");
  const [was, now] = [await rowOf(first.attempt.id), await rowOf(second.attempt.id)];
  expect([now.createdAt, now.priority]).toEqual([was.createdAt, was.priority]);
  expect((await must(as(server, student, `/assignments/${id}`))).attemptsLeft).toBe(4);
  const again = await as(server, student, `/attempts/${second.attempt.id}/replace`, { method: "POST" });
  expect([again.status, again.body.error.code]).toEqual([409, "nothing_to_replace"]);
  expect((await as(server, other, `/attempts/${second.attempt.id}/replace`, { method: "POST" })).status).toBe(
    404,
  );
  expect((await as(server, ta, `/attempts/${second.attempt.id}/replace`, { method: "POST" })).status).toBe(
    403,
  );
});

test("what runs is not replaced", async () => {
  const { id } = await assignment();
  const first = await handIn(id, "runs");
  await begin(server, first.attempt.id);
  const second = await handIn(id, "newer");
  expect(
    (await as(server, student, `/attempts/${second.attempt.id}/replace`, { method: "POST" })).status,
  ).toBe(409);
  expect((await rowOf(first.attempt.id)).state).toBe("running");
});

test("what the preflight refuses costs no attempt and no late day, whatever its member spent", async () => {
  const days = { method: "PUT", json: { days: 4 } };
  await must(as(server, instructor, `/courses/${course.slug}/late-days/budgets/project`, days));
  const late = { dueAt: on(-3 * hour), lateLastDay: 5, latePercentPerDay: 10, workKind: "project" };
  const { id } = await assignment({ ...late, attemptsTotal: 3, suiteVersionId: preflightVersion });
  const left = async () => {
    const { balances } = await must(as(server, student, `/courses/${course.slug}/late-days`));
    return balances.find(({ work }: { work: string }) => work === "project").left;
  };
  const stop = await startSettling(server.services.database, server.services.log);
  try {
    const sent = await handIn(id, "wrong shape", "acceptLate=1");
    expect([await left(), (await rowOf(sent.attempt.id)).lane]).toEqual([3, "cpu"]);
    const claimed = await startAttempt(db, queue, {
      id: sent.attempt.id,
      worker: crypto.randomUUID(),
      teamSlots: 2,
    });
    const failed = resultOf("test_seen", { verdict: "failed", score: 0, max: 0 });
    expect(await endPreflight(db, queue, claimed!.token, reportOf([failed]))).toBe(true);
    await until("the day is back", async () => (await left()) === 4);
    expect((await must(as(server, student, `/assignments/${id}`))).attemptsLeft).toBe(3);
    const next = await handIn(id, "right shape", "acceptLate=1");
    expect([await left(), next.late?.days ?? 1]).toEqual([3, 1]);
  } finally {
    await stop();
  }
});

test("terms that change during a preflight are those on which it waits afterwards", async () => {
  const { id } = await assignment({ suiteVersionId: preflightVersion });
  const sent = await handIn(id, "fits");
  const claimed = await startAttempt(db, queue, {
    id: sent.attempt.id,
    worker: crypto.randomUUID(),
    teamSlots: 2,
  });
  await set(id, { gpuMinutesAWeek: 7 });
  await endPreflight(db, queue, claimed!.token, reportOf([resultOf("test_seen", { max: 0, score: 0 })]));
  expect(await rowOf(sent.attempt.id)).toMatchObject({
    lane: DEVICE_LANE,
    weekSeconds: 420,
    state: "waiting",
  });
});
