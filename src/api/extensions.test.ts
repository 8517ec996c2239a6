// Extensions through the API: asked, answered, granted to many, and never to anybody's disadvantage.
import { expect, test } from "vitest";
import { echoZip, handIn, must, testCourse } from "./testing/course.ts";
import { as, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const { student, other, ta, instructor } = course;
const hour = 3_600_000;
const began = Date.now();
const on = (ms: number) => new Date(Math.floor((began + ms) / 60_000) * 60_000).toISOString();

let made = 0;
async function assignment(dueIn: number, more: object = {}) {
  const wish = { title: "E", state: "open", suiteVersionId: course.versionId, dueAt: on(dueIn) };
  const json = { ...wish, slug: `ext-${++made}`, ...more };
  const { id } = await must(as(server, instructor, `/courses/${course.slug}/assignments`, { json }));
  return id as string;
}
const ask = (id: string, wantedAt: string, who = student) =>
  as(server, who, `/assignments/${id}/extension-requests`, { json: { wantedAt, reason: "ill" } });
const answer = (request: string, until: string | null, who = ta) =>
  as(server, who, `/extension-requests/${request}/answer`, { json: { until, answer: "get well" } });
const dueOf = async (id: string, who = student) =>
  (await must(as(server, who, `/assignments/${id}`))).yourDueAt as string;

test("a student asks, a teaching assistant grants, and the date is later from then on", async () => {
  const id = await assignment(hour);
  const asked = await must(ask(id, on(24 * hour)));
  const { items } = await must(as(server, ta, `/assignments/${id}/extension-requests`));
  expect(items).toMatchObject([{ id: asked.id, state: "asked", reason: "ill", person: { id: student.id } }]);
  expect((await answer(asked.id, on(48 * hour))).status).toBe(204);
  expect(await dueOf(id)).toBe(on(48 * hour));
  expect(await dueOf(id, other)).toBe(on(hour));
  const mine = await must(as(server, student, `/assignments/${id}/extension-requests`));
  expect(mine.items).toMatchObject([{ state: "granted", answer: "get well" }]);
});

test("a refusal changes no date, and is final", async () => {
  const id = await assignment(hour);
  const asked = await must(ask(id, on(24 * hour)));
  expect((await answer(asked.id, null)).status).toBe(204);
  expect(await dueOf(id)).toBe(on(hour));
  expect((await answer(asked.id, on(24 * hour))).body.error.code).toBe("already_answered");
});

test("one request at a time, which can be withdrawn and asked anew", async () => {
  const id = await assignment(hour);
  const first = await must(ask(id, on(24 * hour)));
  expect((await ask(id, on(30 * hour))).body.error.code).toBe("already_asked");
  const gone = await as(server, student, `/extension-requests/${first.id}`, { method: "DELETE" });
  expect(gone.status).toBe(204);
  expect((await answer(first.id, on(24 * hour))).body.error.code).toBe("already_answered");
  expect((await ask(id, on(30 * hour))).status).toBe(201);
});

test("before it is granted staff are told whom it keeps waiting, and until when", async () => {
  const id = await assignment(hour, { lateLastDay: 0 });
  const wait = async (until: string) => {
    const query = `until=${encodeURIComponent(until)}&person=${student.id}`;
    return (await must(as(server, ta, `/assignments/${id}/extensions/wait?${query}`))).waiting;
  };
  expect(await wait(on(24 * hour))).toBeNull();
  await handIn(server, other, id);
  await handIn(server, student, id);
  const asked = await must(ask(id, on(24 * hour)));
  const waiting = await wait(on(24 * hour));
  // But for whoever asks; one test of the suite opens after the due date.
  expect(waiting).toMatchObject({ people: 1, tests: 1, closes: false });
  expect(Date.parse(waiting.until) - Date.parse(waiting.from)).toBe(23 * hour);
  await answer(asked.id, on(24 * hour));
  expect(await wait(on(24 * hour))).toBeNull();
  expect(await wait(on(36 * hour))).toMatchObject({ from: waiting.until });
});

test("another student sees, answers and withdraws nothing of it", async () => {
  const id = await assignment(hour);
  const asked = await must(ask(id, on(24 * hour)));
  expect((await must(as(server, other, `/assignments/${id}/extension-requests`))).items).toEqual([]);
  expect((await answer(asked.id, on(24 * hour), other)).status).toBe(404);
  expect((await answer(asked.id, on(24 * hour), student)).status).toBe(404);
  expect((await as(server, other, `/extension-requests/${asked.id}`, { method: "DELETE" })).status).toBe(404);
});

test("no extension shortens a date", async () => {
  const id = await assignment(24 * hour);
  expect((await ask(id, on(hour))).body.error.code).toBe("would_shorten");
  const put = (dueAt: string) =>
    as(server, instructor, `/assignments/${id}/extensions/${student.id}`, {
      method: "PUT",
      json: { dueAt, reason: "r" },
    });
  expect((await put(on(hour))).body.error.code).toBe("would_shorten");
  await must(put(on(72 * hour)));
  expect((await put(on(48 * hour))).body.error.code).toBe("would_shorten");
  expect(await dueOf(id)).toBe(on(72 * hour));
  // The course's own date moves beyond it: whoever was extended has that one.
  await must(
    as(server, instructor, `/assignments/${id}`, { method: "PATCH", json: { dueAt: on(96 * hour) } }),
  );
  expect(await dueOf(id)).toBe(on(96 * hour));
});

test("many at once: all lines or none, and nobody's date gets earlier", async () => {
  const id = await assignment(24 * hour);
  const path = `/assignments/${id}/extensions`;
  const csv = (text: string) =>
    as(server, instructor, `${path}?reason=storm`, { body: text, type: "text/csv" });
  const stranger = await csv(`email,due\n${student.email},2030-01-01\nnobody@x.edu,2030-01-01\n`);
  expect([stranger.status, stranger.body.error.code]).toEqual([422, "bad_extensions"]);
  expect(stranger.body.error.message).toContain("3: nobody@x.edu");
  expect(await dueOf(id)).toBe(on(24 * hour));
  expect((await csv(`email,due\n${student.email},2030-01-01 23:59\n`)).body).toEqual({
    granted: 1,
    kept: [],
  });
  expect(await dueOf(id)).toBe("2030-01-01T15:59:00.000Z");
  const people = [student, other].map(({ email }) => ({ email, dueAt: on(48 * hour) }));
  const again = await must(as(server, instructor, path, { json: { reason: "storm", people } }));
  expect(again).toEqual({ granted: 1, kept: [student.email] });
  expect([await dueOf(id), await dueOf(id, other)]).toEqual(["2030-01-01T15:59:00.000Z", on(48 * hour)]);
});

test("an extension after the deed gives late days back and lowers no score", async () => {
  await must(
    as(server, instructor, `/courses/${course.slug}/late-days/budgets/essay`, {
      method: "PUT",
      json: { days: 3 },
    }),
  );
  const id = await assignment(-25 * hour, { workKind: "essay", lateLastDay: 5, latePercentPerDay: 10 });
  await must(
    as(server, student, `/assignments/${id}/submissions?acceptLate=2`, {
      body: echoZip("# late\n"),
      type: "application/zip",
    }),
  );
  const left = async () =>
    (await must(as(server, student, `/courses/${course.slug}/late-days`))).balances.find(
      (one: { work: string }) => one.work === "essay",
    ).left;
  expect(await left()).toBe(1);
  const put = (dueAt: string) =>
    must(
      as(server, instructor, `/assignments/${id}/extensions/${student.id}`, {
        method: "PUT",
        json: { dueAt, reason: "ill" },
      }),
    );
  await put(on(-2 * hour));
  expect(await left()).toBe(2);
  await put(on(hour));
  expect(await left()).toBe(3);
});

test("who asked, who answered and who granted stand in the log", async () => {
  const { items } = await must(as(server, instructor, `/courses/${course.slug}/audit`));
  const actions = new Set(items.map(({ action }: { action: string }) => action));
  for (const action of ["asked", "answered", "withdrawn", "granted", "granted_many"]) {
    expect(actions).toContain(`extension.${action}`);
  }
});
