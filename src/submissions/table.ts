// Staff's table of an assignment: everybody who should hand in, each with their newest submission.
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { type CourseAccess, permit } from "../courses/access.ts";
import type { AttemptState } from "../grading/states.ts";
import type { Executor } from "../platform/database.ts";
import { codeOf, isBlind, NOBODY } from "./blind.ts";
import { type AttemptWord, wordOf } from "./view-report.ts";

export const TABLE_SIZES = [25, 50, 100, 200] as const;
const tableSorts = ["name", "score", "state", "received", "number"] as const;
export const tableStates = ["", "none", "waiting", "running", "finished", "cancelled", "delayed"] as const;

/** What a table's address says; whatever is not understood is as if it were absent. */
export const tableQuery = z.object({
  q: z.string().trim().max(100).catch(""),
  state: z.enum(tableStates).catch(""),
  sort: z.enum(tableSorts).catch("name"),
  order: z.enum(["asc", "desc"]).catch("asc"),
  size: z.coerce
    .number()
    .pipe(z.union(TABLE_SIZES.map((size) => z.literal(size))))
    .catch(50),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
export type TableQuery = z.infer<typeof tableQuery>;

export interface TableRow {
  personId: string;
  name: string;
  email: string;
  studentNumber: string | null;
  section: string | null;
  submissionId: string | null;
  number: number | null;
  receivedAt: Date | null;
  state: AttemptWord | null;
  /** Hundredths, hidden tests included, before lateness. */
  score: number | null;
  max: number | null;
}

/** A page of the table, and how many rows there are; for staff. */
export async function submissionTable(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
  query: TableQuery,
): Promise<{ rows: TableRow[]; total: number }> {
  permit(viewer, access, "submission.view_any");
  const blind = isBlind(access.standing, access.assignment);
  const where = conditions(blind ? { ...query, q: "" } : query);
  const { newest, from } = latestOf(access);
  const [counted] = await db.execute<{ total: number }>(
    sql`${newest} select count(*)::int as total ${from} ${where}`,
  );
  const rows =
    await db.execute<RawRow>(sql`${newest} select p.id as person_id, p.name, p.email, r.student_number, r.section,
    s.id as submission_id, s.number, extract(epoch from s.received_at) * 1000 as received_ms,
    a.state, a.score, a.max ${from} ${where}
    order by ${orderOf(query, blind)} limit ${query.size} offset ${(query.page - 1) * query.size}`);
  return { rows: rows.map((row) => (blind ? nameless(rowOf(row)) : rowOf(row))), total: counted?.total ?? 0 };
}

/**
 * Students of the roster, and whoever has handed something in. The newest are found in one pass over the assignment: to
 * look for each person among all that they ever handed in would grow with the years.
 */
function latestOf({ course, assignment }: AssignmentAccess): { newest: SQL; from: SQL } {
  const newest = sql`with newest as (
      select distinct on (m.person_id) m.person_id, s.id, s.number, s.received_at, s.run
      from submissions s join submission_members m on m.submission_id = s.id
      where s.assignment_id = ${assignment.id}
      order by m.person_id, s.received_at desc, s.id desc
    )`;
  const from = sql`from (
      select person_id from roster where course_id = ${course.id} and role = 'student'
      union select person_id from newest
    ) who
    join people p on p.id = who.person_id
    left join roster r on r.course_id = ${course.id} and r.person_id = p.id
    left join newest s on s.person_id = p.id
    left join lateral (
      select state, score, max from attempts
      where subject = s.id::text and run = s.run order by is_final desc, number desc limit 1
    ) a on true`;
  return { newest, from };
}

function conditions({ q, state }: TableQuery): SQL {
  const pattern = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
  const named =
    q === ""
      ? sql`true`
      : sql`(p.name ilike ${pattern} or p.email ilike ${pattern} or r.student_number ilike ${pattern})`;
  return sql`where ${named} and ${stateIs(state)}`;
}

function stateIs(state: TableQuery["state"]): SQL {
  if (state === "") return sql`true`;
  if (state === "none") return sql`s.id is null`;
  if (state === "delayed") return sql`a.state = 'needs_attention'`;
  return state === "waiting" ? sql`a.state in ('waiting', 'infrastructure')` : sql`a.state = ${state}`;
}

/** A row without anybody: also whoever handed in nothing is nobody. */
function nameless(row: TableRow): TableRow {
  const name = row.submissionId === null ? "–" : codeOf(row.submissionId);
  return { ...row, personId: NOBODY, name, email: "", studentNumber: null, section: null };
}

function orderOf(query: TableQuery, blind: boolean): SQL {
  // The order of names would tell them.
  const byPerson = ["name", "number"].includes(query.sort);
  if (blind) return byPerson ? sql`md5(s.id::text)` : sql`${columnOf(query)}, md5(s.id::text)`;
  return sql`${columnOf(query)}, p.id`;
}

function columnOf({ sort, order }: TableQuery): SQL {
  const column = {
    name: sql`p.name`,
    score: sql`a.score`,
    state: sql`a.state`,
    received: sql`s.received_at`,
    number: sql`r.student_number`,
  }[sort];
  return order === "asc" ? sql`${column} asc nulls last` : sql`${column} desc nulls last`;
}

type RawRow = {
  person_id: string;
  name: string;
  email: string;
  student_number: string | null;
  section: string | null;
  submission_id: string | null;
  number: number | null;
  received_ms: string | null;
  state: AttemptState | null;
  score: number | null;
  max: number | null;
};

function rowOf(row: RawRow): TableRow {
  return {
    personId: row.person_id,
    name: row.name,
    email: row.email,
    studentNumber: row.student_number,
    section: row.section,
    submissionId: row.submission_id,
    number: row.number,
    receivedAt: row.received_ms === null ? null : new Date(Number(row.received_ms)),
    state: row.state && wordOf(row.state),
    score: row.score,
    max: row.max,
  };
}

export interface AssignmentCount {
  assignmentId: string;
  /** People who handed something in. */
  people: number;
  submissions: number;
}

/** How much has come for each assignment of a course; for staff. */
export async function submissionCounts(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
): Promise<Map<string, AssignmentCount>> {
  permit(viewer, access, "submission.view_any");
  const rows = await db.execute<{ id: string; people: number; submissions: number }>(
    sql`select s.assignment_id as id, count(distinct m.person_id)::int as people, count(distinct s.id)::int as submissions
      from submissions s join assignments a on a.id = s.assignment_id
      join submission_members m on m.submission_id = s.id
      where a.course_id = ${access.course.id} group by s.assignment_id`,
  );
  return new Map(rows.map(({ id, people, submissions }) => [id, { assignmentId: id, people, submissions }]));
}
