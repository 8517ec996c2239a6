// Points on their way to a platform: what it is sent, when, how often, and what never.
import { eq, sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { sessionViewer } from "../../src/accounts/viewer.ts";
import { handIn } from "../../src/api/testing/course.ts";
import { begin, finish, record, reportOf, resultOf } from "../../src/api/testing/grade.ts";
import { findAssignment } from "../../src/assignments/assignments.ts";
import { holdBack, letGo, publishResults, withdrawResults } from "../../src/assignments/release.ts";
import { reckonScores, retryScores, sendScores } from "../../src/lms/scores.ts";
import { lmsScores } from "../../src/lms/tables.ts";
import { adjust, findReview } from "../../src/review/review.ts";
import { TestBrowser } from "../sign-in/browser.ts";
import { testLog } from "../support/database.ts";
import { learner, lmsWorld, teacher } from "./world.ts";

const { server, course, platform, url, launch } = await lmsWorld();
const { db } = server.services;
const lead = sessionViewer(course.instructor);
const access = () => findAssignment(db, lead, course.assignmentId);
const keyOf = (at: string) => new URL(at).searchParams.get("launch") ?? "";

/** Both students have come by the platform, and the instructor has said which assignment it is. */
async function connected() {
  for (const [who, member] of [
    [course.instructor, teacher("t1")],
    [course.student, learner("s1")],
    [course.other, learner("s2")],
  ] as const) {
    const browser = new TestBrowser();
    await browser.send(`${url}/sign-in`, { email: who.email, password: who.password });
    const key = keyOf((await launch(browser, member)).url);
    await browser.send(`${url}/lti/connect`, { launch: key });
    if (who !== course.instructor) continue;
    await browser.send(`${url}/lti/course`, { launch: key, course: course.slug });
    await browser.send(`${url}/lti/assignment`, { launch: key, assignment: course.assignmentId });
  }
}
await connected();

const works = [
  await handIn(server, course.student, course.assignmentId),
  await handIn(server, course.other, course.assignmentId),
] as const;
for (const [place, work] of works.entries()) {
  const token = await begin(server, work.attempt.id);
  const tests = [
    resultOf("test_seen", { score: place === 0 ? 1000 : 500 }),
    resultOf("test_hidden"),
    resultOf("test_late"),
  ];
  await record(server, token, tests);
  await finish(server, token, reportOf(tests).tests);
}
// One test opens with publication, one never does.
await server.owner.db.execute(
  sql`update suite_versions set tests = replace(tests::text, 'after_due_date', 'after_published')::jsonb`,
);

beforeEach(() => {
  platform.scores.length = 0;
  platform.answers.length = 0;
});
async function round(): Promise<(readonly [unknown, unknown, unknown])[]> {
  platform.scores.length = 0;
  await reckonScores(db);
  await sendScores(db, testLog);
  return platform.scores
    .map(({ body }) => [body.userId, body.scoreGiven ?? null, body.gradingProgress] as const)
    .sort((a, b) => String(a[0]).localeCompare(String(b[0])));
}

test("before publication nothing leaves, and nothing is even kept to leave", async () => {
  expect(await round()).toEqual([]);
  expect(await db.$count(lmsScores)).toBe(0);
});

// Of 45: the 30 of a test that is hidden for good never leave.
test("published: each student's points once, at the link's own column; who is held back is not among them", async () => {
  await holdBack(db, lead, await access(), { email: course.other.email, reason: "to be talked about" });
  await publishResults(db, lead, await access());
  expect(await round()).toEqual([["s1", 15, "FullyGraded"]]);
  expect(await round()).toEqual([]);
});

test("the request is AGS's: path, scale, times, who", async () => {
  await letGo(db, lead, await access(), course.other.id);
  await reckonScores(db);
  await sendScores(db, testLog);
  expect(platform.scores).toEqual([
    {
      path: "/lineitems/1/scores?type_id=3",
      body: {
        ...{ userId: "s2", scoreGiven: 10, scoreMaximum: 45, activityProgress: "Completed" },
        ...{ gradingProgress: "FullyGraded", timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
      },
    },
  ]);
  expect(platform.refusals).toEqual([]);
});

test("points that a person changes are sent again", async () => {
  const ta = sessionViewer(course.ta);
  await adjust(db, ta, await findReview(db, ta, works[0].id), { points: "-1.5", reason: "r" });
  expect(await round()).toEqual([["s1", 13.5, "FullyGraded"]]);
});

test("somebody held back between reckoning and sending: what was to be sent is not, what was sent is taken back", async () => {
  const ta = sessionViewer(course.ta);
  await adjust(db, ta, await findReview(db, ta, works[1].id), { points: "1", reason: "r" });
  await reckonScores(db);
  expect(await db.$count(lmsScores, eq(lmsScores.state, "waiting"))).toBe(1);
  await holdBack(db, lead, await access(), { email: course.other.email, reason: "again" });
  await sendScores(db, testLog);
  expect(
    platform.scores.map(({ body }) => [body.userId, "scoreGiven" in body, body.gradingProgress]),
  ).toEqual([["s2", false, "Pending"]]);
  expect(await round()).toEqual([]);
});

test("results withdrawn: what the platform holds is taken back", async () => {
  await withdrawResults(db, lead, await access());
  expect(await round()).toEqual([["s1", null, "Pending"]]);
  await letGo(db, lead, await access(), course.other.id);
  await publishResults(db, lead, await access());
  expect(await round()).toEqual([
    ["s1", 13.5, "FullyGraded"],
    ["s2", 11, "FullyGraded"],
  ]);
});

const change = async () => {
  const ta = sessionViewer(course.ta);
  await adjust(db, ta, await findReview(db, ta, works[0].id), { points: "0.5", reason: "r" });
};
const state = async () => {
  const rows = await db.select().from(lmsScores).where(eq(lmsScores.personId, course.student.id));
  return rows.map(({ state, tries, fault }) => ({ state, tries, fault }));
};
/** Time passes. */
const later = () => db.execute(sql`update lms_scores set next_at = now() where state = 'waiting'`);

test.each([500, 503, 429, 401])(
  "a platform that answers %i is asked again, later each time",
  async (status) => {
    await change();
    platform.answers = [status];
    expect(await round()).toEqual([]);
    expect(await state()).toMatchObject([
      { state: "waiting", tries: 1, fault: expect.stringContaining(String(status)) },
    ]);
    expect(await round()).toEqual([]);
    await later();
    platform.answers = [status];
    expect(await round()).toEqual([]);
    const [row] = await db.execute<{ minutes: number }>(
      sql`select round(extract(epoch from next_at - now()) / 60)::int as minutes from lms_scores where tries = 2`,
    );
    expect(row?.minutes).toBe(2);
    await later();
    expect((await round()).map(([who]) => who)).toEqual(["s1"]);
    expect(await state()).toEqual([{ state: "sent", tries: 0, fault: null }]);
  },
);

test("a platform that is away is asked again; one that refuses is not, until staff say so", async () => {
  await change();
  platform.answers = [422];
  expect(await round()).toEqual([]);
  expect(await state()).toMatchObject([{ state: "failed", fault: expect.stringContaining("422") }]);
  await later();
  expect(await round()).toEqual([]);
  const student = sessionViewer(course.student);
  const theirs = await findAssignment(db, student, course.assignmentId);
  await expect(retryScores(db, student, theirs)).rejects.toMatchObject({ status: 403 });
  expect(await retryScores(db, lead, await access())).toBe(1);
  expect((await round()).map(([who]) => who)).toEqual(["s1"]);
});

test("two servers at once send each score once", async () => {
  await change();
  await reckonScores(db);
  platform.scores.length = 0;
  await Promise.all([sendScores(db, testLog), sendScores(db, testLog), reckonScores(db)]);
  expect(platform.scores).toHaveLength(1);
});
