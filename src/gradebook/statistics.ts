// How an assignment went: points, tests, times, attempts. Over students of the roster; for staff, with everything in it.
import { and, eq, sql } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { permitSight } from "../courses/access.ts";
import { roster } from "../courses/tables.ts";
import { attempts, testResults } from "../grading/tables.ts";
import type { Words } from "../judge/words.ts";
import { type Executor, idList } from "../platform/database.ts";
import { ofCountingRun } from "../submissions/counting-run.ts";
import { submissionMembers, submissions } from "../submissions/tables.ts";
import { histogram, quartiles } from "./histogram.ts";
import { standings } from "./standings.ts";

export interface TestRate {
  name: string;
  title: Words;
  /** Of the submissions that count. */
  ran: number;
  passed: number;
  /** Share of its points, from 0 to 1. */
  share: number;
}

export interface Statistics {
  students: number;
  graded: number;
  /** Shares of 100: students by their points in tenths of what there is. */
  bins: number[];
  /** Hundredths of a percent; null while nothing is graded. */
  quartiles: [number, number, number] | null;
  /** The hardest first. */
  tests: TestRate[];
  /** By day in the course's zone, without gaps. */
  days: { day: string; count: number }[];
  /** How many students handed in so often: once, twice, … the last is for all above. */
  attempts: number[];
}

const ATTEMPTS_SHOWN = 10;
const DAYS_LIMIT = 120;

export async function statisticsOf(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
): Promise<Statistics> {
  permitSight(viewer, access, "gradebook.view");
  const { course, assignment } = access;
  const students = await db
    .select({ id: roster.personId })
    .from(roster)
    .where(and(eq(roster.courseId, course.id), eq(roster.role, "student")));
  const ids = students.map(({ id }) => id);
  const found = await standings(db, [assignment], ids);
  const graded = found.flatMap(({ points }) => points ?? []);
  const shares = graded.map(({ total, max }) => (max > 0 ? total / max : 0));
  return {
    students: students.length,
    graded: graded.length,
    bins: histogram(shares),
    quartiles: quartiles(shares),
    tests: await testRates(
      db,
      found.flatMap(({ submissionId, points }) => (points ? [submissionId] : [])),
    ),
    days: await byDay(db, access, ids),
    attempts: await attemptsOf(db, access, ids),
  };
}

async function testRates(db: Executor, submissionIds: string[]): Promise<TestRate[]> {
  if (submissionIds.length === 0) return [];
  const rows = await db.execute<{
    name: string;
    title: Words;
    ran: number;
    passed: number;
    share: number | null;
  }>(sql`
    select ${testResults.name} as name, (array_agg(${testResults.result} -> 'title'))[1] as title,
      count(*)::int as ran, (count(*) filter (where ${testResults.result} ->> 'verdict' = 'passed'))::int as passed,
      (sum(${testResults.score})::float8 / nullif(sum(${testResults.max}), 0)) as share
    from ${submissions} join ${attempts} on ${ofCountingRun()} and ${attempts.isFinal}
      join ${testResults} on ${testResults.attemptId} = ${attempts.id}
    where ${submissions.id} = any(${idList(submissionIds)})
    group by ${testResults.name}
    order by (count(*) filter (where ${testResults.result} ->> 'verdict' = 'passed'))::float8 / count(*),
      sum(${testResults.score})::float8 / nullif(sum(${testResults.max}), 0), min(${testResults.position})`);
  return rows.map(({ share, ...row }) => ({ ...row, share: share ?? 0 }));
}

async function byDay(db: Executor, { course, assignment }: AssignmentAccess, ids: string[]) {
  const zone = course.timeZone;
  const rows = await db.execute<{ day: string; count: number }>(sql`
    with per as (
      select (${submissions.receivedAt} at time zone ${zone}::text)::date as day, count(*)::int as n from ${submissions}
      where ${submissions.assignmentId} = ${assignment.id} and ${submissions.personId} = any(${idList(ids)}) group by 1)
    select to_char(d, 'YYYY-MM-DD') as day, coalesce(n, 0) as count
    from generate_series((select greatest(min(day), max(day) - ${DAYS_LIMIT}::int) from per), (select max(day) from per),
      interval '1 day') d left join per on per.day = d::date
    order by d`);
  return rows.map(({ day, count }) => ({ day, count: Number(count) }));
}

async function attemptsOf(db: Executor, { assignment }: AssignmentAccess, ids: string[]): Promise<number[]> {
  const rows = await db.execute<{ times: number; people: number }>(sql`
    select least(times, ${ATTEMPTS_SHOWN}::int)::int as times, count(*)::int as people from (
      select count(*) as times from ${submissions}
        join ${submissionMembers} on ${submissionMembers.submissionId} = ${submissions.id}
      where ${submissions.assignmentId} = ${assignment.id} and ${submissionMembers.personId} = any(${idList(ids)})
      group by ${submissionMembers.personId}) one
    group by 1`);
  const counts = Array.from({ length: ATTEMPTS_SHOWN }, () => 0);
  for (const { times, people } of rows) counts[times - 1] = people;
  return counts.slice(0, counts.findLastIndex((count) => count > 0) + 1);
}
