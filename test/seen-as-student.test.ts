// Staff see a course with a student's eyes: what the student is shown, no more, and that they looked is on record.
import { beforeAll, expect, test } from "vitest";
import { handIn, testCourse } from "../src/api/testing/course.ts";
import { begin, finish, record, resultOf } from "../src/api/testing/grade.ts";
import { type TestPerson, testServer } from "../src/api/testing/server.ts";
import { mountWeb } from "../src/web/web.ts";

const server = await testServer();
mountWeb(server.app);
const course = await testCourse(server);
const own = `/courses/${course.slug}`;
const asStudent = `${own}/as/${course.student.id}`;

async function get(who: TestPerson, path: string) {
  const headers = { authorization: `Bearer ${who.token}`, "accept-language": "en" };
  const answer = await server.app.request(path, { headers });
  return { status: answer.status, text: await answer.text() };
}

const looks = async () =>
  (
    await server.owner.sql`select actor_id, subject_id from audit_log where action = 'course.seen_as_student'`
  ).map((row) => [row.actor_id, row.subject_id]);

beforeAll(async () => {
  const { attempt } = await handIn(server, course.student, course.assignmentId);
  const token = await begin(server, attempt.id);
  const tests = [resultOf("test_seen"), resultOf("test_hidden"), resultOf("test_late")];
  await record(server, token, tests);
  await finish(server, token, tests);
});

test("they see the student's points, without what is hidden from the student", async () => {
  const [theirs, mine] = [await get(course.ta, asStudent), await get(course.student, own)];
  expect(theirs.status).toBe(200);
  const points = (text: string) => [...text.matchAll(/[\d.]+ (?:\/|of) [\d.]+/g)].map(String);
  expect(points(theirs.text)).toEqual(points(mine.text));
  expect(points(theirs.text)).toContain("10 of 10");
  expect(theirs.text).toContain("?as=student");
  expect(await looks()).toEqual([[course.ta.id, course.student.id]]);
});

test("nothing on it can be sent but language, theme and signing out", async () => {
  const { text } = await get(course.ta, asStudent);
  const actions = [...text.matchAll(/<form[^>]*action="([^"]*)"/g)].map((found) => found[1]);
  expect(new Set(actions)).toEqual(new Set(["/preferences", "/sign-out"]));
});

test("an assignment is shown with the student's eyes too: their history, no form, and it is on record", async () => {
  const page = await get(course.ta, `${asStudent}/hw1`);
  expect(page.status).toBe(200);
  expect(page.text).toContain("?as=student");
  const actions = [...page.text.matchAll(/<form[^>]*action="([^"]*)"/g)].map((found) => found[1]);
  expect(new Set(actions)).toEqual(new Set(["/preferences", "/sign-out"]));
  for (const who of [course.student, course.stranger]) {
    expect((await get(who, `${asStudent}/hw1`)).status).toBe(404);
  }
  const details = await server.owner
    .sql`select detail from audit_log where detail ? 'assignment' and action = 'course.seen_as_student'`;
  expect(details.map(({ detail }) => detail)).toEqual([{ assignment: course.assignmentId }]);
});

test("whoever grades without names is not told by it whose work is whose; an instructor is", async () => {
  await server.owner.sql`update assignments set blind = true where id = ${course.assignmentId}`;
  expect((await get(course.ta, `${asStudent}/hw1`)).status).toBe(403);
  expect((await get(course.ta, asStudent)).text).not.toContain("/submissions/");
  expect((await get(course.instructor, `${asStudent}/hw1`)).status).toBe(200);
  expect((await get(course.instructor, asStudent)).text).toContain("/submissions/");
  await server.owner.sql`update assignments set blind = false where id = ${course.assignmentId}`;
});

test("nobody else, and of nobody but students of the course", async () => {
  for (const who of [course.student, course.other, course.stranger]) {
    expect((await get(who, asStudent)).status).toBe(404);
  }
  for (const person of [course.stranger.id, course.instructor.id, "nobody"]) {
    expect((await get(course.ta, `${own}/as/${person}`)).status).toBe(404);
  }
});
