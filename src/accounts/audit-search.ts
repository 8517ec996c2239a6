// The audit log by what somebody looks for: paged by its id, each way of asking along an index.
import { and, desc, eq, isNull, lt, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "../platform/database.ts";
import { AUDIT_PAGE } from "./audit.ts";
import { type AuditEntry, auditLog, people } from "./tables.ts";

/** What the page's address says; whatever is not understood is as if it were absent. */
export const auditQuery = z.object({
  action: z.string().trim().max(100).catch(""),
  /** An e-mail. */
  actor: z.string().trim().toLowerCase().max(254).catch(""),
  subject: z.string().trim().max(100).catch(""),
  before: z.coerce.number().int().positive().optional().catch(undefined),
});
export type AuditQuery = z.infer<typeof auditQuery>;

export interface ShownEntry extends AuditEntry {
  /** Null: a command on the server's own machine. */
  actor: { name: string; email: string } | null;
}

/** @param courseId null: the whole installation. The caller has permitted it. */
export async function searchAudit(
  db: Executor,
  courseId: string | null,
  query: AuditQuery,
): Promise<ShownEntry[]> {
  const rows = await db
    .select({ entry: auditLog, actor: { name: people.name, email: people.email } })
    .from(auditLog)
    .leftJoin(people, eq(people.id, auditLog.actorId))
    .where(and(...conditions(courseId, query)))
    .orderBy(desc(auditLog.id))
    .limit(AUDIT_PAGE);
  return rows.map(({ entry, actor }) => ({ ...entry, actor }));
}

function conditions(
  courseId: string | null,
  { action, actor, subject, before }: AuditQuery,
): (SQL | undefined)[] {
  return [
    courseId === null ? undefined : eq(auditLog.courseId, courseId),
    action === "" ? undefined : eq(auditLog.action, action),
    actor === ""
      ? undefined
      : actor === "system"
        ? isNull(auditLog.actorId)
        : sql`${auditLog.actorId} = (select id from people where email = ${actor})`,
    subject === "" ? undefined : subjectIs(subject),
    before === undefined ? undefined : lt(auditLog.id, before),
  ];
}

/** The index begins with the kind, so each kind is asked for the id. */
function subjectIs(subject: string): SQL {
  return sql`${auditLog.subjectId} = ${subject} and ${auditLog.subjectKind} = any(${sql`array(${kinds()})`})`;
}

const kinds = () => distinct(sql`subject_kind`, sql`true`);

/** Distinct values of an index's first column, one probe for each instead of a look at every row. */
function distinct(column: SQL, where: SQL): SQL {
  return sql`with recursive t(v) as (
    (select ${column} from audit_log where ${where} order by 1 limit 1)
    union all
    select (select ${column} from audit_log where ${where} and ${column} > t.v order by 1 limit 1)
    from t where t.v is not null
  ) select v from t where v is not null`;
}

/** The actions that the log knows, for a choice. */
export async function auditActions(db: Executor, courseId: string | null): Promise<string[]> {
  const where = courseId === null ? sql`true` : sql`course_id = ${courseId}`;
  const rows = await db.execute<{ v: string }>(distinct(sql`action`, where));
  return rows.map(({ v }) => v);
}
