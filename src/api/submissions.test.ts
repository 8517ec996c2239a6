// Handing in: one answer for one intention, and nothing lost or used up by a refusal.
import { expect, test } from "vitest";
import { attempts } from "../grading/tables.ts";
import { submissions } from "../submissions/tables.ts";
import { echoZip, handIn, must, testCourse, zipOf } from "./testing/course.ts";
import { begin, finish, resultOf } from "./testing/grade.ts";
import { as, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const { student, other, ta, instructor } = course;
const path = `/assignments/${course.assignmentId}/submissions`;
const counts = async () => {
  const { db } = server.services;
  return [await db.$count(submissions), await db.$count(attempts)];
};

test("a ZIP becomes a submission with a manifest, an attempt and a job", async () => {
  const zip = zipOf({ "hw/echo.py": "def echo(x): return x\n", "hw/util/more.py": "pass\n" });
  const made = await as(server, student, `${path}?name=my%20work.zip`, {
    body: zip,
    type: "application/zip",
  });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ number: 1, name: "my work.zip", bytes: zip.length, repeated: false });
  expect(made.body.attempt).toMatchObject({ number: 1, state: "waiting" });
  expect(made.body.notes.join()).toContain("hw");
  const files = await must(as(server, student, `/submissions/${made.body.id}/files`));
  expect(files.items.map((file: { path: string }) => file.path)).toEqual(["echo.py", "util/more.py"]);
  const jobs = await server.services.queue.withoutJob(server.services.db, [
    { id: made.body.attempt.id, lane: "cpu" },
  ]);
  expect(jobs).toEqual([]);
});

test("a form's file is taken as well, by its own name", async () => {
  const form = new FormData();
  form.append("note", "not a file");
  form.append("file", new Blob([new Uint8Array(echoZip("# form\n"))]), "作业一.zip");
  const made = await as(server, student, path, { body: form });
  expect(made).toMatchObject({ status: 201, body: { name: "作业一.zip" } });
});

test("the same idempotency key and bytes give the same answer; other bytes are refused", async () => {
  const send = (text: string) =>
    as(server, student, path, {
      body: echoZip(text),
      type: "application/zip",
      headers: { "idempotency-key": "once-1" },
    });
  const first = await send("# one\n");
  const again = await send("# one\n");
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.body).toEqual({ ...first.body, repeated: true });
  const changed = await send("# two\n");
  expect([changed.status, changed.body.error.code]).toEqual([409, "idempotency_mismatch"]);
});

test("the key of one person is nothing to another", async () => {
  const send = (who: typeof student) =>
    as(server, who, path, {
      body: echoZip("# k\n"),
      type: "application/zip",
      headers: { "idempotency-key": "k" },
    });
  const [mine, theirs] = [await send(student), await send(other)];
  expect([mine.status, theirs.status]).toEqual([201, 201]);
  expect(theirs.body.id).not.toBe(mine.body.id);
});

test.each([
  ["with one key", { "idempotency-key": "parallel" }],
  ["without a key", {}],
])("eight requests at once, %s, are one submission and one attempt", async (name, headers) => {
  const body = echoZip(`# ${name}\n`);
  const before = await counts();
  // Four uploads a person at once is the limit; the first answers count, the others come after them.
  const send = () => as(server, student, path, { body, type: "application/zip", headers: headers as never });
  const answers = [
    ...(await Promise.all([send(), send(), send(), send()])),
    ...(await Promise.all([send(), send(), send(), send()])),
  ];
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
  expect(await counts()).toEqual(before.map((n) => n + 1));
});

test("another upload between two equal ones makes three submissions", async () => {
  const numbers = [];
  for (const text of ["# a\n", "# b\n", "# a\n"]) {
    numbers.push((await handIn(server, other, course.assignmentId, echoZip(text))).number);
  }
  expect(numbers).toEqual([numbers[0], numbers[0] + 1, numbers[0] + 2]);
});

/** A ZIP with one name changed in its bytes: no library writes such a name. */
function renamed(from: string, to: string): Buffer {
  const zip = zipOf({ "echo.py": "pass\n", [from]: "x" }).toString("latin1");
  return Buffer.from(zip.replaceAll(from, to), "latin1");
}

test.each([
  ["no archive", Buffer.from("hello, world, this is no archive"), "application/zip", 422, "not_a_zip"],
  ["a missing file", zipOf({ "other.py": "x" }), "application/zip", 422, "missing_file"],
  ["a path out of the folder", renamed("a/xx/xx/b.py", "a/../../b.py"), "application/zip", 422, "bad_path"],
  ["too much", Buffer.alloc(1_000_001), "application/zip", 413, "too_large"],
  ["no type", echoZip(), "text/plain", 415, "not_an_upload"],
])("%s is refused with its code, and nothing is stored or used up", async (_, body, type, status, code) => {
  const before = await counts();
  const refused = await as(server, student, path, { body, type });
  expect([refused.status, refused.body.error?.code]).toEqual([status, code]);
  expect(await counts()).toEqual(before);
});

test("a refusal is told in the language that was asked for, and says what was found", async () => {
  const send = (headers: Record<string, string>, query = "") =>
    as(server, student, path + query, { body: zipOf({ "wrong.py": "x" }), type: "application/zip", headers });
  const zh = await send({ "accept-language": "zh-CN,zh;q=0.9,en;q=0.5" });
  expect(zh.body.error.message).toMatch(/缺少 echo\.py/);
  expect(zh.headers.get("content-language")).toBe("zh-CN");
  const en = await send({ "accept-language": "zh" }, "?lang=en");
  expect(en.body.error.message).toContain("echo.py is missing");
  expect(en.body.error.message).toContain("wrong.py");
  expect(en.body.error.message).not.toMatch(/\{\w+\}/);
});

test("dates and limits are kept, and staff may try at any time", async () => {
  const wish = { slug: "limited", title: "L", state: "open", suiteVersionId: course.versionId };
  const make = (slug: string, more: object) =>
    must(as(server, instructor, `/courses/${course.slug}/assignments`, { json: { ...wish, slug, ...more } }));
  const send = (who: typeof student, id: string, text: string) =>
    as(server, who, `/assignments/${id}/submissions`, { body: echoZip(text), type: "application/zip" });
  const hour = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();

  const later = await make("later", { opensAt: hour(1) });
  expect((await send(student, later.id, "# 1\n")).body.error.code).toBe("not_open_yet");
  expect((await send(ta, later.id, "# 1\n")).status).toBe(201);

  const past = await make("past", { dueAt: hour(-1) });
  expect((await send(student, past.id, "# 1\n")).body.error.code).toBe("past_due");
  const extension = { method: "PUT", json: { dueAt: hour(1), reason: "illness" } };
  await must(as(server, instructor, `/assignments/${past.id}/extensions/${student.id}`, extension));
  expect((await send(student, past.id, "# 1\n")).status).toBe(201);
  expect((await send(other, past.id, "# 1\n")).body.error.code).toBe("past_due");

  const two = await make("two", { attemptsTotal: 1 });
  const feedback = async (id: string) =>
    (await must(as(server, student, `/submissions/${id}/report`))).feedback as string;
  const levels: string[] = [];
  for (const text of ["# 1\n", "# 2\n", "# 3\n", "# 4\n"]) {
    const answer = await send(student, two.id, text);
    expect(answer.status).toBe(201);
    levels.push(await feedback(answer.body.id));
  }
  expect(levels).toEqual(["full", "verdicts", "received", "received"]);

  const today = await make("today", { attemptsPerDay: 1 });
  expect(await feedback((await send(student, today.id, "# 1\n")).body.id)).toBe("full");
  expect(await feedback((await send(student, today.id, "# 2\n")).body.id)).toBe("verdicts");

  const slow = await make("slow", { cooldownSeconds: 600 });
  expect(await feedback((await send(student, slow.id, "# 1\n")).body.id)).toBe("full");
  expect(await feedback((await send(student, slow.id, "# 2\n")).body.id)).toBe("verdicts");
});

test("a waiting attempt is taken back at no cost; a running one is not", async () => {
  const json = {
    slug: "one",
    title: "One",
    state: "open",
    suiteVersionId: course.versionId,
    attemptsTotal: 1,
  };
  const one = await must(as(server, instructor, `/courses/${course.slug}/assignments`, { json }));
  const first = await handIn(server, student, one.id, echoZip("# first\n"));
  expect((await as(server, other, `/attempts/${first.attempt.id}/cancel`, { method: "POST" })).status).toBe(
    404,
  );
  expect((await as(server, ta, `/attempts/${first.attempt.id}/cancel`, { method: "POST" })).status).toBe(403);
  expect((await as(server, student, `/attempts/${first.attempt.id}/cancel`, { method: "POST" })).status).toBe(
    204,
  );
  // The same bytes again: what was taken back is no answer to it.
  const second = await handIn(server, student, one.id, echoZip("# first\n"));
  expect(second.repeated).toBe(false);
  await begin(server, second.attempt.id);
  const late = await as(server, student, `/attempts/${second.attempt.id}/cancel`, { method: "POST" });
  expect([late.status, late.body.error.code]).toEqual([409, "already_started"]);
});

test("what was handed in comes back: file, ZIP, original", async () => {
  const zip = zipOf({ "echo.py": "print('é')\n", "数据/笔记.txt": "内容" });
  const made = await handIn(server, student, course.assignmentId, zip);
  const get = async (what: string, who = student) =>
    server.app.request(`/api/v1/submissions/${made.id}/${what}`, {
      headers: { authorization: `Bearer ${who.token}` },
    });
  const file = await get(`file?path=${encodeURIComponent("数据/笔记.txt")}`);
  expect(await file.text()).toBe("内容");
  expect(file.headers.get("content-type")).toBe("application/octet-stream");
  expect(file.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
  expect(Buffer.from(await (await get("original")).arrayBuffer())).toEqual(zip);
  const AdmZip = (await import("adm-zip")).default;
  const unpacked = new AdmZip(Buffer.from(await (await get("zip")).arrayBuffer()));
  expect(unpacked.getEntries().map((entry) => entry.entryName)).toEqual(["echo.py", "数据/笔记.txt"]);
  expect(unpacked.readAsText("数据/笔记.txt")).toBe("内容");
  for (const what of ["file?path=echo.py", "zip", "original"])
    expect((await get(what, other)).status).toBe(404);
  expect((await get("file?path=..%2Fecho.py")).status).toBe(404);
});

test("lists come newest first in pages; a student's holds only their own", async () => {
  const json = { slug: "many", title: "Many", state: "open", suiteVersionId: course.versionId };
  const many = await must(as(server, instructor, `/courses/${course.slug}/assignments`, { json }));
  for (let n = 0; n < 52; n++) await handIn(server, n === 0 ? other : student, many.id, echoZip(`# ${n}\n`));
  const list = (who: typeof student, query = "") =>
    must(as(server, who, `/assignments/${many.id}/submissions${query}`));
  const first = await list(student);
  expect(first.items.map((item: { number: number }) => item.number)).toEqual(
    Array.from({ length: 50 }, (_, n) => 51 - n),
  );
  const rest = await list(student, `?before=${first.next}`);
  expect(rest).toMatchObject({ items: [{ number: 1, personId: student.id }], next: null });
  const all = await list(ta);
  const more = await list(ta, `?before=${all.next}`);
  expect([all.items.length, more.items.length]).toEqual([50, 2]);
  const one = await list(ta, `?person=${other.id}`);
  expect(one.items.map((item: { personId: string }) => item.personId)).toEqual([other.id]);
  expect((await list(other, `?person=${student.id}`)).items).toHaveLength(1);
});

test("points in a list are the viewer's: hidden ones count for staff only", async () => {
  const made = await handIn(server, student, course.assignmentId, echoZip("# points\n"));
  const results = [
    resultOf("test_seen"),
    resultOf("test_hidden"),
    resultOf("test_late", { verdict: "failed", score: 0 }),
  ];
  await finish(server, await begin(server, made.attempt.id), results);
  const of = (who: typeof student) => must(as(server, who, `/submissions/${made.id}`));
  expect(await of(student)).toMatchObject({ score: 1000, max: 1000 });
  expect(await of(ta)).toMatchObject({ score: 4000, max: 4500 });
});

test("a report is byte for byte the same, whatever a hidden test did or printed", async () => {
  const told = [];
  for (const [text, verdict, score] of [
    ["one", "passed", 3000],
    ["two", "timeout", 0],
  ] as const) {
    const made = await handIn(server, student, course.assignmentId, echoZip(`# hidden ${text}\n`));
    const hidden = resultOf("test_hidden", {
      verdict,
      score,
      stdout: `INPUT ${text}`,
      message: { en: text, zh: text },
      wallMs: score + 1,
      peakBytes: score + 5,
      extra: { seen: text },
    });
    const late = resultOf("test_late", { verdict, score: 0, traceback: text });
    await finish(server, await begin(server, made.attempt.id), [resultOf("test_seen"), hidden, late]);
    const { attempt, ...report } = await must(as(server, student, `/submissions/${made.id}/report`));
    expect(attempt.finishedAt).toBeNull();
    told.push(JSON.stringify(report));
    const seenAsStudent = await must(as(server, ta, `/submissions/${made.id}/report?as=student`));
    expect(JSON.stringify({ ...seenAsStudent, attempt: undefined })).toBe(told.at(-1));
    const staff = JSON.stringify(await must(as(server, ta, `/submissions/${made.id}/report`)));
    expect(staff).toContain(`INPUT ${text}`);
  }
  expect(told[0]).toBe(told[1]);
  for (const word of ["INPUT", "test_hidden", "5eed5eed", "weights do not matter"])
    expect(told[0]).not.toContain(word);
});

test("hidden results open when their time has come", async () => {
  const json = { slug: "opens", title: "O", state: "open", suiteVersionId: course.versionId };
  const { id } = await must(as(server, instructor, `/courses/${course.slug}/assignments`, { json }));
  const made = await handIn(server, student, id, echoZip("# opens\n"));
  const all = [resultOf("test_seen"), resultOf("test_hidden"), resultOf("test_late")];
  await finish(server, await begin(server, made.attempt.id), all);
  const shown = async () => {
    const { tests } = await must(as(server, student, `/submissions/${made.id}/report`));
    return tests.map((each: { name: string }) => each.name);
  };
  expect(await shown()).toEqual(["test_seen"]);
  const past = new Date(Date.now() - 120_000).toISOString();
  await must(as(server, instructor, `/assignments/${id}`, { method: "PATCH", json: { dueAt: past } }));
  expect(await shown()).toEqual(["test_seen", "test_late"]);
  const extended = {
    method: "PUT",
    json: { dueAt: new Date(Date.now() + 60_000).toISOString(), reason: "r" },
  };
  await must(as(server, instructor, `/assignments/${id}/extensions/${other.id}`, extended));
  expect(await shown()).toEqual(["test_seen"]);
});
