// Whose work a submission is: who handed it in, and the group as it was then. A snapshot: joining a group later
// gives nobody a past submission, leaving takes none away. A trigger enters whoever handed it in (migrations).
import { asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { people } from "../accounts/tables.ts";
import type { Executor } from "../platform/database.ts";
import { submissionMembers, submissions } from "./tables.ts";

export interface Submitter {
  id: string;
  name: string;
  email: string;
}

/** The condition of `submissions` that have this person's name on them. */
export function hasMember(personId: string): SQL {
  return sql`exists (select 1 from ${submissionMembers} where
    ${submissionMembers.submissionId} = ${submissions.id} and ${submissionMembers.personId} = ${personId})`;
}

/** Everybody whose name is on it, by name. */
export async function membersOf(db: Executor, submissionIds: string[]): Promise<Map<string, Submitter[]>> {
  const members = new Map<string, Submitter[]>(submissionIds.map((id) => [id, []]));
  if (submissionIds.length === 0) return members;
  const rows = await db
    .select({ of: submissionMembers.submissionId, id: people.id, name: people.name, email: people.email })
    .from(submissionMembers)
    .innerJoin(people, eq(people.id, submissionMembers.personId))
    .where(inArray(submissionMembers.submissionId, submissionIds))
    .orderBy(asc(people.name), asc(people.id));
  for (const { of, ...person } of rows) members.get(of)!.push(person);
  return members;
}
