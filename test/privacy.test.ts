// One person's data, out and away: what an export holds, what a deletion leaves in any column of any table, and what a
// course's date removes.
import AdmZip from "adm-zip";
import { eq, inArray, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { sessionViewer } from "../src/accounts/viewer.ts";
import { echoZip, handIn, must, testCourse } from "../src/api/testing/course.ts";
import { begin, finish, record, resultOf } from "../src/api/testing/grade.ts";
import { as, somebody, testServer } from "../src/api/testing/server.ts";
import { removeOrphanedBlobs } from "../src/cli/orphaned-blobs.ts";
import { courses } from "../src/courses/tables.ts";
import { clearDueCourses } from "../src/privacy/retention.ts";
import { commentLine, findReview } from "../src/review/review.ts";
import { BlobMissing } from "../src/storage/blobs.ts";
import { submissionMembers, submissions } from "../src/submissions/tables.ts";

/** In everything that is theirs alone. */
const MARK = "lilac-heron";
/** In what they handed in with somebody else. */
const SHARED = "amber-wren";
const HIDDEN = "hidden-words";

const server = await testServer();
const { db, blobs } = server.services;
const owner = server.owner.db;
const course = await testCourse(server);
const leaver = await somebody(server, { name: `Lena ${MARK}` });
const own = { id: "", blob: "", archive: "" };
const shared = { id: "", blob: "" };

/** Handed in and graded, with these words in code, output and comment. */
async function handedIn(words: string): Promise<string> {
  const work = await handIn(server, leaver, course.assignmentId, echoZip(`# ${words}\n`));
  const token = await begin(server, work.attempt.id);
  const seen = resultOf("test_seen", { stdout: words, traceback: words, message: { en: words, zh: words } });
  const hidden = resultOf("test_hidden", { stdout: HIDDEN, score: 0, verdict: "failed" });
  const late = resultOf("test_late");
  await record(server, token, [seen, hidden, late]);
  await finish(server, token, [seen, hidden, late]);
  const ta = sessionViewer(course.ta);
  const review = await findReview(db, ta, work.id);
  await commentLine(db, ta, review, { path: "echo.py", line: 1, text: `${words} comment` }, 1);
  return work.id;
}

beforeAll(async () => {
  const csv = `email,name,role,student_number,section\n${leaver.email},Lena,student,${MARK}-7,A\n`;
  await must(
    as(server, course.instructor, `/courses/${course.slug}/roster`, { body: csv, type: "text/csv" }),
  );
  await owner.execute(sql`update people set email = ${`${MARK}@example.edu`} where id = ${leaver.id}`);
  leaver.email = `${MARK}@example.edu`;
  await must(
    as(server, course.instructor, `/assignments/${course.assignmentId}`, {
      method: "PATCH",
      json: { dueAt: "2099-01-01T00:00:00Z" },
    }),
  );
  own.id = await handedIn(MARK);
  shared.id = await handedIn(SHARED);
  await owner.insert(submissionMembers).values({ submissionId: shared.id, personId: course.other.id });
  const rows = await owner
    .select()
    .from(submissions)
    .where(inArray(submissions.id, [own.id, shared.id]));
  for (const { id, originalBlob, archiveBlob } of rows) {
    if (id === own.id) Object.assign(own, { blob: originalBlob, archive: archiveBlob });
    else shared.blob = archiveBlob;
  }
  await owner.execute(sql`update submissions set original_name = ${`${MARK}.zip`} where id = ${own.id}`);
  const ask = { json: { wantedAt: "2099-02-01T00:00:00Z", reason: `${MARK} was ill` } };
  await must(as(server, leaver, `/assignments/${course.assignmentId}/extension-requests`, ask));
});

async function zipFor(who: { token: string }, path: string) {
  const answer = await server.app.request(`/api/v1${path}`, {
    headers: { authorization: `Bearer ${who.token}` },
  });
  expect(answer.status).toBe(200);
  const zip = new AdmZip(Buffer.from(await answer.arrayBuffer()));
  return new Map(zip.getEntries().map((entry) => [entry.entryName, entry.getData().toString("utf8")]));
}

/** Tables with a row that holds this anywhere. */
async function tablesWith(words: string): Promise<string[]> {
  const names = await owner.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`);
  const found: string[] = [];
  for (const { name } of names) {
    const like = `%${words}%`;
    const [row] = await owner.execute(
      sql`select 1 from ${sql.identifier(name)} t where t::text ilike ${like} limit 1`,
    );
    if (row) found.push(name);
  }
  return found;
}

test("the export holds what is theirs, and nothing that is hidden from them", async () => {
  const files = await zipFor(leaver, "/me/export");
  const at = `submissions/${course.slug}/hw1-1`;
  expect(files.get(`${at}/files/echo.py`)).toBe(`# ${MARK}\n`);
  expect(files.has(`${at}/upload.zip`)).toBe(true);
  expect(JSON.parse(files.get(`${at}/report.json`)!).tests.map(({ name }: { name: string }) => name)).toEqual(
    ["test_seen"],
  );
  expect(JSON.parse(files.get(`${at}/receipt.json`)!).sha256).toBe(own.blob);
  // Results are not published: what people wrote is not there yet.
  expect(files.get(`${at}/review.json`)).toBe("null\n");
  expect(JSON.parse(files.get("account/people.json")!)[0].email).toBe(leaver.email);
  expect(files.get("words/extension_requests.json")).toContain("was ill");
  expect(JSON.parse(files.get("courses/roster.json")!)[0].student_number).toBe(`${MARK}-7`);
  const all = [...files.values()].join("\n");
  for (const secret of [HIDDEN, `${MARK} comment`, leaver.token, course.ta.name])
    expect(all).not.toContain(secret);
});

test("a member of a group has the shared work in theirs; an administrator gets the same of anybody, and it is logged", async () => {
  const others = await zipFor(course.other, "/me/export");
  const folder = `submissions/${course.slug}/hw1-2-${shared.id.slice(-6)}`;
  expect(others.get(`${folder}/files/echo.py`)).toBe(`# ${SHARED}\n`);
  expect([...others.keys()].filter((path) => path.includes("hw1-1"))).toEqual([]);
  const files = await zipFor(course.admin, `/people/${leaver.id}/export`);
  expect(files.get(`submissions/${course.slug}/hw1-1/files/echo.py`)).toBe(`# ${MARK}\n`);
  const log = await owner.execute(
    sql`select actor_id from audit_log where action = 'person.exported' and subject_id = ${leaver.id} order by id`,
  );
  expect(log.map(({ actor_id }) => actor_id)).toEqual([leaver.id, course.admin.id]);
});

const removal = (json: unknown) => as(server, course.admin, `/people/${leaver.id}/removal`, { json });
const points = async () => {
  const book = await must(as(server, course.instructor, `/courses/${course.slug}/gradebook`));
  return book.students.find(({ personId }: { personId: string }) => personId === leaver.id);
};

test("a deletion wants a reason, the right e-mail and nothing unfinished", async () => {
  const email = leaver.email;
  expect((await removal({ email, reason: " " })).body.error.code).toBe("removal_reason_needed");
  expect((await removal({ email: "other@example.edu", reason: "asked" })).body.error.code).toBe(
    "removal_unconfirmed",
  );
  const waiting = await handIn(server, leaver, course.assignmentId, echoZip(`# ${MARK} 3\n`));
  expect((await removal({ email, reason: "asked" })).body.error).toMatchObject({
    ...{ code: "work_unfinished", params: { unfinished: 1 } },
  });
  await must(as(server, leaver, `/attempts/${waiting.attempt.id}/cancel`, { method: "POST" }));
  expect(await tablesWith(MARK)).toEqual([
    ...["extension_requests", "line_comments", "people", "roster", "submissions", "test_results"],
  ]);
});

test("deleted, nothing of theirs is in any column of any table; points and the others' work are", async () => {
  const before = await points();
  const preview = await must(as(server, course.admin, `/people/${leaver.id}/removal`));
  expect(preview).toMatchObject({ submissions: 2, shared: 1, hindrance: null });
  const { lines } = await must(removal({ email: leaver.email, reason: "asked for it" }));
  // What was shown is what was done.
  const shown = preview.lines.filter(({ act }: { act: string }) => act !== "keep");
  expect(lines).toEqual(shown);
  expect(lines.find(({ table }: { table: string }) => table === "manifest_entries").rows).toBe(2);

  expect(await tablesWith(MARK)).toEqual([]);
  expect(await tablesWith(SHARED)).toEqual(["line_comments", "test_results"]);
  const after = await points();
  const { name, email } = after;
  expect(name).toMatch(/^Deleted person · 已删除 /);
  expect(before.total).toBeGreaterThan(0);
  expect(after).toEqual({ ...before, name, email, studentNumber: null });
  expect((await as(server, leaver, "/me")).status).toBe(401);
  const [entry] = await owner.execute(sql`select detail from audit_log where action = 'person.removed'`);
  expect(entry!.detail).toMatchObject({ reason: "asked for it", rows: { submissions: 2, people: 1 } });
  expect((await removal({ email, reason: "again" })).body.error.code).toBe("person_removed");
});

test("their files answer that they are gone; the report still shows verdicts; blobs are collected, the group's stay", async () => {
  for (const what of ["zip", "original", "receipt", "file?path=echo.py"]) {
    expect((await as(server, course.ta, `/submissions/${own.id}/${what}`)).status).toBe(410);
  }
  const report = await must(as(server, course.ta, `/submissions/${own.id}/report`));
  expect(
    report.tests.map(({ verdict, stdout }: { verdict: string; stdout: string }) => [verdict, stdout]),
  ).toEqual([
    ["passed", ""],
    ["failed", ""],
    ["passed", ""],
  ]);
  expect((await as(server, course.other, `/submissions/${shared.id}/file?path=echo.py`)).body).toBe(
    `# ${SHARED}\n`,
  );
  const store = {
    oldBlobs: async function* () {
      yield* [own.blob, own.archive, shared.blob];
    },
    removeIfOld: (hash: string) => blobs.remove(hash).then(() => true),
  };
  expect(await removeOrphanedBlobs(owner, store, new Date())).toBe(2);
  await expect(blobs.open(own.archive)).rejects.toThrow(BlobMissing);
  expect(await blobs.has(shared.blob)).toBe(true);
});

test("nobody grades again what has no files", async () => {
  const json = { scope: "all", reason: "suite mended" };
  const rerun = await must(
    as(server, course.instructor, `/assignments/${course.assignmentId}/reruns`, { json }),
  );
  const entries = await owner.execute(
    sql`select submission_id from rerun_entries where rerun_id = ${rerun.id}`,
  );
  expect(entries.map(({ submission_id }) => submission_id)).toEqual([shared.id]);
  await must(as(server, course.instructor, `/reruns/${rerun.id}/cancel`, { method: "POST" }));
});

const retention = `/courses/${course.slug}/retention`;
const soon = () => new Date(Date.now() + 8 * 86_400_000).toISOString();

test("a course's date is a week ahead at least, with a preview; nothing happens before", async () => {
  const put = (json: unknown) => as(server, course.instructor, retention, { method: "PUT", json });
  expect((await put({ until: new Date().toISOString(), reason: "law" })).body.error.code).toBe(
    "retention_too_soon",
  );
  expect((await put({ until: soon(), reason: "" })).body.error.code).toBe("removal_reason_needed");
  const set = await must(put({ until: soon(), reason: "two years by law" }));
  expect(set).toMatchObject({ state: "ahead", submissions: 1 });
  expect(await clearDueCourses(db)).toBe(0);
  expect(await tablesWith(SHARED)).not.toEqual([]);
});

test("when it has come, an appeal is waited for; then files and words go once, names and points stay", async () => {
  const elsewhere = await testCourse(server);
  const kept = await handIn(server, elsewhere.student, elsewhere.assignmentId, echoZip("# cobalt\n"));
  await owner
    .update(courses)
    .set({ retainUntil: new Date(Date.now() - 1000) })
    .where(eq(courses.slug, course.slug));
  const late = await handIn(server, course.student, course.assignmentId);
  expect(await must(as(server, course.instructor, retention))).toMatchObject({
    state: "waiting",
    unfinished: 1,
  });
  expect(await clearDueCourses(db)).toBe(0);
  await must(as(server, course.student, `/attempts/${late.attempt.id}/cancel`, { method: "POST" }));

  expect(await clearDueCourses(db)).toBe(1);
  expect(await clearDueCourses(db)).toBe(0);
  expect(await tablesWith(SHARED)).toEqual([]);
  expect(await must(as(server, course.instructor, retention))).toMatchObject({
    state: "done",
    submissions: 0,
  });
  const view = await must(as(server, course.other, `/submissions/${shared.id}`));
  expect(view.members.map(({ name }: { name: string }) => name)).toContain(course.other.name);
  expect((await as(server, elsewhere.student, `/submissions/${kept.id}/file?path=echo.py`)).body).toBe(
    "# cobalt\n",
  );
  const log = await must(as(server, course.instructor, `/courses/${course.slug}/audit`));
  const acts = log.items.map(({ action, actorId }: { action: string; actorId: unknown }) => [
    action,
    actorId,
  ]);
  expect(acts).toContainEqual(["course.cleared", null]);
});
