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
import { type AllResults, allResults } from "./all-results.ts";
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
  days: AllResults["days"];
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
  const all = await allResults(db, access, students, DAYS_SHOWN);
  const standing = await standings(db, [assignment], students);
  const counted = standing.flatMap(({ submissionId, points }) => (points ? [submissionId] : []));
  return {
    students: students.length,
    handedIn: new Set(standing.map(({ personId }) => personId)).size,
    graded: counted.length,
    days: all.days,
    tests: await testsOf(db, counted, all),
    mistakes: mistakesByDay(all),
    starts: assignment.dueAt ? await startsOf(db, access, students) : null,
    hours: assignment.dueAt ? await deadlineHours(db, assignment) : [],
    needy: isBlind(access.standing, assignment) ? null : await needyIn(db, access, all),
  };
}

async function testsOf(
  db: Executor,
  counted: string[],
  { days, tests, passed }: AllResults,
): Promise<TestInsight[]> {
  const results = Map.groupBy(await countedResults(db, counted), ({ name }) => name);
  const shares = new Map(passed.map(({ name, day, share }) => [`${name} ${day}`, share]));
  return tests
    .flatMap(({ name, ...test }) => {
      const own = results.get(name);
      if (!own) return [];
      const byDay = days.map(({ day }) => shares.get(`${name} ${day}`) ?? null);
      return [{ name, ...test, ...itemFigures(own), days: byDay }];
    })
    .sort((a, b) => a.difficulty - b.difficulty);
}

async function countedResults(db: Executor, ids: string[]): Promise<(ItemResult & { name: string })[]> {
  if (ids.length === 0) return [];
  return db
    .select({
      name: testResults.name,
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

function mistakesByDay({ days, mistakes, mistaken }: AllResults): MistakeInsight[] {
  const people = new Map(mistaken.map(({ mutant, students }) => [mutant, students]));
  return [...Map.groupBy(mistakes, ({ mutant }) => mutant)]
    .map(([mutant, own]) => ({
      ...{ mutant, title: own[0]!.title, students: people.get(mutant) ?? 0 },
      days: days.map(({ day }) => own.find((row) => row.day === day)?.submissions ?? 0),
    }))
    .sort((a, b) => b.students - a.students)
    .slice(0, MISTAKES_SHOWN);
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
