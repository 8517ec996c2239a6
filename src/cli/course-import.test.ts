// `assay course import` against a real server: what Gradescope, Canvas and Moodle hand out goes in once, at its own
// time, and what is wrong with one submission is that one's alone.
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { eq } from "drizzle-orm";
import { afterAll, expect, test, vi } from "vitest";
import { auditLog } from "../accounts/tables.ts";
import { must, publishedVersion, suiteFiles, testCourse, zipOf } from "../api/testing/course.ts";
import { as, testServer } from "../api/testing/server.ts";
import { movedIn, submissions } from "../submissions/tables.ts";
import { courseCommand } from "./course.ts";

const server = await testServer();
const course = await testCourse(server);
const { instructor, student, other } = course;
const { db } = server.services;
const folder = await mkdtemp(join(tmpdir(), "assay-import-test-"));
const listening = createAdaptorServer({ fetch: server.app.fetch });
await once(listening.listen(0, "127.0.0.1"), "listening");
const { port } = listening.address() as AddressInfo;
afterAll(async () => {
  listening.close();
  await rm(folder, { recursive: true, force: true });
});

/** A new assignment, so that tests do not meet; late days cost ten percent. */
let made = 0;
async function assignment(wish: object = {}): Promise<{ id: string; ref: string }> {
  const slug = `moved-${++made}`;
  const json = { slug, title: slug, state: "open", suiteVersionId: course.versionId, ...wish };
  const { id } = await must(as(server, instructor, `/courses/${course.slug}/assignments`, { json }));
  return { id, ref: `${course.slug}/${slug}` };
}

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

async function run(...args: string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
  const error = vi.spyOn(console, "error").mockImplementation((line) => void lines.push(String(line)));
  const options = ["--server", `http://127.0.0.1:${port}`, "--token", instructor.token, "--lang", "en"];
  try {
    await courseCommand().parseAsync(["import", ...args, ...options], { from: "user" });
    return { code: Number(process.exitCode ?? 0), said: lines.join("\n") };
  } finally {
    log.mockRestore();
    error.mockRestore();
    process.exitCode = 0;
  }
}

const work = (comment: string) => `# ${comment}\ndef echo(x):\n    return x\n`;
const rowsOf = (assignmentId: string) =>
  db
    .select()
    .from(submissions)
    .where(eq(submissions.assignmentId, assignmentId))
    .orderBy(submissions.receivedAt);

const gradescopeExport = (extra: Record<string, string> = {}) => {
  const root = "assignment_42_export/";
  const metadata = [
    "---",
    ...entry(7001, student.name, student.email, "2026-03-02 10:00:00.000000000 +08:00"),
    ...entry(7002, other.name, other.email, "2026-03-01 23:30:00.500000000 Z"),
    ...entry(7003, "Nobody Here", "nobody@elsewhere.example", "2026-03-01 00:00:00 Z"),
    "",
  ].join("\n");
  return zipOf({
    [`${root}submission_metadata.yml`]: metadata,
    [`${root}submission_7001/echo.py`]: work("first"),
    [`${root}submission_7002/hw/echo.py`]: work("second"),
    [`${root}submission_7003/echo.py`]: work("third"),
    [`__MACOSX/${root}._submission_metadata.yml`]: "litter",
    ...extra,
  });
};
const entry = (id: number, name: string, email: string, at: string) => [
  `submission_${id}:`,
  "  :submitters:",
  `  - :name: ${name}`,
  "    :sid:",
  `    :email: ${email}`,
  `  :created_at: ${at}`,
  "  :results:",
  "    tests: []",
];

test("a Gradescope export is looked at first, then taken in at its times, then known", async () => {
  const dueAt = "2026-03-02T00:00:00Z";
  const target = await assignment({ dueAt, lateLastDay: 0, latePercentPerDay: 10, attemptsTotal: 1 });
  const zip = await write("gradescope.zip", gradescopeExport());
  const looked = await run(target.ref, zip);
  expect(looked.said).toContain(
    "2 submissions from gradescope would be taken in; 0 of them are here already",
  );
  expect(looked.said).toContain("not taken: Nobody Here (gradescope:7003)");
  expect(looked.code).toBe(1);
  expect(await rowsOf(target.id)).toEqual([]);

  const done = await run(target.ref, zip, "--apply");
  expect(done.said).toContain("2 submissions taken in, 0 were here already");
  const rows = await rowsOf(target.id);
  expect(rows.map((row) => [row.personId, row.receivedAt.toISOString(), row.number])).toEqual([
    [other.id, "2026-03-01T23:30:00.500Z", 1],
    [student.id, "2026-03-02T02:00:00.000Z", 1],
  ]);

  const again = await run(target.ref, zip, "--apply");
  expect(again.said).toContain("0 submissions taken in, 2 were here already");
  expect(await rowsOf(target.id)).toEqual(rows);

  const view = await must(as(server, student, `/submissions/${rows[1]!.id}`));
  expect(view.notes.join()).toContain("Handed in at Gradescope");
  const receipt = await must(as(server, student, `/submissions/${rows[1]!.id}/receipt`));
  expect(receipt).toMatchObject({ movedFrom: "Gradescope", claimedAt: null });
  const report = await must(as(server, student, `/submissions/${rows[1]!.id}/report`));
  expect(report.late).toMatchObject({ days: 1 });
  const details = await must(as(server, student, `/assignments/${target.id}`));
  expect(details.attemptsLeft).toBe(1);
  const audited = await db.select().from(auditLog).where(eq(auditLog.action, "submission.moved_in"));
  expect(audited.map(({ detail }) => detail)).toContainEqual(
    expect.objectContaining({ origin: "gradescope:7001", person: student.id }),
  );
});

test("what one student handed in cannot be taken: the others are, and after mending it is, too", async () => {
  const target = await assignment();
  const bad = Buffer.from(
    zipOf({ "echo.py": "x", "a/xx/xx/b.py": "y" })
      .toString("latin1")
      .replaceAll("a/xx/xx/b.py", "a/../../b.py"),
    "latin1",
  );
  const download = (theirs: Buffer) =>
    zipOf({
      "studenta_501_9001_work.zip": theirs,
      "studentb_502_9002_echo.py": work("b"),
      "studentb_502_9003_notes.txt": "notes",
    });
  const people = await write(
    "gradebook.csv",
    `Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"A",501,,${student.email},\n"B",502,,${other.email},\n`,
  );
  const options = ["--people", people, "--received-at", "2026-03-05T23:59", "--apply"];
  const first = await run(target.ref, await write("canvas.zip", download(bad)), ...options);
  expect(first.code).toBe(1);
  expect(first.said).toContain("1 submissions taken in");
  expect(first.said).toMatch(/not taken: .* \(canvas:501:9001\): .*not a path inside/);
  const good = zipOf({ "hw/echo.py": work("a"), "hw/__pycache__/echo.pyc": "litter" });
  const mended = await run(target.ref, await write("canvas.zip", download(good)), ...options);
  expect(mended).toMatchObject({
    code: 0,
    said: expect.stringContaining("1 submissions taken in, 1 were here"),
  });
  const [a, b] = await rowsOf(target.id);
  // 23:59 in the course's time zone.
  expect([a, b].map((row) => row!.receivedAt.toISOString())).toEqual(
    Array(2).fill("2026-03-05T15:59:00.000Z"),
  );
  const files = await Promise.all(
    [student, other].map(async (who) => {
      const mine = [a, b].find((row) => row!.personId === who.id)!;
      const { items } = await must(as(server, who, `/submissions/${mine.id}/files`));
      return items.map(({ path }: { path: string }) => path);
    }),
  );
  expect(files).toEqual([["echo.py"], ["echo.py", "notes.txt"]]);
});

test("Moodle's folders, unpacked, with the worksheet; a ZIP with a report beside it is one submission", async () => {
  const target = await assignment();
  const root = join(folder, "moodle");
  const person = (id: number, name: string) => join("moodle", `${name}_${id}_assignsubmission_file`);
  await write(join(person(31, "Somebody Else"), "work.zip"), zipOf({ "echo.py": work("m"), "more.py": "" }));
  await write(join(person(31, "Somebody Else"), "report.pdf"), "%PDF-1.4");
  await write(join(person(32, other.name), "echo.py"), work("by name"));
  const worksheet = await write(
    "worksheet.csv",
    `Identifier,Email address,Last modified (submission)\r\nParticipant 31,${student.email},"Monday, 2 March 2026, 9:05 AM"\r\n`,
  );
  const json = await run(target.ref, root, "--people", worksheet, "--json");
  const looked = JSON.parse(json.said);
  expect(looked.take).toMatchObject([
    { person: student.email, receivedAt: "2026-03-02T01:05:00.000Z", files: 2 },
  ]);
  expect(looked.notTaken).toMatchObject([
    { origin: "moodle:32", code: "untimed", why: expect.stringContaining("does not say when") },
  ]);
  await run(target.ref, root, "--people", worksheet, "--apply", "--received-at", "2026-03-03");
  const rows = await rowsOf(target.id);
  expect(rows.map(({ personId }) => personId)).toEqual([student.id, other.id]);
  const { items } = await must(as(server, instructor, `/submissions/${rows[0]!.id}/files`));
  expect(items.map(({ path }: { path: string }) => path)).toEqual(["echo.py", "more.py", "report.pdf"]);
});

test("a damaged download, one that is none, and one that is not there are refused with 2 or 3; nothing is written", async () => {
  const target = await assignment();
  const whole = gradescopeExport();
  const cut = await run(target.ref, await write("cut.zip", whole.subarray(0, whole.length - 40)), "--apply");
  const none = await run(target.ref, await write("none.zip", zipOf({ "a/b.py": "x" })), "--apply");
  const gone = await run(target.ref, join(folder, "gone.zip"), "--apply");
  const outside = gradescopeExport({ "assignment_42_export/submission_7001/x/y/z.py": "" });
  const climbing = Buffer.from(outside.toString("latin1").replaceAll("/x/y/z.py", "/../z.pyx"), "latin1");
  const up = await run(target.ref, await write("up.zip", climbing), "--apply");
  expect([cut.code, none.code, gone.code, up.code]).toEqual([2, 2, 3, 2]);
  expect(up.said).toContain("not a path inside");
  expect(none.said).toContain("no download of Gradescope");
  expect(await db.$count(movedIn, eq(movedIn.assignmentId, target.id))).toBe(0);
});

const body = zipOf({ "echo.py": work("api") });
const move = (target: string, query: Record<string, string>, zip = body) =>
  as(server, instructor, `/assignments/${target}/moved-in?${new URLSearchParams(query)}`, {
    body: zip,
    type: "application/zip",
  });

test("the same from one place, twice at once, is one submission; other files from there are another", async () => {
  const { id } = await assignment();
  const query = { person: student.id, receivedAt: "2026-03-01T00:00:00Z", origin: "moodle:5" };
  const both = await Promise.all([move(id, query), move(id, query)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
  const next = await move(id, query, zipOf({ "echo.py": work("handed in again") }));
  expect([next.status, next.body.number]).toEqual([201, 2]);
  // The folder around the files is now part of the work.
  const inFolder = suiteFiles["grader.yaml"].replace("[echo.py]", "[hw/echo.py]");
  const wrapped = zipOf({ "hw/echo.py": work("wrapped") });
  expect((await move(id, query, wrapped)).status).toBe(201);
  const suiteVersionId = await publishedVersion(server, instructor, course.slug, {
    ...suiteFiles,
    "grader.yaml": inFolder,
    "reference/hw/echo.py": "",
  });
  await must(as(server, instructor, `/assignments/${id}`, { method: "PATCH", json: { suiteVersionId } }));
  expect((await move(id, query, wrapped)).status).toBe(200);
});

test.each([
  ["a moment that has not come", { receivedAt: "2126-01-01T00:00:00Z" }, "moved_from_future"],
  ["somebody who is not on the roster", { person: crypto.randomUUID() }, "not_a_student_here"],
  ["several people, where there are no groups", { members: other.id }, "moved_without_groups"],
  ["a system that is not known", { origin: "blackboard:5" }, "bad_origin"],
])("%s is refused, and nothing is stored", async (_, change, code) => {
  const { id } = await assignment();
  const query = { person: student.id, receivedAt: "2026-03-01T00:00:00Z", origin: "moodle:5", ...change };
  const refused = await move(id, query);
  expect([refused.status, refused.body.error?.code]).toEqual([422, code]);
  expect(await rowsOf(id)).toEqual([]);
});

test("a group's submission has everybody's name on it, as it was there", async () => {
  const json = { slug: "pairs", title: "Pairs", mostMembers: 3, formation: "staff" };
  const set = await must(as(server, instructor, `/courses/${course.slug}/group-sets`, { json }));
  const { id } = await assignment({ groupSetId: set.id });
  const made = await move(id, {
    ...{ person: student.id, members: other.id },
    ...{ receivedAt: "2026-03-01T00:00:00Z", origin: "gradescope:77" },
  });
  const seen = await must(as(server, other, `/submissions/${made.body.id}`));
  expect(seen.members.map((one: { id: string }) => one.id).sort()).toEqual([student.id, other.id].sort());
});
