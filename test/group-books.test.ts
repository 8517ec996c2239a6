// A group's piece of work is in every member's books: gradebook, statistics, leaderboard and exports, by each member's
// own dates, choice and points; and in nobody's whose name was not on it when it came.
import { parse } from "csv-parse/sync";
import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { sessionViewer } from "../src/accounts/viewer.ts";
import { echoZip, handIn, must, testCourse } from "../src/api/testing/course.ts";
import { begin, record, reportOf, resultOf } from "../src/api/testing/grade.ts";
import { as, somebody, type TestPerson, testServer } from "../src/api/testing/server.ts";
import { findAssignment } from "../src/assignments/assignments.ts";
import { findCourse } from "../src/courses/courses.ts";
import { exportGradebook } from "../src/gradebook/export.ts";
import { gradebookPage, gradebookQuery } from "../src/gradebook/gradebook.ts";
import { leaderboardOf, switchLeaderboard } from "../src/gradebook/leaderboard.ts";
import { statisticsOf } from "../src/gradebook/statistics.ts";
import { finishAttempt } from "../src/grading/results.ts";
import { adjust, findReview } from "../src/review/review.ts";
import { choose } from "../src/submissions/choose.ts";
import { findSubmission } from "../src/submissions/submissions.ts";

const server = await testServer();
const { db, queue } = server.services;
const course = await testCourse(server);
const { student: ann, other: ben } = course;
const cleo = await somebody(server, { name: "Cleo" });
const viewer = sessionViewer(course.instructor);
const query = gradebookQuery.parse({});
const at = `/assignments/${course.assignmentId}`;
const change = (json: Record<string, unknown>) =>
  must(as(server, course.instructor, at, { method: "PATCH", json }));
const inCourse = () => findCourse(db, viewer, course.slug);
const work: string[] = [];

async function graded(who: TestPerson, share: number): Promise<string> {
  const { id, attempt } = await handIn(server, who, course.assignmentId, echoZip(`# ${share}\n`));
  const token = await begin(server, attempt.id);
  const tests = [
    resultOf("test_seen", { score: 1000 * share, verdict: share === 1 ? "passed" : "partial" }),
    resultOf("test_hidden", { score: 0, verdict: "failed" }),
    resultOf("test_late", { score: 0, verdict: "failed" }),
  ];
  await record(server, token, tests);
  const leaderboard = [{ name: "accuracy", value: share, order: "desc" as const, test: "test_seen" }];
  await finishAttempt(db, queue, token, { ...reportOf(tests), leaderboard });
  return id;
}

/** Name → points of the first column. */
async function book(): Promise<Record<string, number | null>> {
  const { rows } = await gradebookPage(db, viewer, await inCourse(), query);
  return Object.fromEntries(rows.map(({ name, cells }) => [name, cells[0]?.points?.total ?? null]));
}

beforeAll(async () => {
  const columns = JSON.stringify({ leaderboard: [{ name: "accuracy", order: "desc" }] });
  await server.owner.db.execute(sql`update suite_versions set config = config || ${columns}::jsonb`);
  const csv = `email,name\n${cleo.email},Cleo\n`;
  await must(
    as(server, course.instructor, `/courses/${course.slug}/roster`, { body: csv, type: "text/csv" }),
  );
  const sets = `/courses/${course.slug}/group-sets`;
  const wish = { slug: "project", title: "Project", mostMembers: 2, formation: "students" };
  const { id } = await must(as(server, course.instructor, sets, { json: wish }));
  await change({ groupSetId: id, counting: "best" });
  const { code } = await must(as(server, ann, `${sets}/project/groups`, { json: { name: "Two" } }));
  await as(server, ben, `${sets}/project/join`, { json: { code } });
  work.push(await graded(ann, 0.5), await graded(ben, 1), await graded(ann, 0.4));
});

test("each member has the group's best, whoever of them handed it in; others have nothing", async () => {
  expect(await book()).toEqual({ [ann.name]: 1000, [ben.name]: 1000, Cleo: null });
});

test("points for one member are in that member's row alone", async () => {
  const review = await findReview(db, viewer, work[1]!);
  await adjust(db, viewer, review, { points: "-2", reason: "wrote no code", personId: ben.id });
  expect(await book()).toEqual({ [ann.name]: 1000, [ben.name]: 800, Cleo: null });
});

test("an extension for one member is that member's alone", async () => {
  const due = new Date(Date.now() - 36 * 3600_000).toISOString();
  await change({ dueAt: due, latePercentPerDay: 10, lateLastDay: 5 });
  expect(await book()).toEqual({ [ann.name]: 800, [ben.name]: 600, Cleo: null });
  await server.owner.db.execute(sql`insert into extensions (assignment_id, person_id, due_at, granted_by, reason)
    values (${course.assignmentId}, ${ben.id}, now() + interval '1 day', ${course.instructor.id}, 'ill')`);
  expect(await book()).toEqual({ [ann.name]: 800, [ben.name]: 800, Cleo: null });
  await server.owner.db.execute(sql`delete from extensions`);
  await change({ dueAt: null });
});

test("each member lets count what they choose", async () => {
  await change({ counting: "chosen" });
  expect(await book()).toEqual({ [ann.name]: 400, [ben.name]: 400, Cleo: null });
  const annViewer = sessionViewer(ann);
  await choose(db, annViewer, await findSubmission(db, annViewer, work[0]!));
  expect(await book()).toEqual({ [ann.name]: 500, [ben.name]: 400, Cleo: null });
  await change({ counting: "best" });
});

test("statistics count people by what is theirs, and a piece of work once", async () => {
  const access = await findAssignment(db, viewer, course.assignmentId);
  const { students, graded: people, tests, days, attempts } = await statisticsOf(db, viewer, access);
  expect([students, people]).toEqual([3, 2]);
  expect(tests[0]!.ran).toBe(1);
  expect(days.map(({ count }) => count)).toEqual([3]);
  expect(attempts).toEqual([0, 0, 2]);
});

test("the leaderboard has one row for the group, under the names of all", async () => {
  const access = await findAssignment(db, viewer, course.assignmentId);
  await switchLeaderboard(db, viewer, access, true);
  const asBen = sessionViewer(ben);
  const { rows } = await leaderboardOf(db, asBen, await findAssignment(db, asBen, course.assignmentId));
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ rank: 1, mine: true, values: [1] });
  expect(rows[0]!.shown.en.split(", ")).toHaveLength(2);
});

test("exports hold every member's points, and what is released to each", async () => {
  const own = parse((await exportGradebook(db, viewer, await inCourse(), "csv", query, "en")).bytes, {
    bom: true,
    columns: true,
  }) as Record<string, string>[];
  expect(Object.fromEntries(own.map((row) => [row.Name, row.Homework]))).toEqual({
    [ann.name]: "10",
    [ben.name]: "8",
    Cleo: "",
  });
  await change({ resultsPublishedAt: new Date(0).toISOString() });
  const canvas = parse((await exportGradebook(db, viewer, await inCourse(), "canvas", query, "en")).bytes, {
    bom: true,
  }) as string[][];
  const points = Object.fromEntries(canvas.slice(2).map((row) => [row[0], row[5]]));
  expect(points).toEqual({ [ann.name]: "10", [ben.name]: "8", Cleo: "" });
});
