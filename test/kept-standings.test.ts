// What the gradebook keeps is what it would reckon: whatever changes which submission counts, or its points, is noted
// by the database itself, whoever writes it. And what a page asks is found by indexes, however much was handed in.

import { drizzle } from "drizzle-orm/postgres-js";
import { beforeAll, expect, test } from "vitest";
import { sessionViewer } from "../src/accounts/viewer.ts";
import { echoZip, handIn, must, testCourse } from "../src/api/testing/course.ts";
import { begin, finish, record, resultOf } from "../src/api/testing/grade.ts";
import { as, type TestPerson, testServer } from "../src/api/testing/server.ts";
import { findCourse } from "../src/courses/courses.ts";
import { columnsOf, gradebookPage, gradebookQuery, wholeGradebook } from "../src/gradebook/gradebook.ts";
import { refreshStandings } from "../src/gradebook/kept.ts";
import { standings } from "../src/gradebook/standings.ts";
import { keptStandings } from "../src/gradebook/tables.ts";
import type { Db } from "../src/platform/database.ts";

const server = await testServer();
const { db } = server.services;
const course = await testCourse(server);
const { student: ann, other: ben } = course;
const viewer = sessionViewer(course.instructor);
const run = (text: string) => server.owner.sql.unsafe(text);
const at = `/assignments/${course.assignmentId}`;
const change = (json: Record<string, unknown>) =>
  must(as(server, course.instructor, at, { method: "PATCH", json }));
const access = () => findCourse(db, viewer, course.slug);
const columns = async () => (await columnsOf(db, await access())).map(({ assignment }) => assignment);
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

async function send(who: TestPerson) {
  return handIn(server, who, course.assignmentId, echoZip(`# ${crypto.randomUUID()}\n`));
}

async function graded(who: TestPerson, points: number): Promise<string> {
  const { id, attempt } = await send(who);
  const token = await begin(server, attempt.id);
  const tests = [
    resultOf("test_seen", { score: points, verdict: "partial" }),
    resultOf("test_hidden", { score: 0, verdict: "failed" }),
    resultOf("test_late", { score: 0, verdict: "failed" }),
  ];
  await record(server, token, tests);
  await finish(server, token, tests);
  return id;
}

type Row = [assignment: string, person: string, submission: string, points: number | null];
const inOrder = (rows: Row[]) => rows.map((row) => row.join(" ")).sort();

async function reckoned(): Promise<string[]> {
  const found = await standings(db, await columns(), null);
  return inOrder(
    found.map((one) => [one.assignmentId, one.personId, one.submissionId, one.points?.total ?? null]),
  );
}

async function kept(): Promise<string[]> {
  await refreshStandings(db, (await access()).course.id, await columns());
  const rows = await db.select().from(keptStandings);
  return inOrder(rows.map((one) => [one.assignmentId, one.personId, one.submissionId, one.points]));
}

let first: string;
let waiting: { id: string; attempt: { id: string } };

beforeAll(async () => {
  await run(`update suite_versions set config = config ||
    '{"rubric":[{"id":"report","title":{"en":"R","zh":"R"},"points":2000,"levels":[]}]}'::jsonb`);
  first = await graded(ann, 500);
  await graded(ann, 300);
  await graded(ben, 400);
});

const rubric = (points: number) => `insert into rubric_grades (submission_id, item, points, graded_by)
  select submission_id, 'report', ${points}, '${course.instructor.id}' from kept_standings
  on conflict (submission_id, item) do update set points = excluded.points`;
const entry = (
  kind: string,
) => `insert into late_day_entries (id, course_id, person_id, work, kind, days, assignment_id)
  select gen_random_uuid(), id, '${ann.id}', 'homework', '${kind}', 1, '${course.assignmentId}' from courses`;

const acts: [name: string, act: () => Promise<unknown>][] = [
  ["another rule", () => change({ counting: "best" })],
  ["a grading that ends", () => graded(ben, 600)],
  [
    "a submission that waits",
    async () => {
      await change({ counting: "latest" });
      waiting = await send(ann);
    },
  ],
  [
    "taking it back",
    () => must(as(server, ann, `/attempts/${waiting.attempt.id}/cancel`, { method: "POST" })),
  ],
  [
    "a later attempt at what was taken back",
    () =>
      run(`insert into attempts (id, subject, run, number, archive_blob, archive_hash, archive_bytes, suite_blob, suite_hash,
      suite_config, key, lane, priority, team, crowd, state)
      select gen_random_uuid(), subject, run, 2, archive_blob, archive_hash, archive_bytes, suite_blob, suite_hash,
        suite_config, key, lane, priority, team, crowd, 'waiting' from attempts where subject = '${waiting.id}'`),
  ],
  ["and its being gone", () => run(`delete from attempts where subject = '${waiting.id}' and number = 2`)],
  ["another due date", () => change({ dueAt: daysAgo(1.5), latePercentPerDay: 10, lateLastDay: 9 })],
  [
    "an extension",
    () =>
      run(`insert into extensions (assignment_id, person_id, due_at, granted_by, reason)
      values ('${course.assignmentId}', '${ann.id}', now() + interval '1 day', '${course.instructor.id}', 'ill')`),
  ],
  ["an extension taken away", () => run("delete from extensions")],
  ["a late day spent", () => run(entry("charge"))],
  ["a late day given back", () => run(entry("refund"))],
  ["an early date that was missed", () => change({ earlyAt: daysAgo(2), earlyMalusPercent: 20 })],
  ["points on the rubric", () => run(rubric(700))],
  ["other points on it", () => run(rubric(800))],
  ["points taken off it", () => run("delete from rubric_grades")],
  [
    "an adjustment",
    () =>
      run(`insert into adjustments (id, submission_id, points, reason, made_by)
      select gen_random_uuid(), submission_id, 50, 'why', '${course.instructor.id}' from kept_standings`),
  ],
  ["points changed over stored results", () => run("update attempts set score = score + 100 where is_final")],
  [
    "another moment of arrival",
    () => run(`update submissions set received_at = received_at + interval '5 days' where id = '${first}'`),
  ],
  [
    "a choice",
    async () => {
      await change({ counting: "chosen" });
      await kept();
      await run(`insert into chosen_submissions (assignment_id, person_id, submission_id)
      select assignment_id, person_id, id from submissions where person_id = '${ann.id}' and number = 2`);
    },
  ],
  ["a choice undone", () => run("delete from chosen_submissions")],
  [
    "another on a group's work",
    () =>
      run(`insert into submission_members (submission_id, person_id) values ('${first}', '${course.ta.id}')`),
  ],
  ["a submission that is removed", () => run(`delete from submissions where id = '${first}'`)],
];

test.each(acts)("after %s the kept standing is the reckoned one", async (_, act) => {
  const before = await reckoned();
  expect(await kept()).toEqual(before);
  await act();
  const after = await reckoned();
  expect(after).not.toEqual(before);
  expect(await kept()).toEqual(after);
});

test("while gradings end, looks at once keep nothing that is old", async () => {
  await change({ counting: "best", dueAt: null, earlyAt: null });
  const look = async () => {
    for (let n = 0; n < 12; n++) await kept();
  };
  const grade = async (who: TestPerson, from: number) => {
    for (let n = 0; n < 5; n++) await graded(who, from + n * 20);
  };
  await Promise.all([look(), look(), look(), grade(ann, 700), grade(ben, 800)]);
  expect(await kept()).toEqual(await reckoned());
});

test("pages are in the order of the whole, by points and by total, both ways", async () => {
  for (const sort of ["hw1", "total"]) {
    for (const order of ["asc", "desc"] as const) {
      const query = gradebookQuery.parse({ sort, order });
      const [page, whole] = [
        await gradebookPage(db, viewer, await access(), query),
        await wholeGradebook(db, viewer, await access(), query),
      ];
      expect(page.rows).toEqual(whole.rows);
      expect(page.rows).toHaveLength(2);
    }
  }
});

test("nothing that grows with what was handed in is read whole", async () => {
  const asked: { query: string; params: unknown[] }[] = [];
  const logged = drizzle(server.owner.sql, {
    logger: { logQuery: (query, params) => asked.push({ query, params }) },
  }) as unknown as Db;
  await change({ latePercentPerDay: 11 });
  for (const sort of ["name", "hw1", "total"]) {
    await gradebookPage(logged, viewer, await access(), gradebookQuery.parse({ sort }));
  }
  const growing =
    /Seq Scan on (submissions|submission_members|attempts|test_results|rubric_grades|adjustments|kept_standings|standing_changes|late_day_entries|extensions)\b/;
  const statements = asked.filter(({ query }) => /^\s*(select|with|delete|insert)/.test(query));
  expect(statements.length).toBeGreaterThan(15);
  for (const { query, params } of statements) {
    const plan = await server.owner.sql.begin(async (tx) => {
      await tx`set local enable_seqscan = off`;
      return (await tx.unsafe(`explain ${query}`, params as never[]))
        .map((row) => row["QUERY PLAN"])
        .join("\n");
    });
    expect(plan, query).not.toMatch(growing);
  }
});
