// Groups of mistakes and the insight through the API: one comment or one item's grade for all of a group, seen before.
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { attempts } from "../grading/tables.ts";
import { handIn, must, publishedVersion, suiteFiles, testCourse } from "./testing/course.ts";
import { begin, finish, record, resultOf } from "./testing/grade.ts";
import { as, testServer } from "./testing/server.ts";

const server = await testServer();
const rubric = "rubric:\n  - { id: method, title: M, points: 10 }\n";

/** Two students who fail the same test alike. */
async function room() {
  const course = await testCourse(server);
  const yaml = `${suiteFiles["grader.yaml"]}${rubric}`.replace("id: echo", "id: rubric");
  const files = { ...suiteFiles, "grader.yaml": yaml };
  const suiteVersionId = await publishedVersion(server, course.instructor, course.slug, files);
  const at = `/assignments/${course.assignmentId}`;
  await must(as(server, course.instructor, at, { method: "PATCH", json: { suiteVersionId } }));
  const works: string[] = [];
  for (const who of [course.student, course.other]) {
    const work = await handIn(server, who, course.assignmentId);
    const token = await begin(server, work.attempt.id);
    const tests = [resultOf("test_seen", { verdict: "failed", score: 0 })];
    await record(server, token, tests);
    await finish(server, token, tests);
    works.push(work.id);
  }
  const { unknown, known, looking } = await must(as(server, course.ta, `${at}/mistakes`));
  expect([known.length, looking, unknown.length, unknown[0].students]).toEqual([0, 0, 1, 2]);
  return { ...course, at, works, group: `${at}/mistakes/${unknown[0].key}` };
}

test("a failure whose name is still looked for is in no group yet, and is counted", async () => {
  const { ta, at, works } = await room();
  const { db } = server.services;
  const look = (finishedAt: Date) =>
    db.update(attempts).set({ diagnosing: true, finishedAt }).where(eq(attempts.subject, works[0]!));
  const seen = async () => {
    const { looking, graded, unknown } = await must(as(server, ta, `${at}/mistakes`));
    return [looking, graded, unknown[0].students];
  };
  await look(new Date());
  expect(await seen()).toEqual([1, 2, 1]);
  // Its worker died in the middle of it.
  await look(new Date(Date.now() - 3_600_000));
  expect(await seen()).toEqual([0, 2, 2]);
});

test("an item's grade for a whole group is seen, given as it was seen, and taken back by its author or a leader", async () => {
  const { ta, instructor, student, at, group, works } = await room();
  const wish = { kind: "item", item: "method", points: 250 };
  expect((await as(server, student, `${group}/preview`, { json: wish })).status).toBe(404);
  const { changes, basis, lines } = await must(as(server, ta, `${group}/preview`, { json: wish }));
  expect(changes).toBe(2);
  expect(lines.map((line: { after: number }) => line.after)).toEqual([250, 250]);
  expect(lines.map((line: { submissionId: string }) => line.submissionId).sort()).toEqual(works.toSorted());
  const give = (json: object) => as(server, ta, `${group}/marks`, { json });
  const other = await give({ wish: { ...wish, points: 300 }, basis });
  expect([other.status, other.body.error.code]).toEqual([409, "group_stale"]);
  const given = await must(give({ wish, basis }));
  expect(given.changed).toBe(2);
  const gradesOf = async (work: string) => (await must(as(server, ta, `/submissions/${work}/review`))).grades;
  expect(await gradesOf(works[0]!)).toMatchObject([{ item: "method", points: 250 }]);
  // What somebody decides meanwhile stays.
  await must(
    as(server, ta, `/submissions/${works[1]}/rubric/method`, { method: "PUT", json: { points: 700 } }),
  );
  const { marks, mutant, submissions } = await must(as(server, instructor, group));
  expect([mutant, submissions.length]).toEqual([null, 2]);
  expect(marks).toMatchObject([{ id: given.id, kind: "item", points: 250, changed: 2, undoneAt: null }]);
  const undo = { method: "DELETE" };
  expect((await as(server, student, `${at}/group-marks/${given.id}`, undo)).status).toBe(404);
  expect(await must(as(server, instructor, `${at}/group-marks/${given.id}`, undo))).toEqual({
    changed: 1,
    kept: 1,
  });
  expect(await gradesOf(works[0]!)).toEqual([]);
  expect(await gradesOf(works[1]!)).toMatchObject([{ points: 700 }]);
  expect((await as(server, ta, `${at}/group-marks/${given.id}`, undo)).status).toBe(409);
});

test("a comment goes to the line that was asked for", async () => {
  const { ta, group } = await room();
  const wish = { kind: "comment", text: "Look here.", path: "echo.py", near: "return" };
  const seen = await must(as(server, ta, `${group}/preview?on=latest`, { json: wish }));
  expect(seen.lines.map(({ line }: { line: number }) => line)).toEqual([2, 2]);
  const empty = await as(server, ta, `${group}/preview`, { json: { ...wish, text: " " } });
  expect([empty.status, empty.body.error.code]).toEqual([422, "bad_comment"]);
});

test("insight says the figures of the page", async () => {
  const { ta, slug, at } = await room();
  const { items } = await must(as(server, ta, `/courses/${slug}/insight`));
  expect(items).toMatchObject([{ slug: "hw1", handedIn: 2, submissions: 2, named: 0 }]);
  const figures = await must(as(server, ta, `${at}/insight`));
  expect(figures).toMatchObject({ students: 2, handedIn: 2, graded: 2, starts: null, mistakes: [] });
  expect(figures.tests).toMatchObject([{ name: "test_seen", ran: 2, passed: 0, difficulty: 0, never: 2 }]);
});
