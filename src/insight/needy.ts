// Who has not begun, and who is stuck: students whom a word may help, with the addresses for it.
import { and, asc, eq, sql } from "drizzle-orm";
import { people } from "../accounts/tables.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { roster } from "../courses/tables.ts";
import { attempts, testResults } from "../grading/tables.ts";
import type { Words } from "../judge/words.ts";
import { type Executor, idList } from "../platform/database.ts";
import { ofCountingRun } from "../submissions/counting-run.ts";
import { submissionMembers, submissions } from "../submissions/tables.ts";

/** Submissions that fail the same test before somebody counts as stuck. */
export const STUCK_AFTER = 5;
/** A list is for reading; who more there are is a number. */
export const NEEDY_SHOWN = 50;

export interface Needy {
  notStarted: { all: number; shown: { id: string; name: string; email: string }[] };
  stuck: {
    all: number;
    shown: { id: string; name: string; email: string; test: string; title: Words; failures: number }[];
  };
}

export async function needyIn(db: Executor, access: AssignmentAccess, students: string[]): Promise<Needy> {
  return { notStarted: await notStarted(db, access), stuck: await stuckIn(db, access, students) };
}

async function notStarted(
  db: Executor,
  { course, assignment }: AssignmentAccess,
): Promise<Needy["notStarted"]> {
  const rows = await db
    .select({
      id: people.id,
      name: people.name,
      email: people.email,
      all: sql<number>`(count(*) over ())::int`,
    })
    .from(roster)
    .innerJoin(people, eq(people.id, roster.personId))
    .where(
      and(
        eq(roster.courseId, course.id),
        eq(roster.role, "student"),
        sql`not exists (select 1 from ${submissions} join ${submissionMembers}
          on ${submissionMembers.submissionId} = ${submissions.id}
          where ${submissionMembers.personId} = ${people.id} and ${submissions.assignmentId} = ${assignment.id})`,
      ),
    )
    .orderBy(asc(people.name), asc(people.id))
    .limit(NEEDY_SHOWN);
  return { all: rows[0]?.all ?? 0, shown: rows.map(({ id, name, email }) => ({ id, name, email })) };
}

/** Each student once, by the test that they failed most often and never passed. */
async function stuckIn(
  db: Executor,
  { assignment }: AssignmentAccess,
  students: string[],
): Promise<Needy["stuck"]> {
  const rows = await db.execute<Needy["stuck"]["shown"][number] & { all: number }>(sql`
    with failed as (
      select ${submissionMembers.personId} as person, ${testResults.name} as test,
        (array_agg(${testResults.result} -> 'title'))[1] as title, count(*)::int as failures
      from ${submissions} join ${submissionMembers} on ${submissionMembers.submissionId} = ${submissions.id}
        join ${attempts} on ${ofCountingRun()} and ${attempts.isFinal}
        join ${testResults} on ${testResults.attemptId} = ${attempts.id}
      where ${submissions.assignmentId} = ${assignment.id} and ${submissionMembers.personId} = any(${idList(students)})
      group by 1, 2
      having count(*) >= ${STUCK_AFTER}::int and bool_and(${testResults.result} ->> 'verdict' <> 'passed')),
    worst as (select distinct on (person) * from failed order by person, failures desc, test)
    select ${people.id} as id, ${people.name} as name, ${people.email} as email, test, title, failures,
      (count(*) over ())::int as all
    from worst join ${people} on ${people.id} = worst.person
    order by failures desc, ${people.name} limit ${NEEDY_SHOWN}`);
  return { all: rows[0]?.all ?? 0, shown: rows.map(({ all: _, ...row }) => row) };
}
