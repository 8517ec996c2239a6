// Who handed it in reaches a teaching assistant by no way there is while an assignment is graded without names. The
// ways are taken from the server itself: every GET of the API and of the pages.
import AdmZip from "adm-zip";
import { beforeAll, expect, test } from "vitest";
import { sessionViewer } from "../src/accounts/viewer.ts";
import { handIn, must, testCourse, zipOf } from "../src/api/testing/course.ts";
import { begin, finish, record, resultOf } from "../src/api/testing/grade.ts";
import { as, somebody, testServer } from "../src/api/testing/server.ts";
import { commentLine, findReview, viewReview } from "../src/review/review.ts";
import { manifestEntries } from "../src/submissions/tables.ts";
import { mountWeb } from "../src/web/web.ts";

const server = await testServer();
mountWeb(server.app);
const { db } = server.services;
const course = await testCourse(server);
const ada = await somebody(server, { name: "Ada Lovelace" });
const second = await somebody(server, { name: "Second Assistant" });
const NUMBER = "S20260001";
const csv = `email,name,role,student number\n${ada.email},Ada Lovelace,student,${NUMBER}\n${second.email},Second Assistant,ta,\n`;
await must(as(server, course.instructor, `/courses/${course.slug}/roster`, { body: csv, type: "text/csv" }));
const code = "# by Ada Lovelace\ndef echo(x):\n    return x\n";
const zip = zipOf({
  "echo.py": code,
  "ada_lovelace/notes.md": "mine\n",
  "report.pdf": "%PDF-1.7 << /Author (Ada Lovelace) >>",
});
const work = await handIn(server, ada, course.assignmentId, zip);
/** Whatever says whose it is. */
const markers = ["Ada", "Lovelace", "lovelace", ada.email, NUMBER, ada.id];

const set = (json: object) =>
  must(as(server, course.instructor, `/assignments/${course.assignmentId}`, { method: "PATCH", json }));

beforeAll(async () => {
  const token = await begin(server, work.attempt.id);
  const tests = [resultOf("test_seen")];
  await record(server, token, tests);
  await finish(server, token, tests);
  const review = await findReview(db, sessionViewer(second), work.id);
  await commentLine(
    db,
    sessionViewer(second),
    review,
    { path: "ada_lovelace/notes.md", line: 1, text: "why" },
    1,
  );
  await set({ blind: true });
});

/** Every address that answers a GET about this work, its parameters filled. */
function addresses(about: RegExp): string[] {
  const own: Record<string, string> = {
    ...{
      course: course.slug,
      assignment: `${course.slug}.hw1`,
      submission: work.id,
      attempt: work.attempt.id,
    },
    ...{ person: crypto.randomUUID(), version: course.versionId, suite: "echo", form: "csv" },
  };
  const paths = server.app.routes
    .filter(({ method, path }) => method === "GET" && !path.includes("*") && about.test(path))
    .map(({ path }) =>
      path.replace(/[:{](\w+)(?:\{[^}]*\})?\}?/g, (_, name: string) => own[name] ?? crypto.randomUUID()),
    );
  return [...new Set(paths)].flatMap((path) =>
    /source|\/file$|review$|second$/.test(path)
      ? [path, ...["echo.py", "file-1.md", "file-3.pdf"].map((file) => `${path}?path=${file}`)]
      : [path],
  );
}

async function read(path: string, who: { token: string }): Promise<{ status: number; text: string }> {
  const answer = await server.app.request(path, { headers: { authorization: `Bearer ${who.token}` } });
  const late = setTimeout(() => void answer.body?.cancel().catch(() => {}), 1500);
  const parts: Uint8Array[] = [];
  try {
    if (answer.body) for await (const part of answer.body) parts.push(part);
  } catch {
    // Cancelled: what came is what counts.
  } finally {
    clearTimeout(late);
  }
  const bytes = Buffer.concat(parts);
  const zipped = bytes.subarray(0, 2).toString() === "PK" ? new AdmZip(bytes).getEntries() : [];
  const inside = zipped.map((entry) => `${entry.entryName} ${entry.getData().toString("latin1")}`).join("\n");
  return { status: answer.status, text: `${JSON.stringify([...answer.headers])} ${bytes} ${inside}` };
}

async function leaks(about: RegExp, words: string[], who = course.ta) {
  const found: string[] = [];
  let good = 0;
  for (const path of addresses(about)) {
    const { status, text } = await read(path, who);
    if (status === 200) good += 1;
    for (const word of words) if (text.includes(word)) found.push(`${path}: ${word}`);
  }
  return { found, good };
}

const ofWork = /[:{](assignment|submission|attempt)/;
const ofCourse = /\/courses\/[:{]course[^/]*\/gradebook/;

test("no page and no answer about the work says whose it is", { timeout: 120_000 }, async () => {
  const { found, good } = await leaks(ofWork, markers);
  expect(found).toEqual([]);
  expect(good).toBeGreaterThan(25);
});

test("pages of the course that name people lead to no work, and the queue names nobody", {
  timeout: 60_000,
}, async () => {
  expect((await leaks(ofCourse, [work.id])).found).toEqual([]);
  expect((await leaks(/\/courses\/[:{]course[^/]*\/queue$/, markers)).found).toEqual([]);
});

test("asking for one person's submissions is refused, and so are the upload as it came and an attempt's bundle", async () => {
  const list = await as(
    server,
    course.ta,
    `/assignments/${course.assignmentId}/submissions?person=${ada.id}`,
  );
  expect([list.status, list.body.error.code]).toEqual([403, "blind_now"]);
  for (const whole of [`/submissions/${work.id}/original`, `/attempts/${work.attempt.id}/bundle`]) {
    const { status, body } = await as(server, course.ta, whole);
    expect([status, body.error.code], whole).toEqual([403, "blind_now"]);
  }
});

test("a comment's author is nobody, and a comment by the shown path stands at the real file", async () => {
  const ta = sessionViewer(course.ta);
  const review = await findReview(db, ta, work.id);
  const [seen] = (await viewReview(db, review))!.comments;
  expect([seen!.by, seen!.path]).toEqual(["▒▒▒▒", "file-1.md"]);
  const json = { path: "file-1.md", line: 1, text: "and here" };
  expect((await as(server, course.ta, `/submissions/${work.id}/comments`, { json })).status).toBe(204);
  const lead = await must(as(server, course.instructor, `/submissions/${work.id}/review`));
  expect(lead.comments.map(({ path }: { path: string }) => path)).toEqual([
    "ada_lovelace/notes.md",
    "ada_lovelace/notes.md",
  ]);
  const wrong = { json: { ...json, path: "ada_lovelace/notes.md" } };
  expect((await as(server, course.ta, `/submissions/${work.id}/comments`, wrong)).status).toBe(404);
});

test("whoever leads the course, and the student, see all of it; so do all once results are out", {
  timeout: 120_000,
}, async () => {
  const lead = await leaks(ofWork, ["Ada Lovelace"], course.instructor);
  expect(lead.found.length).toBeGreaterThan(5);
  const own = await read(`/submissions/${work.id}/files`, ada);
  expect(own.text).toContain("ada_lovelace/notes.md");
  await set({ resultsPublishedAt: new Date().toISOString() });
  expect((await leaks(ofWork, ["Ada Lovelace"])).found.length).toBeGreaterThan(5);
  await set({ resultsPublishedAt: null });
  expect(await db.$count(manifestEntries)).toBe(3);
});
