// Every result of an assignment, read once. What a submission's tests gave lies in tens of kilobytes of JSON each, so
// one statement takes out of it the little that all figures stand on, keeps that, and sums it in each way.
import { sql } from "drizzle-orm";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { attempts, testResults } from "../grading/tables.ts";
import type { Words } from "../judge/words.ts";
import { type Executor, idList } from "../platform/database.ts";
import { ofCountingRun } from "../submissions/counting-run.ts";
import { submissionMembers, submissions } from "../submissions/tables.ts";

/** Submissions that fail the same test before somebody counts as stuck. */
export const STUCK_AFTER = 5;

export interface AllResults {
  /** `YYYY-MM-DD` in the course's zone, without gaps: the last `shown` to the last on which anything came. */
  days: { day: string; submissions: number; share: number | null }[];
  tests: {
    name: string;
    /** As the newest submission with it says. */
    title: Words;
    /** At which submission half of those who ever passed it did so first; null: nobody has. */
    attempts: number | null;
    /** Students who handed in and never passed it. */
    never: number;
  }[];
  /** Share that passed, by test and day. */
  passed: { name: string; day: string; share: number }[];
  /** Submissions with a mistake, by day. */
  mistakes: { mutant: string; title: Words; day: string; submissions: number }[];
  /** Students whose any submission had it. */
  mistaken: { mutant: string; students: number }[];
  /** Each student once, by the test that they failed most often and never passed. */
  stuck: { person: string; test: string; failures: number }[];
}

/**
 * By day go the submissions that a student of the roster sent; by person, those that have the person's name on them.
 * A list of a thousand ids is joined, not asked by `any`: inside a loop the database searches it anew for each row.
 */
export async function allResults(
  db: Executor,
  { course, assignment }: AssignmentAccess,
  students: readonly string[],
  shown: number,
): Promise<AllResults> {
  const list = (part: string) => sql.raw(`coalesce((select json_agg(${part}) from ${part}), '[]')`);
  // What only ties with another is no name (insight/mistakes.ts).
  const sure = sql`${testResults.diagnosis} -> 'others' = '[]'::jsonb`;
  const [row] = await db.execute<{ found: AllResults }>(sql`
    with learners as (select unnest(${idList(students)}) as person),
    work as materialized (
      select ${submissions.id} as id, ${submissions.personId} in (select person from learners) as own,
        row_number() over (order by ${submissions.receivedAt}, ${submissions.id}) as place,
        (${submissions.receivedAt} at time zone ${course.timeZone}::text)::date as day,
        ${attempts.id} as attempt, ${attempts.score}::float8 / nullif(${attempts.max}, 0) as share
      from ${submissions} left join ${attempts} on ${ofCountingRun()} and ${attempts.isFinal}
      where ${submissions.assignmentId} = ${assignment.id}),
    results as materialized (
      select place, own, day, ${testResults.position} as position, ${testResults.name} as name,
        ${testResults.result} ->> 'verdict' = 'passed' as passed,
        case when ${sure} then ${testResults.diagnosis} ->> 'mutant' end as mutant,
        case when ${sure} then ${testResults.diagnosis} -> 'title' end as mistake
      from work join ${testResults} on ${testResults.attemptId} = work.attempt),
    tried as materialized (
      select person, place, row_number() over (partition by person order by place) as nth
      from work join ${submissionMembers} on ${submissionMembers.submissionId} = work.id
        join learners on person = ${submissionMembers.personId}
      where attempt is not null),
    came as (select day, count(*) as submissions, avg(share) as share from work where own group by day),
    first as materialized (
      select name, person, min(nth) filter (where passed) as nth, count(*) as failures
      from results join tried using (place) group by name, person),
    named as (select name, max(place) as place, min(position) as position from results group by name),
    days as (
      select to_char(d, 'YYYY-MM-DD') as day, coalesce(submissions, 0) as submissions, share
      from generate_series((select greatest(min(day), max(day) - ${shown - 1}::int) from came),
        (select max(day) from came), interval '1 day') d left join came on came.day = d::date
      order by d),
    tests as (
      select named.name, (select ${testResults.result} -> 'title' from work join ${testResults}
          on ${testResults.attemptId} = work.attempt and ${testResults.name} = named.name
          where work.place = named.place order by ${testResults.position} limit 1) as title,
        percentile_disc(0.5) within group (order by nth) as attempts,
        count(first.name) filter (where nth is null) as never
      from named left join first using (name) group by named.name, named.place, named.position order by named.position),
    passed as (
      select name, to_char(day, 'YYYY-MM-DD') as day, avg(passed::int)::float8 as share
      from results where own group by name, results.day),
    mistakes as (
      select mutant, (array_agg(mistake))[1] as title, to_char(day, 'YYYY-MM-DD') as day,
        count(distinct place) as submissions
      from results where own and mutant is not null group by mutant, results.day),
    mistaken as (
      select mutant, count(distinct person) as students
      from results join tried using (place) where mutant is not null group by mutant),
    stuck as (
      select distinct on (person) person, name as test, failures
      from first where nth is null and failures >= ${STUCK_AFTER}::int order by person, failures desc, name)
    select json_build_object('days', ${list("days")}, 'tests', ${list("tests")}, 'passed', ${list("passed")},
      'mistakes', ${list("mistakes")}, 'mistaken', ${list("mistaken")}, 'stuck', ${list("stuck")}) as found`);
  return row!.found;
}
