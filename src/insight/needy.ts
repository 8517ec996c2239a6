// Who has not begun, and who is stuck: students whom a word may help, with the addresses for it.
import { and, asc, eq, sql } from "drizzle-orm";
import { people } from "../accounts/tables.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { roster } from "../courses/tables.ts";
import type { Words } from "../judge/words.ts";
import type { Executor } from "../platform/database.ts";
import { submissionMembers, submissions } from "../submissions/tables.ts";
import type { AllResults } from "./all-results.ts";

/** A list is for reading; who more there are is a number. */
export const NEEDY_SHOWN = 50;

export interface Needy {
  notStarted: { all: number; shown: { id: string; name: string; email: string }[] };
  stuck: {
    all: number;
    shown: { id: string; name: string; email: string; test: string; title: Words; failures: number }[];
  };
}

export async function needyIn(db: Executor, access: AssignmentAccess, all: AllResults): Promise<Needy> {
  return { notStarted: await notStarted(db, access), stuck: await stuckIn(db, all) };
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

async function stuckIn(db: Executor, { stuck, tests }: AllResults): Promise<Needy["stuck"]> {
  const titles = new Map(tests.map(({ name, title }) => [name, title]));
  const rows = await db.execute<Omit<Needy["stuck"]["shown"][number], "title">>(sql`
    select ${people.id} as id, ${people.name} as name, ${people.email} as email, test, failures
    from jsonb_to_recordset(${JSON.stringify(stuck)}::jsonb) as worst(person uuid, test text, failures int)
      join ${people} on ${people.id} = worst.person
    order by failures desc, ${people.name}, ${people.id} limit ${NEEDY_SHOWN}`);
  const shown = rows.map((row) => ({ ...row, title: titles.get(row.test)! }));
  return { all: stuck.length, shown };
}
