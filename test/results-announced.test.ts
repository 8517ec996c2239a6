// That results are out is told to each student concerned, once, whichever way they came out; never to who is held back.
import { beforeAll, expect, test } from "vitest";
import { sessionViewer } from "../src/accounts/viewer.ts";
import { handIn, must, testCourse } from "../src/api/testing/course.ts";
import { as, somebody, type TestPerson, testServer } from "../src/api/testing/server.ts";
import { findAssignment } from "../src/assignments/assignments.ts";
import { holdBack, letGo, publishResults, withdrawResults } from "../src/assignments/release.ts";
import { myNotifications } from "../src/notifications/notifications.ts";
import { announceResults } from "../src/submissions/announce.ts";

const server = await testServer();
const { db } = server.services;
const course = await testCourse(server);
const { student: ann, other: ben } = course;
const viewer = sessionViewer(course.instructor);
const access = () => findAssignment(db, viewer, course.assignmentId);
const told = async (who: TestPerson) =>
  (await myNotifications(db, sessionViewer(who))).map(({ kind, path }) => [kind, path]);
const one = [["results_published", `/assignments/${course.slug}.hw1`]];
const publishAt = (at: Date | null) =>
  must(
    as(server, course.instructor, `/assignments/${course.assignmentId}`, {
      method: "PATCH",
      json: { resultsPublishedAt: at?.toISOString() ?? null },
    }),
  );

beforeAll(async () => {
  await handIn(server, ann, course.assignmentId);
  await handIn(server, ben, course.assignmentId);
  await handIn(server, course.ta, course.assignmentId);
  const idle = await somebody(server, { name: "Idle" });
  const body = `email,name\n${idle.email},Idle\n`;
  await must(as(server, course.instructor, `/courses/${course.slug}/roster`, { body, type: "text/csv" }));
});

test("a date that is to come tells nobody", async () => {
  await publishAt(new Date(Date.now() + 60_000));
  expect(await announceResults(db)).toBe(0);
});

test("the button tells whoever handed in, but for who is held back, and staff not", async () => {
  await holdBack(db, viewer, await access(), { email: ben.email, reason: "a question is open" });
  await publishResults(db, viewer, await access());
  expect(await announceResults(db)).toBe(1);
  expect([await told(ann), await told(ben), await told(course.ta)]).toEqual([one, [], []]);
});

test("two servers that look at once tell it once", async () => {
  await withdrawResults(db, viewer, await access());
  await publishAt(new Date(Date.now() - 1000));
  const both = await Promise.all([announceResults(db), announceResults(db), announceResults(db)]);
  expect(both).toEqual([0, 0, 0]);
  expect(await told(ann)).toEqual(one);
});

test("who is let go is told then", async () => {
  await letGo(db, viewer, await access(), ben.id);
  expect(await announceResults(db)).toBe(1);
  expect([await told(ann), await told(ben)]).toEqual([one, one]);
  expect(await announceResults(db)).toBe(0);
});
