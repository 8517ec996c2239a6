// The queue for GPUs, as staff of two courses see and move it, and as its students are told of it.
import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { deviceWait } from "../grading/device-wait.ts";
import { attempts, workers } from "../grading/tables.ts";
import type { DeviceView } from "../sandbox/device-desk.ts";
import {
  echoZip,
  must,
  publishedVersion,
  suiteFiles,
  type TestCourse,
  testCourse,
} from "./testing/course.ts";
import { as, type TestPerson, testServer } from "./testing/server.ts";

const server = await testServer();
const { db } = server.services;
const course = await testCourse(server);
const elsewhere = await testCourse(server);
const gpus = suiteFiles["grader.yaml"]!.replace("id: echo", "id: gpus").replace(
  "unpacked: 5MB",
  "unpacked: 5MB, wall: 100s, gpu: { count: 1 }",
);

async function assignmentOf({ instructor, slug }: TestCourse): Promise<string> {
  // Each course's suite has times of its own.
  const files = { ...suiteFiles, "grader.yaml": `${gpus}# ${slug}\n` };
  const suiteVersionId = await publishedVersion(server, instructor, slug, files);
  const made = await must(
    as(server, instructor, `/courses/${slug}/assignments`, {
      json: { slug: "gpu", title: "G", state: "open", suiteVersionId },
    }),
  );
  return made.id;
}
const [here, there] = [await assignmentOf(course), await assignmentOf(elsewhere)];
const send = async (who: TestPerson, assignment: string): Promise<{ id: string; attempt: string }> => {
  const body = echoZip(`# ${randomUUID()}\n`);
  const sent = await must(
    as(server, who, `/assignments/${assignment}/submissions`, { body, type: "application/zip" }),
  );
  return { id: sent.id, attempt: sent.attempt.id };
};

const free: DeviceView = {
  ...{ id: "GPU-0", name: "A100", vramBytes: 40 * 1024 ** 3, mig: false, kind: "nvidia" },
  ...{ place: { state: "free" }, scrubbed: null },
};
const connect = (devices: DeviceView[]) =>
  server.owner.db.insert(workers).values({
    ...{ id: randomUUID(), host: "grader-1", pid: 1, lanes: ["gpu"], slots: 1 },
    detail: { gpu: { devices, problem: null, detail: "" }, teamSlots: 2 },
  });

const c = `/courses/${course.slug}/rota`;
const rota = (who = course.ta) => must(as(server, who, c));
const order = async () => {
  const { waiting } = await rota();
  return waiting.map(({ attemptId }: { attemptId: string }) => attemptId);
};
const move = (attemptId: string, to: string, reason = "a demonstration at noon", who = course.ta) =>
  as(server, who, `${c}/moves`, { json: { attemptId, move: to, reason } });
const undo = (who = course.ta) => as(server, who, `${c}/moves/undo`, { method: "POST" });

const foreign = await send(elsewhere.student, there);
const first = await send(course.student, here);
const second = await send(course.other, here);
const third = await send(course.ta, here);

test("staff see their own people's work by name, and another course's as a place that is taken", async () => {
  const { waiting, devices } = await rota();
  expect(devices).toEqual([]);
  expect(waiting.map(({ work }: { work: { by: string } | null }) => work?.by ?? null)).toEqual([
    null,
    course.student.name,
    course.other.name,
    course.ta.name,
  ]);
  const theirs = (await must(as(server, elsewhere.ta, `/courses/${elsewhere.slug}/rota`))).waiting;
  expect(theirs.filter(({ work }: { work: unknown }) => work !== null)).toHaveLength(1);
});

test("a student is told how many go first by the rota, not by when they came", async () => {
  const ahead = async (who: TestPerson, { attempt }: { attempt: string }) =>
    (await must(as(server, who, `/attempts/${attempt}`))).ahead;
  expect([await ahead(course.student, first), await ahead(course.other, second)]).toEqual([1, 2]);
  await db
    .update(attempts)
    .set({ wantedBy: new Date(Date.now() + 3_600_000) })
    .where(eq(attempts.id, second.attempt));
  expect([await ahead(course.student, first), await ahead(course.other, second)]).toEqual([2, 0]);
  await db.update(attempts).set({ wantedBy: null }).where(eq(attempts.id, second.attempt));
  await must(move(third.attempt, "first"));
  expect([await ahead(course.student, first), await ahead(course.other, second)]).toEqual([2, 3]);
  expect((await undo()).status).toBe(204);
  expect([await ahead(course.student, first), await ahead(course.other, second)]).toEqual([1, 2]);
});

test("a move needs a reason, keeps another course's place, is noted, and is undone once", async () => {
  const before = await order();
  expect((await move(third.attempt, "first", " ")).body.error.code).toBe("reason_needed");
  expect(await must(move(third.attempt, "first"))).toEqual({ placeBefore: 3, placeAfter: 1 });
  expect(await order()).toEqual([foreign.attempt, third.attempt, first.attempt, second.attempt]);
  expect((await move(foreign.attempt, "last")).body.error.code).toBe("not_in_rota");
  await must(move(first.attempt, "later"));
  expect(await order()).toEqual([foreign.attempt, third.attempt, second.attempt, first.attempt]);
  expect([(await undo()).status, (await undo()).status]).toEqual([204, 204]);
  expect(await order()).toEqual(before);
  expect((await undo()).body.error.code).toBe("nothing_to_undo");
  expect(await db.select({ ahead: attempts.ahead }).from(attempts)).toEqual(
    expect.not.arrayContaining([{ ahead: 1 }]),
  );
  const log = await must(as(server, course.instructor, `/courses/${course.slug}/audit`));
  const said = log.items.filter(({ action }: { action: string }) => action.startsWith("rota."));
  expect(said.slice(0, 4).map(({ action }: { action: string }) => action)).toEqual([
    "rota.move_undone",
    "rota.move_undone",
    "rota.moved",
    "rota.moved",
  ]);
  expect(said[3].detail).toEqual({ placeBefore: 3, placeAfter: 1, reason: "a demonstration at noon" });
});

test("starts are told by what the suite's newest runs took: at most its time limit before one was measured", async () => {
  expect(await deviceWait(db, second.attempt)).toMatchObject({ devices: 0, startsIn: null });
  await connect([
    free,
    { ...free, id: "GPU-1", place: { state: "out", why: "leaks", since: "2026-11-27T00:00:00Z" } },
  ]);
  expect(await deviceWait(db, foreign.attempt)).toMatchObject({ devices: 1, startsIn: 0, measured: true });
  expect(await deviceWait(db, second.attempt)).toMatchObject({ startsIn: 200, measured: false });
  const past = await send(course.other, here);
  const theirs = await send(elsewhere.other, there);
  for (const [{ attempt }, seconds] of [
    [past, 40],
    [theirs, 30],
  ] as const) {
    const finishedAt = new Date();
    await server.owner.db
      .update(attempts)
      .set({
        ...{ state: "finished", finishedAt, startedAt: new Date(finishedAt.getTime() - seconds * 1000) },
        report: { circumstances: { gpu: { name: "A100", id: "GPU-0" } } } as never,
      })
      .where(eq(attempts.id, attempt));
  }
  expect(await deviceWait(db, second.attempt)).toMatchObject({ startsIn: 70, measured: true });
  const { waiting } = await rota();
  expect(waiting.map(({ startsInSeconds: starts }: { startsInSeconds: number }) => starts)).toEqual([
    0, 30, 70, 110,
  ]);
  expect(waiting[3].takes).toEqual({ seconds: 40, measured: true });
});
