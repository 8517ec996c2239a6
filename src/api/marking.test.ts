// Even grading through the API: two people on one item, work dealt out, the second marker, another worth of an item.
import { expect, test } from "vitest";
import { handIn, must, publishedVersion, suiteFiles, type TestCourse, testCourse } from "./testing/course.ts";
import { begin, finish, record, resultOf } from "./testing/grade.ts";
import { as, somebody, type TestPerson, testServer } from "./testing/server.ts";

const server = await testServer();
const rubric =
  "rubric:\n  - { id: clarity, title: C, points: 5 }\n  - { id: method, title: M, points: 10 }\n";

interface Room extends TestCourse {
  second: TestPerson;
  works: string[];
}

async function room(students = 2): Promise<Room> {
  const course = await testCourse(server);
  const files = {
    ...suiteFiles,
    "grader.yaml": `${suiteFiles["grader.yaml"]}${rubric}`.replace("id: echo", "id: rubric"),
  };
  const suiteVersionId = await publishedVersion(server, course.instructor, course.slug, files);
  const change = { method: "PATCH", json: { suiteVersionId } };
  await must(as(server, course.instructor, `/assignments/${course.assignmentId}`, change));
  const second = await somebody(server);
  const more = await Promise.all(Array.from({ length: Math.max(0, students - 2) }, () => somebody(server)));
  const csv = [
    "email,name,role,section",
    `${second.email},Second,ta,B`,
    `${course.ta.email},First,ta,A`,
    `${course.student.email},S,student,A`,
    `${course.other.email},O,student,B`,
    ...more.map(({ email }) => `${email},M,student,B`),
  ];
  const roster = { body: `${csv.join("\n")}\n`, type: "text/csv" };
  await must(as(server, course.instructor, `/courses/${course.slug}/roster`, roster));
  const works: string[] = [];
  for (const who of [course.student, course.other, ...more].slice(0, students)) {
    const work = await handIn(server, who, course.assignmentId);
    const token = await begin(server, work.attempt.id);
    const tests = [resultOf("test_seen")];
    await record(server, token, tests);
    await finish(server, token, tests);
    works.push(work.id);
  }
  return { ...course, second, works };
}

const give = (who: TestPerson, work: string, item: string, json: object) =>
  as(server, who, `/submissions/${work}/rubric/${item}`, { method: "PUT", json });
const pointsOf = async (who: TestPerson, work: string) =>
  Object.fromEntries(
    (await must(as(server, who, `/submissions/${work}/review`))).grades.map(
      ({ item, points }: { item: string; points: number }) => [item, points],
    ),
  );

test("two people on one item lose nothing: the later one is told what stands there, and decides", async () => {
  const { ta, second, works } = await room(1);
  const [work] = works as [string];
  expect((await give(ta, work, "clarity", { points: 300, comment: "mine", version: 0 })).status).toBe(204);
  const late = await give(second, work, "clarity", { points: 100, comment: "late", version: 0 });
  expect([late.status, late.body.error.code]).toEqual([409, "grade_conflict"]);
  expect(late.body.error.params).toMatchObject({ by: ta.name, points: 3, comment: "mine", version: 1 });
  expect(await pointsOf(ta, work)).toEqual({ clarity: 300 });
  const known = { points: 100, comment: "late", version: late.body.error.params.version };
  expect((await give(second, work, "clarity", known)).status).toBe(204);
  expect((await give(ta, work, "clarity", { points: 200, version: 1 })).status).toBe(409);
});

test("without a version one replaces one's own grade and nobody else's", async () => {
  const { ta, second, works } = await room(1);
  const [work] = works as [string];
  expect((await give(ta, work, "clarity", { points: 300 })).status).toBe(204);
  expect((await give(ta, work, "clarity", { points: 400 })).status).toBe(204);
  expect((await give(second, work, "clarity", { points: 100 })).status).toBe(409);
  expect(await pointsOf(ta, work)).toEqual({ clarity: 400 });
});

test("of many who give the same item at once, one does", async () => {
  const { ta, second, instructor, works } = await room(1);
  const [work] = works as [string];
  const people = [ta, second, instructor, ta, second, instructor];
  const answers = await Promise.all(
    people.map((who, at) => give(who, work, "method", { points: at, version: 0 })),
  );
  expect(answers.filter(({ status }) => status === 204).length).toBe(1);
  expect(answers.filter(({ status }) => status === 409).length).toBe(5);
});

test("work is dealt out by sections, the rest equally; dealing again moves nothing", async () => {
  const { instructor, ta, second, assignmentId, works } = await room(4);
  const deal = (rule: string) =>
    must(
      as(server, instructor, `/assignments/${assignmentId}/shares`, {
        json: { rule, graders: [ta.id, second.id] },
      }),
    );
  expect(await deal("section")).toEqual({ dealt: 4, without: 0 });
  const progress = async () => {
    const seen = await must(as(server, ta, `/assignments/${assignmentId}/marking`));
    const of = (id: string) => seen.progress.find((one: { graderId: string }) => one.graderId === id);
    return [of(ta.id), of(second.id)].map(({ all, left }) => [all, left]);
  };
  expect(await progress()).toEqual([
    [1, 1],
    [3, 3],
  ]);
  await deal("equal");
  expect(await progress()).toEqual([
    [1, 1],
    [3, 3],
  ]);
  for (const item of ["clarity", "method"]) await must(give(ta, works[0]!, item, { points: 100 }));
  expect(await progress()).toEqual([
    [1, 0],
    [3, 3],
  ]);
});

test("a second marker marks what the first graded, and their agreement is shown", async () => {
  const { instructor, ta, second, assignmentId, works } = await room(3);
  const setting = { method: "PATCH", json: { secondMarkPercent: 100 } };
  await must(as(server, instructor, `/assignments/${assignmentId}`, setting));
  const firsts = [100, 200, 300];
  for (const [at, work] of works.entries()) {
    await must(give(ta, work, "clarity", { points: firsts[at]! }));
    await must(give(ta, work, "method", { points: 500 }));
  }
  const mark = (who: TestPerson, work: string, clarity: number) =>
    as(server, who, `/submissions/${work}/second-mark`, {
      method: "PUT",
      json: { points: { clarity, method: 500 } },
    });
  expect((await mark(ta, works[0]!, 100)).body.error.code).toBe("second_is_first");
  expect((await mark(second, works[0]!, 501)).body.error.code).toBe("bad_points");
  for (const [at, clarity] of [100, 200, 200].entries()) await must(mark(second, works[at]!, clarity));
  const seen = await must(as(server, ta, `/assignments/${assignmentId}/marking`));
  expect(seen.sample.map(({ state }: { state: string }) => state)).toEqual(["marked", "marked", "marked"]);
  // By hand in scoring/kappa.test.ts: one step apart once in three.
  expect(seen.agreement[0]).toMatchObject({ item: "clarity", pairs: 3, lean: -33 });
  expect(seen.agreement[0].kappa).toBeCloseTo(1 - 3 / 9, 12);
  expect(seen.agreement[1]).toMatchObject({ item: "method", pairs: 3, kappa: null, lean: 0 });
  expect(await pointsOf(ta, works[2]!)).toEqual({ clarity: 300, method: 500 });
});

test("another worth of an item changes all who have it, after a look, and undoing gives back the very points", async () => {
  const { instructor, ta, assignmentId, slug, works } = await room(2);
  const [one, two] = works as [string, string];
  await must(give(ta, one, "method", { points: 733 }));
  await must(give(ta, two, "method", { points: 0 }));
  const wish = { item: "method", points: 300 };
  const path = `/assignments/${assignmentId}/rubric-worths`;
  const preview = await must(as(server, instructor, `${path}/preview`, { json: wish }));
  expect(preview).toMatchObject({ looked: 2, lines: [{ submissionId: one, before: 733, after: 220 }] });
  expect(await pointsOf(ta, one)).toEqual({ method: 733 });
  await must(give(ta, two, "method", { points: 100 }));
  const stale = await as(server, instructor, path, { json: { ...wish, reason: "r", basis: preview.basis } });
  expect([stale.status, stale.body.error.code]).toEqual([409, "stale_preview"]);
  const { basis } = await must(as(server, instructor, `${path}/preview`, { json: wish }));
  const applied = await must(as(server, instructor, path, { json: { ...wish, reason: "too dear", basis } }));
  expect(applied).toEqual({ changed: 2 });
  expect([await pointsOf(ta, one), await pointsOf(ta, two)]).toEqual([{ method: 220 }, { method: 30 }]);
  const book = await must(as(server, ta, `/courses/${slug}/gradebook`));
  expect(JSON.stringify(book)).toContain("1220");
  expect((await give(ta, one, "method", { points: 400 })).body.error.params.most).toBe(3);
  await must(as(server, instructor, path, { method: "DELETE" }));
  expect([await pointsOf(ta, one), await pointsOf(ta, two)]).toEqual([{ method: 733 }, { method: 100 }]);
  const { items } = await must(as(server, instructor, `/courses/${slug}/audit`));
  const acts = items.map(({ action }: { action: string }) => action);
  expect(acts).toEqual(
    expect.arrayContaining(["rubric.worth_changed", "rubric.worth_undone", "review.graded"]),
  );
});
