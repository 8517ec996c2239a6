// Standings kept from one look to the next. Triggers note whose may have changed (migrations, standing_changes); the
// next look reckons those again and nobody else. docs/decisions/101-kept-standings.md
import { and, inArray, sql } from "drizzle-orm";
import type { Assignment } from "../assignments/tables.ts";
import { type Db, type Executor, idList, type Tx, transaction } from "../platform/database.ts";
import { type Standing, standings } from "./standings.ts";
import { keptStandings, standingChanges } from "./tables.ts";

/** Of a course, since a page shows a course: two looks at once reckon one after the other, the second next to nothing. */
export async function refreshStandings(
  db: Db,
  courseId: string,
  assignments: readonly Assignment[],
): Promise<void> {
  const of = inArray(
    standingChanges.assignmentId,
    assignments.map(({ id }) => id),
  );
  if (assignments.length === 0) return;
  const [noted] = await db.select({ id: standingChanges.id }).from(standingChanges).where(of).limit(1);
  if (!noted) return;
  await transaction(db, async (tx) => {
    // Without it a slow look could write what it read before over what a later one reckoned.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`standings:${courseId}`}, 0))`);
    // What is noted is taken first and rows are read after it: a change that comes between is in the rows already, and
    // stays noted.
    const taken = await takeChanges(tx, assignments);
    for (const assignment of assignments) {
      const whose = taken.get(assignment.id);
      if (whose !== undefined) await keep(tx, assignment, whose);
    }
  });
}

/** By assignment; null: everybody of it. */
async function takeChanges(
  tx: Tx,
  assignments: readonly Assignment[],
): Promise<Map<string, string[] | null>> {
  const rows = await tx.execute<{ assignment: string; all: boolean; people: string[] }>(sql`
    with gone as (
      delete from ${standingChanges}
      where ${standingChanges.assignmentId} = any(${idList(assignments.map(({ id }) => id))})
      returning ${standingChanges.assignmentId} as assignment, ${standingChanges.personId} as person)
    select assignment, bool_or(person is null) as all, json_agg(distinct person) as people from gone group by assignment`);
  return new Map(rows.map(({ assignment, all, people }) => [assignment, all ? null : people]));
}

async function keep(tx: Tx, assignment: Assignment, personIds: string[] | null): Promise<void> {
  const found = await standings(tx, [assignment], personIds);
  const whose = personIds === null ? sql`true` : sql`${keptStandings.personId} = any(${idList(personIds)})`;
  await tx.delete(keptStandings).where(and(sql`${keptStandings.assignmentId} = ${assignment.id}`, whose));
  if (found.length === 0) return;
  const rows = found.map(({ personId, submissionId, points }) => [
    personId,
    submissionId,
    points?.total ?? null,
  ]);
  await tx.execute(sql`
    insert into ${keptStandings} (assignment_id, person_id, submission_id, points)
    select ${assignment.id}::uuid, (one->>0)::uuid, (one->>1)::uuid, (one->>2)::int
    from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) one`);
}

/** Points to order people by: by person, then by assignment. Only those who have any. */
export async function keptPoints(
  db: Executor,
  assignments: readonly Assignment[],
): Promise<Map<string, Record<string, number | null>>> {
  const rows = await db.execute<{ person: string; points: Record<string, number | null> }>(sql`
    select ${keptStandings.personId} as person,
      json_object_agg(${keptStandings.assignmentId}, ${keptStandings.points}) as points
    from ${keptStandings} where ${keptStandings.assignmentId} = any(${idList(assignments.map(({ id }) => id))})
    group by ${keptStandings.personId}`);
  return new Map(rows.map(({ person, points }) => [person, points]));
}

/** Standings of these people, reckoned from rows; only which submission counts is as it was kept. */
export async function keptStandingsOf(
  db: Executor,
  assignments: readonly Assignment[],
  personIds: readonly string[],
): Promise<Standing[]> {
  const { submissionId, personId, assignmentId } = keptStandings;
  const rows = await db
    .select({ submissionId })
    .from(keptStandings)
    .where(
      and(
        sql`${personId} = any(${idList(personIds)})`,
        sql`${assignmentId} = any(${idList(assignments.map(({ id }) => id))})`,
      ),
    );
  const counting = [...new Set(rows.map((row) => row.submissionId))];
  return counting.length === 0 ? [] : standings(db, assignments, personIds, counting);
}
