// What the hours before a deadline were like: how many came, how long they waited and were graded.
import { sql } from "drizzle-orm";
import type { Assignment } from "../assignments/tables.ts";
import { attempts } from "../grading/tables.ts";
import type { Executor } from "../platform/database.ts";
import { FIRST_RUN, submissions } from "../submissions/tables.ts";

const HOURS = 24;

export interface DeadlineHour {
  /** Whole hours before the due date: 0 is the last one. */
  before: number;
  submissions: number;
  /** Seconds; null where nothing was graded. */
  wait: { p50: number; p95: number } | null;
  grading: { p50: number; p95: number } | null;
}

/** The last day before the due date, an hour each, from the first in which anything came. */
export async function deadlineHours(db: Executor, { id, dueAt }: Assignment): Promise<DeadlineHour[]> {
  const due = sql`${dueAt!.toISOString()}::timestamptz`;
  const seconds = (from: unknown, to: unknown) => sql`extract(epoch from ${to} - ${from})::float8`;
  const quantile = (share: number, of: unknown) =>
    sql`percentile_disc(${share}::float8) within group (order by ${of})`;
  const wait = seconds(attempts.createdAt, attempts.startedAt);
  const grading = seconds(attempts.startedAt, attempts.finishedAt);
  const rows = await db.execute<{
    before: number;
    count: number;
    wait50: number | null;
    wait95: number;
    grading50: number | null;
    grading95: number;
  }>(sql`
    select floor(extract(epoch from ${due} - ${submissions.receivedAt}) / 3600)::int as before,
      count(distinct ${submissions.id})::int as count,
      ${quantile(0.5, wait)} as wait50, ${quantile(0.95, wait)} as wait95,
      ${quantile(0.5, grading)} as grading50, ${quantile(0.95, grading)} as grading95
    from ${submissions} left join ${attempts} on ${attempts.subject} = ${submissions.id}::text
      and ${attempts.run} = ${FIRST_RUN} and ${attempts.isFinal}
    where ${submissions.assignmentId} = ${id} and ${submissions.receivedAt} <= ${due}
      and ${submissions.receivedAt} > ${due} - make_interval(hours => ${HOURS}::int)
    group by 1 order by 1 desc`);
  const found = new Map(rows.map((row) => [row.before, row]));
  const first = rows[0]?.before ?? -1;
  return Array.from({ length: first + 1 }, (_, at) => {
    const before = first - at;
    const row = found.get(before);
    return {
      before,
      submissions: row?.count ?? 0,
      wait: row && row.wait50 !== null ? { p50: row.wait50, p95: row.wait95 } : null,
      grading: row && row.grading50 !== null ? { p50: row.grading50, p95: row.grading95 } : null,
    };
  });
}
