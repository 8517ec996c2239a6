// The leaderboard: only what is open moves it, names are by choice, and it is there only where it is on.
import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { sessionViewer, type Viewer } from "../src/accounts/viewer.ts";
import { echoZip, handIn, testCourse } from "../src/api/testing/course.ts";
import { begin, record, reportOf, resultOf } from "../src/api/testing/grade.ts";
import { type TestPerson, testServer } from "../src/api/testing/server.ts";
import { findAssignment } from "../src/assignments/assignments.ts";
import { leaderboardOf, showMyName, switchLeaderboard } from "../src/gradebook/leaderboard.ts";
import { finishAttempt } from "../src/grading/results.ts";

const server = await testServer();
const { db, queue } = server.services;
const course = await testCourse(server);
const columns = [
  { name: "accuracy", order: "desc" },
  { name: "seconds", order: "asc" },
];
await server.owner.db.execute(
  sql`update suite_versions set config = config || ${JSON.stringify({ leaderboard: columns })}::jsonb`,
);

async function graded(who: TestPerson, accuracy: number, seconds: number, hidden: number): Promise<void> {
  const work = await handIn(server, who, course.assignmentId, echoZip(`# ${accuracy} ${seconds}\n`));
  const token = await begin(server, work.attempt.id);
  const tests = [resultOf("test_seen"), resultOf("test_hidden"), resultOf("test_late")];
  await record(server, token, tests);
  const leaderboard = [
    { name: "accuracy", value: accuracy, order: "desc" as const, test: "test_seen" },
    { name: "seconds", value: seconds, order: "asc" as const, test: "test_seen" },
    // A value of a hidden test, and one that no test owns, under the same name.
    { name: "accuracy", value: hidden, order: "desc" as const, test: "test_hidden" },
    { name: "seconds", value: 0, order: "asc" as const, test: null },
  ];
  await finishAttempt(db, queue, token, { ...reportOf(tests), leaderboard });
}

const viewers = Object.fromEntries(
  (["student", "other", "ta", "instructor", "stranger"] as const).map((role) => [
    role,
    sessionViewer(course[role]),
  ]),
) as Record<"student" | "other" | "ta" | "instructor" | "stranger", Viewer>;
const access = (viewer: Viewer) => findAssignment(db, viewer, `${course.slug}.hw1`);
const seenBy = async (viewer: Viewer, sort: Parameters<typeof leaderboardOf>[3] = null) =>
  leaderboardOf(db, viewer, await access(viewer), sort);

beforeAll(async () => {
  await graded(course.student, 0.8, 3, 0.99);
  await graded(course.student, 0.7, 1, 0.999);
  await graded(course.other, 0.9, 9, 0.1);
});

test("while it is off students have none, and staff may look at it", async () => {
  await expect(seenBy(viewers.student)).rejects.toThrow("nothing here");
  expect((await seenBy(viewers.ta)).on).toBe(false);
  await expect(switchLeaderboard(db, viewers.ta, await access(viewers.ta), true)).rejects.toThrow("role");
  await switchLeaderboard(db, viewers.instructor, await access(viewers.instructor), true);
  expect((await seenBy(viewers.student)).on).toBe(true);
  await expect(seenBy(viewers.stranger)).rejects.toThrow("nothing here");
});

test("each stands there with their best by what is open; hidden values move nothing", async () => {
  const { rows } = await seenBy(viewers.student);
  expect(rows.map(({ rank, mine, values }) => [rank, mine, ...values])).toEqual([
    [1, false, 0.9, 9],
    [2, true, 0.8, 3],
  ]);
});

test("it sorts by every column, both ways, and ranks stay", async () => {
  const ranks = async (column: number, order: "asc" | "desc") =>
    (await seenBy(viewers.student, { column, order })).rows.map(({ rank }) => rank);
  expect(await ranks(1, "asc")).toEqual([2, 1]);
  expect(await ranks(1, "desc")).toEqual([1, 2]);
  expect(await ranks(0, "asc")).toEqual([2, 1]);
});

test("names are pseudonyms until somebody chooses otherwise; staff know who is who", async () => {
  const before = JSON.stringify(await seenBy(viewers.student));
  expect(before).not.toContain(course.other.name);
  await showMyName(db, viewers.other, await access(viewers.other), true);
  const after = await seenBy(viewers.student);
  expect(after.rows[0]).toMatchObject({ shown: { en: course.other.name }, name: null });
  expect(after.rows[1]!.shown.en).not.toBe(course.student.name);
  expect((await seenBy(viewers.ta)).rows.map(({ name }) => name)).toEqual([
    course.other.name,
    course.student.name,
  ]);
  await showMyName(db, viewers.other, await access(viewers.other), false);
  expect(JSON.stringify(await seenBy(viewers.student))).not.toContain(course.other.name);
});
