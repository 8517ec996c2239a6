// What counts for many people in many assignments at once, in a handful of statements: gradebook, exports and
// statistics stand on it. The rules are those of one submission (submissions/points.ts, scoring/counting.ts).
import { inArray, type SQL, sql } from "drizzle-orm";
import { latePolicyOf } from "../assignments/dates.ts";
import type { Assignment } from "../assignments/tables.ts";
import type { AttemptState } from "../grading/states.ts";
import { attempts } from "../grading/tables.ts";
import type { SuiteConfig } from "../judge/suite.ts";
import type { Executor } from "../platform/database.ts";
import { whichCounts } from "../scoring/counting.ts";
import { pointsByHand } from "../submissions/by-hand.ts";
import { ofCountingRun } from "../submissions/counting-run.ts";
import { type Points, pointsOf } from "../submissions/points.ts";
import { submissions } from "../submissions/tables.ts";
import { type Timings, timingsFor } from "../submissions/timing.ts";
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
  /** Started days of lateness. */
  days: number;
  state: AttemptWord | null;
  /** Hundredths with all tests and all that people gave; null until it is graded. */
  points: Points | null;
}

/** @param personIds null: everybody who handed in. */
export async function standings(
  db: Executor,
  assignments: readonly Assignment[],
  personIds: readonly string[] | null,
): Promise<Standing[]> {
  if (assignments.length === 0 || personIds?.length === 0) return [];
  const rows = await candidates(db, assignments, personIds);
  const timings = await timingsOf(db, assignments, personIds);
  const known = new Map(assignments.map((one) => [one.id, one]));
  const counting = [...Map.groupBy(rows, ({ key }) => key).values()].flatMap((some) => {
    const assignment = known.get(some[0]!.assignmentId)!;
    const counted = whichCounts(
      assignment.counting,
      some.map((row) => judged(row, assignment, timings.get(assignment.id)!)),
      null,
    );
    return counted ? [{ ...counted, assignment }] : [];
  });
  const byHand = await pointsByHand(
    db,
    counting.map(({ id }) => id),
    null,
  );
  const rubrics = await rubricsOf(db, [...new Set(counting.map(({ versionId }) => versionId))]);
  return counting.map(({ id, key: _, assignment, tests, score: __, timing, ...row }) => {
    const rubric = rubrics.get(row.versionId) ?? [];
    const points = tests && pointsOf(tests, byHand.get(id) ?? null, rubric, latePolicyOf(assignment), timing);
    return { ...row, submissionId: id, points };
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
  return { ...row, due: timings.of(row.personId).due, days: timing.days, timing, score };
}

async function timingsOf(
  db: Executor,
  assignments: readonly Assignment[],
  personIds: readonly string[] | null,
): Promise<Map<string, Timings>> {
  const some = personIds && [...personIds];
  const all = new Map<string, Timings>();
  for (const one of assignments) all.set(one.id, await timingsFor(db, one, some));
  return all;
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
 * nobody's result. Where the latest counts, the database leaves the others out. One row an assignment, as JSON: read
 * in a twentieth of the time that as many rows take.
 */
async function candidates(
  db: Executor,
  assignments: readonly Assignment[],
  personIds: readonly string[] | null,
): Promise<Candidate[]> {
  const [latest, others] = [true, false].map((is) =>
    assignments.filter(({ counting }) => (counting === "latest") === is).map(({ id }) => id),
  );
  const rows = await db.execute<{ assignment: string; told: Told[] }>(sql`
    with one as (${graded(others!, personIds, sql``)}
      union all (${graded(latest!, personIds, sql`distinct on (${submissions.assignmentId}, ${submissions.personId})`)}
        order by ${submissions.assignmentId}, ${submissions.personId}, ${submissions.receivedAt} desc, ${submissions.id} desc))
    select assignment, json_agg(json_build_array(id, person, number, ms, version, state, score, max)) as told
    from one group by assignment`);
  return rows.flatMap(({ assignment, told }) => told.map((one) => candidateOf(assignment, one)));
}

function graded(assignmentIds: string[], personIds: readonly string[] | null, distinct: SQL): SQL {
  // Only what has no result is looked at closer: a result is final, and its attempt the one that speaks.
  const state = sql`case when ${attempts.score} is not null then 'finished' else (
    select state from ${attempts} where ${ofCountingRun()} order by is_final desc, number desc limit 1) end`;
  const people = personIds === null ? sql`true` : sql`${submissions.personId} = any(${listOf(personIds)})`;
  return sql`select ${distinct} ${submissions.id} as id, ${submissions.personId} as person,
      ${submissions.assignmentId} as assignment, ${submissions.number} as number,
      round(extract(epoch from ${submissions.receivedAt}) * 1000)::bigint as ms,
      ${submissions.suiteVersionId} as version, ${state} as state, ${attempts.score} as score, ${attempts.max} as max
    from ${submissions} left join ${attempts} on ${ofCountingRun()} and ${attempts.isFinal}
    where ${submissions.assignmentId} = any(${listOf(assignmentIds)}) and ${people}
      and ${state} is distinct from 'cancelled'`;
}

/** One parameter for however many ids. */
const listOf = (ids: readonly string[]): SQL => sql`${`{${ids.join(",")}}`}::uuid[]`;

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
