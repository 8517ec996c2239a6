import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { handIn, must, testCourse } from "./testing/course.ts";
import { as, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const path = `/courses/${course.slug}/copy`;

test("a copy has suites and assignments with moved dates, and nothing of anybody's", async () => {
  await handIn(server, course.student, course.assignmentId);
  const dates = {
    opensAt: "2026-03-01T00:00:00Z",
    earlyAt: "2026-03-10T15:59:00Z",
    dueAt: "2026-03-20T15:59:00Z",
  };
  await must(
    as(server, course.instructor, `/assignments/${course.assignmentId}`, {
      method: "PATCH",
      json: { ...dates, resultsPublishedAt: "2026-04-01T00:00:00Z" },
    }),
  );
  const made = await must(
    as(server, course.admin, path, {
      json: { slug: "again-2027", shiftDays: 364, instructor: course.instructor.email },
    }),
  );
  expect(made).toMatchObject({ slug: "again-2027", assignments: 1, suites: 1 });
  const { items } = await must(as(server, course.instructor, "/courses/again-2027/assignments"));
  expect(items).toMatchObject([
    {
      slug: "hw1",
      state: "draft",
      opensAt: "2027-02-28T00:00:00.000Z",
      earlyAt: "2027-03-09T15:59:00.000Z",
      dueAt: "2027-03-19T15:59:00.000Z",
      resultsPublishedAt: null,
    },
  ]);
  const roster = await must(as(server, course.instructor, "/courses/again-2027/roster"));
  expect(roster.items.map(({ email }: { email: string }) => email)).toEqual([course.instructor.email]);
  const [row] = await server.owner.db.execute<{ versions: number; secrets: number; submissions: number }>(sql`
    select count(*)::int as versions, count(distinct secret)::int as secrets,
      (select count(*)::int from submissions s join assignments a on a.id = s.assignment_id
        where a.course_id = ${made.id}) as submissions from suite_versions`);
  expect(row).toEqual({ versions: 2, secrets: 2, submissions: 0 });
});

test("sets of groups and late days come along, groups do not, and the copy's assignments are the new course's own", async () => {
  const groups = `/courses/${course.slug}/group-sets`;
  const set = { slug: "teams", title: { en: "Teams", zh: "小组" }, mostMembers: 3, formation: "students" };
  const { id } = await must(as(server, course.instructor, groups, { json: set }));
  await must(as(server, course.student, `${groups}/teams/groups`, { json: { name: "Kernel trick" } }));
  await must(
    as(server, course.instructor, `/courses/${course.slug}/late-days/budgets/homework`, {
      method: "PUT",
      json: { days: 4 },
    }),
  );
  const own = `/assignments/${course.assignmentId}`;
  await must(as(server, course.instructor, own, { method: "PATCH", json: { groupSetId: id } }));
  await must(as(server, course.admin, path, { json: { slug: "teams-2027", shiftDays: 364 } }));
  const { items } = await must(as(server, course.admin, "/courses/teams-2027/group-sets"));
  expect(items).toMatchObject([{ slug: "teams", mostMembers: 3, groups: [] }]);
  const made = await must(as(server, course.admin, "/assignments/teams-2027.hw1"));
  expect(made.groupSetId).toBe(items[0].id);
  // A set of another course is none: with the old one no change of it would be taken.
  await must(
    as(server, course.admin, "/assignments/teams-2027.hw1", { method: "PATCH", json: { attemptsTotal: 7 } }),
  );
  const { balances } = await must(as(server, course.admin, "/courses/teams-2027/late-days"));
  expect(balances).toMatchObject([{ work: "homework", budget: 4 }]);
});

test("a deadline of 23:59 stays one over a change of the clocks", async () => {
  await server.owner.db.execute(
    sql`update courses set time_zone = 'Europe/Berlin' where slug = ${course.slug}`,
  );
  const dueAt = "2026-03-27T22:59:00Z";
  await must(
    as(server, course.instructor, `/assignments/${course.assignmentId}`, {
      method: "PATCH",
      json: { dueAt },
    }),
  );
  await must(as(server, course.admin, path, { json: { slug: "summer", shiftDays: 7 } }));
  const { items } = await must(as(server, course.admin, "/courses/summer/assignments"));
  expect(items[0].dueAt).toBe("2026-04-03T21:59:00.000Z");
});

test("only administrators make courses, and a name is taken once", async () => {
  const wish = { json: { slug: "again-2028", shiftDays: 1 } };
  expect((await as(server, course.instructor, path, wish)).status).toBe(403);
  expect((await as(server, course.student, path, wish)).status).toBe(403);
  expect((await as(server, course.stranger, path, wish)).status).toBe(404);
  const twice = await as(server, course.admin, path, { json: { slug: course.slug, shiftDays: 1 } });
  expect([twice.status, twice.body.error.code]).toEqual([409, "course_exists"]);
});
