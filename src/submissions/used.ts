// What of someone's quota is used: submissions with an attempt that was graded or is on its way. What was moved here
// from elsewhere used up attempts there, none here.
import { and, eq, sql } from "drizzle-orm";
import type { Assignment } from "../assignments/tables.ts";
import type { Course } from "../courses/tables.ts";
import { attempts } from "../grading/tables.ts";
import type { Executor } from "../platform/database.ts";
import { hasMember } from "./members.ts";
import type { Used } from "./quota.ts";
import { FIRST_RUN, movedIn, refunds, submissions } from "./tables.ts";

export async function usedQuota(
  db: Executor,
  course: Course,
  assignment: Assignment,
  personId: string,
): Promise<Used> {
  const midnight = sql`date_trunc('day', now() at time zone ${course.timeZone}::text) at time zone ${course.timeZone}::text`;
  const counts = sql`exists (select 1 from ${attempts} where ${attempts.subject} = ${submissions.id}::text
    and ${attempts.run} = ${FIRST_RUN} and ${attempts.state} in ('waiting', 'running', 'finished'))
    and not exists (select 1 from ${refunds} where ${refunds.submissionId} = ${submissions.id})
    and not exists (select 1 from ${movedIn} where ${movedIn.submissionId} = ${submissions.id})`;
  const [row] = await db
    .select({
      total: sql<number>`count(*)::int`,
      today: sql<number>`(count(*) filter (where ${submissions.receivedAt} >= ${midnight}))::int`,
      lastMs: sql<string | null>`extract(epoch from max(${submissions.receivedAt})) * 1000`,
    })
    .from(submissions)
    .where(and(eq(submissions.assignmentId, assignment.id), hasMember(personId), counts));
  return {
    total: row?.total ?? 0,
    today: row?.today ?? 0,
    lastAt: row?.lastMs == null ? null : new Date(Number(row.lastMs)),
  };
}
