// What counts for many people in many assignments at once, in a handful of statements: gradebook, exports and
// statistics stand on it. The rules are those of one submission (submissions/points.ts, scoring/counting.ts).
import { and, inArray, type SQL, sql } from "drizzle-orm";
import { latePolicyOf } from "../assignments/dates.ts";
import type { Assignment } from "../assignments/tables.ts";
import type { AttemptState } from "../grading/states.ts";
import { attempts } from "../grading/tables.ts";
import type { SuiteConfig } from "../judge/suite.ts";
import { type Executor, idList } from "../platform/database.ts";
import { whichCounts } from "../scoring/counting.ts";
import { endOfShownMinute, type Timing } from "../scoring/lateness.ts";
import { rubricUnder } from "../scoring/rubric.ts";
import { handPoints } from "../submissions/by-hand.ts";
import { ofCountingRun } from "../submissions/counting-run.ts";
import { type Points, pointsOf } from "../submissions/points.ts";
import { worthsOf } from "../submissions/rubric-worth.ts";
import { chosenSubmissions, submissionMembers, submissions } from "../submissions/tables.ts";
import { type Timings, timingsOfAll } from "../submissions/timing.ts";
import { type AttemptWord, wordOf } from "../submissions/view-report.ts";
import { suiteVersions } from "../suites/tables.ts";

/** One person's standing in one assignment: the submission that counts. */
export interface Standing {
  personId: string;
  assignmentId: string;
  submissionId: string;
  /** Of the suite, when it came. */
  versionId: string;
  number: number;
  receivedAt: Date;
  /** The person's own due date. */
  due: Date | null;
  /** Of this person: two of a group may differ. */
  timing: Timing;
  state: AttemptWord | null;
  /** Hundredths with all tests and all that people gave; null until it is graded. */
  points: Points | null;
}

/**
 * A group's piece of work counts for each whose name was on it when it came, by that person's own dates and choice.
 * @param personIds null: everybody who handed in.
 * @param amongst submissions of which it is known that what counts is among them; null: all are looked at.
 */
export async function standings(
  db: Executor,
  assignments: readonly Assignment[],
  personIds: readonly string[] | null,
  amongst: readonly string[] | null = null,
): Promise<Standing[]> {
  if (assignments.length === 0 || personIds?.length === 0) return [];
  const counting = await countingOf(db, assignments, personIds, amongst);
  const byHand = await handPoints(
    db,
    counting.map(({ id }) => id),
  );
  const rubrics = await rubricsOf(db, [...new Set(counting.map(({ versionId }) => versionId))]);
  const worths = await worthsOf(
    db,
    assignments.map(({ id }) => id),
  );
  return counting.map(({ id, key: _, assignment, tests, score: __, ...row }) => {
    const rubric = rubricUnder(rubrics.get(row.versionId) ?? [], worths.get(assignment.id));
    const hand = byHand(id, row.personId);
    const points = tests && pointsOf(tests, hand, rubric, latePolicyOf(assignment), row.timing);
    return { ...row, submissionId: id, points };
  });
}

/** Of each person and assignment the submission that counts. */
async function countingOf(
  db: Executor,
  assignments: readonly Assignment[],
  personIds: readonly string[] | null,
  amongst: readonly string[] | null,
) {
  const rows = await candidates(db, assignments, personIds, amongst);
  const timings = await timingsOfAll(db, assignments, personIds);
  const chosen = await choicesOf(db, assignments, personIds);
  const known = new Map(assignments.map((one) => [one.id, one]));
  return [...Map.groupBy(rows, ({ key }) => key).entries()].flatMap(([key, some]) => {
    const assignment = known.get(some[0]!.assignmentId)!;
    const counted = whichCounts(
      assignment.counting,
      some.map((row) => judged(row, assignment, timings.get(assignment.id)!)),
      chosen.get(key) ?? null,
    );
    return counted ? [{ ...counted, assignment }] : [];
  });
}

interface Candidate {
  key: string;
  id: string;
  personId: string;
  assignmentId: string;
  number: number;
  receivedAt: Date;
  versionId: string;
  state: AttemptWord | null;
  tests: { score: number; max: number } | null;
}

function judged(row: Candidate, assignment: Assignment, timings: Timings) {
  const timing = timings.at(row.personId, row.receivedAt);
  const score = row.tests && pointsOf(row.tests, null, [], latePolicyOf(assignment), timing).testsNet;
  return { ...row, due: timings.of(row.personId).due, timing, score };
}

/** By person and assignment, where the assignment leaves the choice to its students. */
async function choicesOf(
  db: Executor,
  assignments: readonly Assignment[],
  personIds: readonly string[] | null,
) {
  const some = assignments.filter(({ counting }) => counting === "chosen").map(({ id }) => id);
  if (some.length === 0) return new Map<string, string>();
  const { assignmentId, personId, submissionId } = chosenSubmissions;
  const people = personIds === null ? undefined : sql`${personId} = any(${idList(personIds)})`;
  const rows = await db
    .select({ assignmentId, personId, submissionId })
    .from(chosenSubmissions)
    .where(and(sql`${assignmentId} = any(${idList(some)})`, people));
  return new Map(rows.map((row) => [`${row.personId} ${row.assignmentId}`, row.submissionId]));
}

/** A tuple, not names: there may be a hundred thousand. */
type Told = [
  id: string,
  person: string,
  number: number,
  ms: number,
  version: string,
  state: AttemptState | null,
  score: number | null,
  max: number | null,
];

/**
 * Every submission that may count, with the attempt that speaks for it (currentAttempts); what was taken back is
 * nobody's result. What cannot count whatever else is known stays in the database: but for the newest where the latest
 * counts, and but for the best of what is on time where the best does. One row an assignment, as JSON: read in a
 * twentieth of the time that as many rows take.
 */
async function candidates(
  db: Executor,
  assignments: readonly Assignment[],
  personIds: readonly string[] | null,
  amongst: readonly string[] | null,
): Promise<Candidate[]> {
  // Only what has no result is looked at closer: a result is final, and its attempt the one that speaks.
  const state = sql`case when ${attempts.score} is not null then 'finished' else (
    select state from ${attempts} where ${ofCountingRun()} order by is_final desc, number desc limit 1) end`;
  const people =
    personIds === null ? sql`true` : sql`${submissionMembers.personId} = any(${idList(personIds)})`;
  const some = amongst === null ? sql`true` : sql`${submissions.id} = any(${idList(amongst)})`;
  const rows = await db.execute<{ assignment: string; told: Told[] }>(sql`
    with work as (
      select ${submissions.id} as id, ${submissionMembers.personId} as person, rule.assignment, ${submissions.number} as number,
        ${submissions.receivedAt} as received_at, ${submissions.suiteVersionId} as version, ${state} as state,
        ${attempts.score} as score, ${attempts.max} as max, rule.latest,
        case when not rule.latest and ${submissions.receivedAt} >= rule.alike_until then ${submissions.id} end as apart
      from (${rulesOf(assignments)}) rule join ${submissions} on ${submissions.assignmentId} = rule.assignment
        join ${submissionMembers} on ${submissionMembers.submissionId} = ${submissions.id}
        left join ${attempts} on ${ofCountingRun()} and ${attempts.isFinal}
      where ${submissions.assignmentId} = any(${idList(assignments.map(({ id }) => id))})
        and ${people} and ${some} and ${state} is distinct from 'cancelled'),
    one as (
      select distinct on (assignment, person, apart) * from work
      order by assignment, person, apart, case when not latest then score end desc nulls last, received_at desc, id desc)
    select assignment, json_agg(json_build_array(id, person, number,
      round(extract(epoch from received_at) * 1000)::bigint, version, state, score, max)) as told
    from one group by assignment`);
  return rows.flatMap(({ assignment, told }) => told.map((one) => candidateOf(assignment, one)));
}

/**
 * As rows: whether the latest counts, and until when nothing is taken from a submission for its time, nor given. Of
 * those the one with the most points of its tests is the best; an extension may have more of them on time, never fewer.
 */
function rulesOf(assignments: readonly Assignment[]): SQL {
  const rows = assignments.map(({ id, counting, earlyAt, dueAt, graceSeconds }) => {
    const alike = counting === "best" && earlyAt === null;
    const end = dueAt && new Date(endOfShownMinute(dueAt).getTime() + graceSeconds * 1000).toISOString();
    return {
      assignment: id,
      latest: counting === "latest",
      alike_until: alike ? (end ?? "infinity") : "-infinity",
    };
  });
  return sql`select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
    as rule(assignment uuid, latest boolean, alike_until timestamptz)`;
}

function candidateOf(assignmentId: string, told: Told): Candidate {
  const [id, personId, number, ms, versionId, state, score, max] = told;
  return {
    key: `${personId} ${assignmentId}`,
    id,
    personId,
    assignmentId,
    number,
    receivedAt: new Date(ms),
    versionId,
    state: state && wordOf(state),
    tests: state === "finished" && score !== null ? { score, max: max ?? 0 } : null,
  };
}

async function rubricsOf(db: Executor, ids: string[]): Promise<Map<string, SuiteConfig["rubric"]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: suiteVersions.id, config: suiteVersions.config })
    .from(suiteVersions)
    .where(inArray(suiteVersions.id, ids));
  return new Map(rows.map(({ id, config }) => [id, config.rubric]));
}
