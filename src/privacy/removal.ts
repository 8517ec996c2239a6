// Deleting a person: what the rules say of each table, in one transaction with its audit entry. The row of the person
// stays as a pseudonym, so that points, decisions and the log still name somebody.
import { and, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { personById } from "../accounts/people.ts";
import { type Person, people } from "../accounts/tables.ts";
import { requireAdmin, type Viewer } from "../accounts/viewer.ts";
import { isUuid } from "../courses/courses.ts";
import { fail as failAbove } from "../courses/errors.ts";
import { attempts } from "../grading/tables.ts";
import { type Db, type Executor, idList, transaction } from "../platform/database.ts";
import { regradeRequests } from "../review/tables.ts";
import { submissionMembers } from "../submissions/tables.ts";
import { applyLines, countLines, type Line } from "./apply.ts";
import { fail, REASON_LIMIT_CHARACTERS } from "./errors.ts";
import { filesGo, type Hindrance, hindranceOf, type Member, type Ties } from "./rules.ts";

/** Any number that nobody else locks: two administrators must not delete each other at once. */
const REMOVALS_LOCK = 7_461_830_019;

export interface RemovalPreview {
  person: Person;
  lines: Line[];
  /** Submissions whose files go, and those that stay since others handed them in, too. */
  work: number;
  shared: number;
  hindrance: Hindrance | null;
  ties: Ties;
}

/** For administrators, and (null) for a command on the server's own machine. @throws admin_only, not_found */
export async function previewRemoval(db: Executor, by: Viewer | null, id: string): Promise<RemovalPreview> {
  const person = await findPerson(db, by, id);
  const { work, shared } = await workOf(db, id);
  const ties = await tiesOf(db, person);
  const lines = await countLines(db, { person: id, work });
  return { person, lines, work: work.length, shared, hindrance: hindranceOf(ties), ties };
}

export interface RemovalWish {
  reason: string;
  /** As it is shown: whoever deletes has looked whom. */
  email: string;
}

/** @throws admin_only, not_found, removal_reason_needed, removal_unconfirmed, and what stands against it */
export function removePerson(db: Db, by: Viewer | null, id: string, wish: RemovalWish): Promise<Line[]> {
  return transaction(db, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${REMOVALS_LOCK})`);
    const person = await findPerson(tx, by, id);
    const reason = reasonOf(wish.reason);
    if (wish.email.trim().toLowerCase() !== person.email) throw fail("removal_unconfirmed");
    const ties = await tiesOf(tx, person);
    const hindrance = hindranceOf(ties);
    if (hindrance) throw fail(hindrance, { unfinished: ties.unfinished, open: ties.open });
    const { work } = await workOf(tx, id);
    const lines = await applyLines(tx, { person: id, work });
    await audit(tx, {
      actorId: by?.id === id ? null : (by?.id ?? null),
      action: "person.removed",
      subject: { kind: "person", id },
      detail: { reason, rows: rowsOf(lines) },
    });
    return lines;
  });
}

/** @throws removal_reason_needed */
export function reasonOf(given: string): string {
  const reason = given.trim();
  if (reason === "" || reason.length > REASON_LIMIT_CHARACTERS) {
    throw fail("removal_reason_needed", { limit: REASON_LIMIT_CHARACTERS });
  }
  return reason;
}

/** For the log: how many rows of which tables. */
export const rowsOf = (lines: Line[]): Record<string, number> =>
  Object.fromEntries(lines.filter(({ rows }) => rows > 0).map(({ table, rows }) => [table, rows]));

async function findPerson(db: Executor, by: Viewer | null, id: string): Promise<Person> {
  if (by) requireAdmin(by);
  return requirePerson(db, id);
}

/** @throws not_found */
export async function requirePerson(db: Executor, id: string): Promise<Person> {
  const person = isUuid(id) ? await personById(db, id) : null;
  if (!person) throw failAbove("not_found");
  return person;
}

/** What has their name on it and still has its files. */
async function workOf(db: Executor, id: string): Promise<{ work: string[]; shared: number }> {
  const rows = await db.execute<{ id: string; members: Member[] }>(sql`
    select s.id, jsonb_agg(jsonb_build_object('id', p.id, 'removed', p.removed_at is not null)) as members
    from submission_members own join submissions s on s.id = own.submission_id
    join submission_members m on m.submission_id = s.id join people p on p.id = m.person_id
    where own.person_id = ${id} and s.files_removed_at is null group by s.id`);
  const work = rows.filter(({ members }) => filesGo(members, id)).map((row) => row.id);
  return { work, shared: rows.length - work.length };
}

async function tiesOf(db: Executor, person: Person): Promise<Ties> {
  const others = and(eq(people.admin, true), isNull(people.disabledAt), ne(people.id, person.id));
  const own = await db
    .select({ id: submissionMembers.submissionId })
    .from(submissionMembers)
    .where(eq(submissionMembers.personId, person.id));
  const ids = own.map(({ id }) => id);
  const [alone] = await db.execute<{ courses: number }>(sql`
    select count(*)::int as courses from roster r where r.person_id = ${person.id} and r.role = 'instructor'
      and not exists (select 1 from roster o join people p on p.id = o.person_id where o.course_id = r.course_id
        and o.role = 'instructor' and o.person_id <> r.person_id and p.removed_at is null)`);
  return {
    removed: person.removedAt !== null,
    lastAdmin: person.admin && person.disabledAt === null && (await db.$count(people, others)) === 0,
    lastInstructor: alone!.courses > 0,
    unfinished: await unfinishedOf(db, ids),
    open: await db.$count(
      regradeRequests,
      and(eq(regradeRequests.askedBy, person.id), eq(regradeRequests.state, "open")),
    ),
  };
}

/** Attempts of these submissions that wait or run. */
export function unfinishedOf(db: Executor, submissionIds: readonly string[]): Promise<number> {
  return db.$count(
    attempts,
    and(
      inArray(attempts.state, ["waiting", "running"]),
      sql`${attempts.subject} = any(${idList(submissionIds)}::text[])`,
    ),
  );
}
