// Downloads of other systems by upload: looked at, mended, taken in once; what is wrong is named and stores nothing.
import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { auditLog } from "../accounts/tables.ts";
import { sessionViewer } from "../accounts/viewer.ts";
import { workOffImports } from "../submissions/import-run.ts";
import { addPeopleFile, decideImport, dropImport, findImport, lookAtImport } from "../submissions/imports.ts";
import { submissionImports, submissions } from "../submissions/tables.ts";
import { must, testCourse, zipOf } from "./testing/course.ts";
import { as, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const { instructor, student, other } = course;
const { services } = server;
const { db } = services;
const viewer = sessionViewer(instructor);

let made = 0;
async function assignment(): Promise<string> {
  const slug = `moved-${++made}`;
  const json = { slug, title: slug, state: "open", suiteVersionId: course.versionId };
  return (await must(as(server, instructor, `/courses/${course.slug}/assignments`, { json }))).id;
}
const work = (comment: string) => `# ${comment}\ndef echo(x):\n    return x\n`;
const upload = (id: string, files: Record<string, string>) =>
  as(server, instructor, `/assignments/${id}/imports?name=all.zip`, {
    body: zipOf(files),
    type: "application/zip",
  });
const found = (id: string) => findImport(db, viewer, id);
const seen = (id: string) => must(as(server, instructor, `/imports/${id}`));
const apply = (id: string, basis: string) =>
  as(server, instructor, `/imports/${id}/apply`, { json: { basis } });
const rowsOf = (assignmentId: string) =>
  db
    .select()
    .from(submissions)
    .where(eq(submissions.assignmentId, assignmentId))
    .orderBy(submissions.receivedAt);

const person = (id: number, name: string) => `${name}_${id}_assignsubmission_file/echo.py`;

test("names and times that a download lacks are given, then it is taken in once, however often it is pressed", async () => {
  const id = await assignment();
  const looked = await must(
    upload(id, {
      [person(41, "Mr Nobody")]: work("one"),
      [person(42, other.name)]: work("two"),
      "stray.txt": "x",
    }),
  );
  expect(looked.notTaken).toMatchObject([
    { code: "nobody", who: "Mr Nobody", why: { zh: expect.stringContaining("名册") } },
    { code: "untimed" },
  ]);
  expect(looked.leftOut).toMatchObject([{ path: "stray.txt" }]);
  expect(await rowsOf(id)).toEqual([]);

  const times = `Identifier,Last modified (submission)\nParticipant 41,"Monday, 2 March 2026, 9:05 AM"\n`;
  await addPeopleFile(services, await found(looked.id), { name: "times.csv", bytes: Buffer.from(times) });
  const [first] = (await lookAtImport(db, await found(looked.id))).plan.not;
  const people = new Map([[first!.unmatched[0]!.key, `Whatever <${student.email.toUpperCase()}>`]]);
  await decideImport(db, await found(looked.id), { people, moment: "2026-03-03 08:00" });

  const now = await seen(looked.id);
  expect(now.notTaken).toEqual([]);
  expect((await apply(looked.id, looked.basis)).status, "something else than was seen").toBe(409);
  const twice = await Promise.all([apply(looked.id, now.basis), apply(looked.id, now.basis)]);
  expect(twice.map(({ status }) => status)).toEqual([202, 202]);
  await Promise.all([workOffImports(services), workOffImports(services)]);
  const rows = await rowsOf(id);
  expect(rows.map((row) => [row.personId, row.receivedAt.toISOString()])).toEqual([
    [student.id, "2026-03-02T01:05:00.000Z"],
    [other.id, "2026-03-03T00:00:00.000Z"],
  ]);
  expect(await seen(looked.id)).toMatchObject({
    state: "ended",
    outcomes: [{ outcome: "added" }, { outcome: "added" }],
  });
  const begun = await db
    .select({ detail: auditLog.detail })
    .from(auditLog)
    .where(and(eq(auditLog.action, "submission.import_begun"), eq(auditLog.subjectId, id)));
  expect(begun).toEqual([{ detail: { file: "all.zip", system: "moodle", submissions: 2, chosen: 1 } }]);

  await must(apply(looked.id, (await seen(looked.id)).basis));
  await workOffImports(services);
  expect((await seen(looked.id)).outcomes).toMatchObject([{ outcome: "repeated" }, { outcome: "repeated" }]);
  expect(await rowsOf(id)).toEqual(rows);
});

test("a server that ends in the middle leaves the rest to the next look; what is refused stops nobody else", async () => {
  const id = await assignment();
  const looked = await must(
    upload(id, {
      [person(51, student.name)]: work("fine"),
      [person(52, other.name).replace("echo", "not")]: "x",
    }),
  );
  await decideImport(db, await found(looked.id), { people: new Map(), moment: "2026-03-03" });
  await must(apply(looked.id, (await seen(looked.id)).basis));
  await expect(dropImport(db, viewer, await found(looked.id))).rejects.toThrow(/taken in just now/);
  // Somebody worked on it a minute ago, and is gone.
  const left = new Date(Date.now() - 60_000);
  await db.update(submissionImports).set({ touchedAt: left }).where(eq(submissionImports.id, looked.id));
  expect(await workOffImports(services)).toBe(1);
  const { outcomes, state } = await seen(looked.id);
  expect(state).toBe("ended");
  expect(outcomes.map((one: { outcome: string }) => one.outcome).sort()).toEqual(["added", "refused"]);
  expect(JSON.stringify(outcomes)).toContain("echo.py");
  expect(await rowsOf(id)).toHaveLength(1);
  await dropImport(db, viewer, await found(looked.id));
  expect(await rowsOf(id)).toHaveLength(1);
});

test("a name that no database takes does not stop the look; a choice for a name that is not there is none", async () => {
  const id = await assignment();
  const metadata = [
    "submission_71:",
    "  :submitters:",
    '  - :name: "Nul\\0 and half a pair \\uD800"',
    "    :sid:",
    "    :email:",
    "  :created_at: 2026-03-02 10:00:00 Z",
  ].join("\n");
  const looked = await must(
    upload(id, { "e/submission_metadata.yml": metadata, "e/submission_71/echo.py": work("x") }),
  );
  expect(looked.notTaken).toMatchObject([{ code: "nobody", who: expect.stringMatching(/^Nul/) }]);
  const people = new Map([["gradescope:71 7", student.email]]);
  await decideImport(db, await found(looked.id), { people, moment: "" });
  expect((await found(looked.id)).row.choices).toEqual({});
});

test("a ZIP that is none of theirs, a damaged one and a bad file beside it are refused by name", async () => {
  const id = await assignment();
  const none = await upload(id, { "src/a.py": "x" });
  expect([none.status, none.body.error.code]).toEqual([422, "no_download"]);
  const damaged = await as(server, instructor, `/assignments/${id}/imports`, {
    body: Buffer.from("PK but no ZIP"),
    type: "application/zip",
  });
  expect(damaged.status).toBe(422);
  expect(await db.select().from(submissionImports).where(eq(submissionImports.assignmentId, id))).toEqual([]);

  const looked = await must(upload(id, { [person(61, student.name)]: work("one") }));
  const bad = { name: "w.csv", bytes: Buffer.from("Identifier,Last modified (submission)\nP 61,some day\n") };
  await expect(addPeopleFile(services, await found(looked.id), bad)).rejects.toThrow(
    /w\.csv.*line 2.*some day/,
  );
  const wrong = (people: Map<string, string>, moment: string) =>
    found(looked.id).then((one) => decideImport(db, one, { people, moment }));
  await expect(wrong(new Map([["moodle:61 0", "nobody@x.example"]]), "")).rejects.toThrow(
    /nobody on the roster/,
  );
  await expect(wrong(new Map(), "soon")).rejects.toThrow(/no date and time/);
  expect((await seen(looked.id)).basis).toBe(looked.basis);
});
