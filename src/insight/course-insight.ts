// How an assignment goes while it goes: by test, by mistake, over time, and who needs somebody. For staff, with hidden
// tests, over students of the roster. Statements sum in the database; what comes back is bounded by tests, days, hours
// and the lists' own limits.
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { assignments } from "../assignments/tables.ts";
import { type CourseAccess, permitSight } from "../courses/access.ts";
import { roster } from "../courses/tables.ts";
import { standings } from "../gradebook/standings.ts";
import { attempts, testResults } from "../grading/tables.ts";
import type { Words } from "../judge/words.ts";
import { type Executor, idList } from "../platform/database.ts";
import { isBlind } from "../submissions/blind.ts";
import { ofCountingRun } from "../submissions/counting-run.ts";
import { submissionMembers, submissions } from "../submissions/tables.ts";
import { type DeadlineHour, deadlineHours } from "./deadline-hours.ts";
import { type ItemFigures, type ItemResult, itemFigures } from "./items.ts";
import { type Needy, needyIn } from "./needy.ts";

/** Days that are shown, to the last on which anything came. */
const DAYS_SHOWN = 14;
const MISTAKES_SHOWN = 12;

export interface TestInsight extends ItemFigures {
  name: string;
  title: Words;
  /** At which submission half of those who ever passed it did so first; null: nobody has. */
  attempts: number | null;
  /** Students who handed in and never passed it. */
  never: number;
  /** Of all submissions of a day, the share that passed; null: none came. */
  days: (number | null)[];
}

export interface MistakeInsight {
  mutant: string;
  title: Words;
  students: number;
  /** Submissions of a day that had it. */
  days: number[];
}

export interface Insight {
  students: number;
  /** Students whose name is on a submission. */
  handedIn: number;
  graded: number;
  /** Shown days, `YYYY-MM-DD` in the course's zone, without gaps. */
  days: { day: string; submissions: number; share: number | null }[];
  tests: TestInsight[];
  mistakes: MistakeInsight[];
  /** Students by how long before the due date they handed in first; null without one. */
  starts: number[] | null;
  hours: DeadlineHour[];
  /** Null where names may not be known yet. */
  needy: Needy | null;
}

/** Hours before the due date that part the bars of `starts`; the last bar is what came after it. */
export const START_HOURS = [168, 96, 48, 24, 12, 6, 3, 1, 0] as const;

export async function insightOf(db: Executor, viewer: Viewer, access: AssignmentAccess): Promise<Insight> {
  permitSight(viewer, access, "gradebook.view");
  const { course, assignment } = access;
  const rows = await db
    .select({ id: roster.personId })
    .from(roster)
    .where(and(eq(roster.courseId, course.id), eq(roster.role, "student")));
  const students = rows.map(({ id }) => id);
  const days = await daysOf(db, access, students);
  const [first] = days;
  const standing = await standings(db, [assignment], students);
  const counted = standing.flatMap(({ submissionId, points }) => (points ? [submissionId] : []));
  return {
    students: students.length,
    handedIn: new Set(standing.map(({ personId }) => personId)).size,
    graded: counted.length,
    days,
    tests: await testsOf(db, access, students, counted, days),
    mistakes: first ? await mistakesByDay(db, access, students, days) : [],
    starts: assignment.dueAt ? await startsOf(db, access, students) : null,
    hours: assignment.dueAt ? await deadlineHours(db, assignment) : [],
    needy: isBlind(access.standing, assignment) ? null : await needyIn(db, access, students),
  };
}

/** Submissions of students of the roster, each with its day and its final attempt that counts. */
function submittedBy({ course, assignment }: AssignmentAccess, students: string[]) {
  return sql`select ${submissions.id} as id, (${submissions.receivedAt} at time zone ${course.timeZone}::text)::date as day,
      ${attempts.id} as attempt, ${attempts.score} as score, ${attempts.max} as max
    from ${submissions} left join ${attempts} on ${ofCountingRun()} and ${attempts.isFinal}
    where ${submissions.assignmentId} = ${assignment.id} and ${submissions.personId} = any(${idList(students)})`;
}

async function daysOf(db: Executor, access: AssignmentAccess, students: string[]): Promise<Insight["days"]> {
  const rows = await db.execute<{ day: string; count: number; share: number | null }>(sql`
    with came as (${submittedBy(access, students)}),
      per as (select day, count(*)::int as n, avg(score::float8 / nullif(max, 0)) as share from came group by day)
    select to_char(d, 'YYYY-MM-DD') as day, coalesce(n, 0) as count, share
    from generate_series((select greatest(min(day), max(day) - ${DAYS_SHOWN - 1}::int) from per),
      (select max(day) from per), interval '1 day') d left join per on per.day = d::date
    order by d`);
  return rows.map(({ day, count, share }) => ({ day, submissions: count, share }));
}

async function testsOf(
  db: Executor,
  access: AssignmentAccess,
  students: string[],
  counted: string[],
  days: Insight["days"],
): Promise<TestInsight[]> {
  const results = await countedResults(db, counted);
  const byDay = await passedByDay(db, access, students, days);
  const tries = await firstPasses(db, access, students);
  return [...Map.groupBy(results, ({ name }) => name)]
    .map(([name, own]) => ({
      ...{ name, title: own[0]!.title, ...itemFigures(own) },
      ...(tries.get(name) ?? { attempts: null, never: 0 }),
      days: days.map(({ day }) => byDay.get(`${name} ${day}`) ?? null),
    }))
    .sort((a, b) => a.difficulty - b.difficulty);
}

async function countedResults(
  db: Executor,
  ids: string[],
): Promise<(ItemResult & { name: string; title: Words })[]> {
  if (ids.length === 0) return [];
  return db
    .select({
      name: testResults.name,
      title: sql<Words>`${testResults.result} -> 'title'`,
      passed: sql<boolean>`${testResults.result} ->> 'verdict' = 'passed'`,
      score: testResults.score,
      max: testResults.max,
      total: sql<number>`${attempts.score}`,
    })
    .from(submissions)
    .innerJoin(attempts, and(ofCountingRun(), eq(attempts.isFinal, true)))
    .innerJoin(testResults, eq(testResults.attemptId, attempts.id))
    .where(sql`${submissions.id} = any(${idList(ids)})`)
    .orderBy(asc(testResults.position));
}

async function passedByDay(
  db: Executor,
  access: AssignmentAccess,
  students: string[],
  days: Insight["days"],
): Promise<Map<string, number>> {
  if (days.length === 0) return new Map();
  const rows = await db.execute<{ name: string; day: string; share: number }>(sql`
    with came as (${submittedBy(access, students)})
    select ${testResults.name} as name, to_char(day, 'YYYY-MM-DD') as day,
      avg((${testResults.result} ->> 'verdict' = 'passed')::int)::float8 as share
    from came join ${testResults} on ${testResults.attemptId} = came.attempt
    where day >= ${days[0]!.day}::date group by 1, 2`);
  return new Map(rows.map(({ name, day, share }) => [`${name} ${day}`, share]));
}

/** By test: at which of a student's submissions they passed it first, and how many never did. */
async function firstPasses(
  db: Executor,
  { assignment }: AssignmentAccess,
  students: string[],
): Promise<Map<string, { attempts: number | null; never: number }>> {
  const rows = await db.execute<{ name: string; attempts: number | null; never: number }>(sql`
    with own as (
      select ${submissionMembers.personId} as person, ${attempts.id} as attempt,
        row_number() over (partition by ${submissionMembers.personId} order by ${submissions.receivedAt}, ${submissions.id}) as nth
      from ${submissions} join ${submissionMembers} on ${submissionMembers.submissionId} = ${submissions.id}
        join ${attempts} on ${ofCountingRun()} and ${attempts.isFinal}
      where ${submissions.assignmentId} = ${assignment.id} and ${submissionMembers.personId} = any(${idList(students)})),
    first as (
      select ${testResults.name} as name, person,
        min(nth) filter (where ${testResults.result} ->> 'verdict' = 'passed') as nth
      from own join ${testResults} on ${testResults.attemptId} = own.attempt group by 1, 2)
    select name, percentile_disc(0.5) within group (order by nth)::int as attempts,
      (count(*) filter (where nth is null))::int as never
    from first group by name`);
  return new Map(rows.map(({ name, ...row }) => [name, row]));
}

async function mistakesByDay(
  db: Executor,
  access: AssignmentAccess,
  students: string[],
  days: Insight["days"],
): Promise<MistakeInsight[]> {
  // What only ties with another is no name (insight/mistakes.ts).
  const rows = await db.execute<{ mutant: string; title: Words; day: string; count: number }>(sql`
    with came as (${submittedBy(access, students)})
    select ${testResults.diagnosis} ->> 'mutant' as mutant, (array_agg(${testResults.diagnosis} -> 'title'))[1] as title,
      to_char(day, 'YYYY-MM-DD') as day, count(distinct came.id)::int as count
    from came join ${testResults} on ${testResults.attemptId} = came.attempt
    where ${testResults.diagnosis} is not null and ${testResults.diagnosis} -> 'others' = '[]'::jsonb
    group by 1, 3`);
  const people = await studentsWith(db, access, students);
  return [...Map.groupBy(rows, ({ mutant }) => mutant)]
    .map(([mutant, own]) => ({
      ...{ mutant, title: own[0]!.title, students: people.get(mutant) ?? 0 },
      days: days.map(({ day }) => own.find((row) => row.day === day)?.count ?? 0),
    }))
    .sort((a, b) => b.students - a.students)
    .slice(0, MISTAKES_SHOWN);
}

/** Students whose any submission had a mistake. */
async function studentsWith(
  db: Executor,
  { assignment }: AssignmentAccess,
  students: string[],
): Promise<Map<string, number>> {
  const rows = await db.execute<{ mutant: string; count: number }>(sql`
    select ${testResults.diagnosis} ->> 'mutant' as mutant, count(distinct ${submissionMembers.personId})::int as count
    from ${submissions} join ${submissionMembers} on ${submissionMembers.submissionId} = ${submissions.id}
      join ${attempts} on ${ofCountingRun()} and ${attempts.isFinal}
      join ${testResults} on ${testResults.attemptId} = ${attempts.id}
    where ${submissions.assignmentId} = ${assignment.id} and ${submissionMembers.personId} = any(${idList(students)})
      and ${testResults.diagnosis} is not null and ${testResults.diagnosis} -> 'others' = '[]'::jsonb
    group by 1`);
  return new Map(rows.map(({ mutant, count }) => [mutant, count]));
}

async function startsOf(
  db: Executor,
  { assignment }: AssignmentAccess,
  students: string[],
): Promise<number[]> {
  const edges = sql`${`{${[...START_HOURS].reverse().join(",")}}`}::float8[]`;
  const rows = await db.execute<{ bar: number; count: number }>(sql`
    select width_bucket(extract(epoch from ${assignment.dueAt!.toISOString()}::timestamptz - at)::float8 / 3600, ${edges}) as bar,
      count(*)::int as count
    from (select ${submissionMembers.personId}, min(${submissions.receivedAt}) as at
      from ${submissions} join ${submissionMembers} on ${submissionMembers.submissionId} = ${submissions.id}
      where ${submissions.assignmentId} = ${assignment.id} and ${submissionMembers.personId} = any(${idList(students)})
      group by 1) first
    group by 1`);
  const bars = START_HOURS.map(() => 0).concat(0);
  for (const { bar, count } of rows) bars[START_HOURS.length - bar] = count;
  return bars;
}

export interface AssignmentLine {
  id: string;
  slug: string;
  title: Words;
  dueAt: Date | null;
  /** Students who handed in, and all submissions. */
  handedIn: number;
  submissions: number;
  /** Of them those in which a mistake was named. */
  named: number;
}

/** A course's assignments in a line each, by due date. */
export async function insightLines(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  list: readonly { id: string; slug: string; title: Words; dueAt: Date | null }[],
): Promise<AssignmentLine[]> {
  permitSight(viewer, access, "gradebook.view");
  if (list.length === 0) return [];
  const ids = list.map(({ id }) => id);
  const rows = await db
    .select({
      id: assignments.id,
      handedIn: sql<number>`count(distinct ${submissionMembers.personId})::int`,
      submissions: sql<number>`count(distinct ${submissions.id})::int`,
    })
    .from(assignments)
    .innerJoin(submissions, eq(submissions.assignmentId, assignments.id))
    .innerJoin(submissionMembers, eq(submissionMembers.submissionId, submissions.id))
    .innerJoin(
      roster,
      and(
        eq(roster.personId, submissionMembers.personId),
        eq(roster.courseId, access.course.id),
        eq(roster.role, "student"),
      ),
    )
    .where(inArray(assignments.id, ids))
    .groupBy(assignments.id);
  const counts = new Map(rows.map((row) => [row.id, row]));
  const named = await namedIn(db, ids);
  return list
    .map(({ id, slug, title, dueAt }) => ({
      ...{ id, slug, title, dueAt, named: named.get(id) ?? 0 },
      ...{ handedIn: counts.get(id)?.handedIn ?? 0, submissions: counts.get(id)?.submissions ?? 0 },
    }))
    .sort((a, b) => (a.dueAt?.getTime() ?? Infinity) - (b.dueAt?.getTime() ?? Infinity));
}

async function namedIn(db: Executor, ids: string[]): Promise<Map<string, number>> {
  const rows = await db.execute<{ id: string; count: number }>(sql`
    select ${submissions.assignmentId} as id, count(distinct ${submissions.id})::int as count
    from ${testResults} join ${attempts} on ${attempts.id} = ${testResults.attemptId} and ${attempts.isFinal}
      join ${submissions} on ${ofCountingRun()}
    where ${testResults.diagnosis} is not null and ${submissions.assignmentId} = any(${idList(ids)})
    group by 1`);
  return new Map(rows.map(({ id, count }) => [id, count]));
}
