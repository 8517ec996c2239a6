// The append-only record of who did what. Written in the transaction that does it, or it was not done.
import { and, desc, eq, lt } from "drizzle-orm";
import type { Executor } from "../platform/database.ts";
import { type AuditEntry, auditLog } from "./tables.ts";

export interface Deed {
  /** Null: a command on the server's own machine. */
  actorId: string | null;
  /** `room.verb`, as `suite.published`. */
  action: string;
  courseId?: string;
  subject: { kind: string; id: string };
  /** What a reader will want to know; never a secret, never a submission's content. */
  detail?: Record<string, unknown>;
}

export async function audit(tx: Executor, deed: Deed): Promise<void> {
  await tx.insert(auditLog).values({
    actorId: deed.actorId,
    action: deed.action,
    courseId: deed.courseId ?? null,
    subjectKind: deed.subject.kind,
    subjectId: deed.subject.id,
    detail: deed.detail ?? {},
  });
}

export const AUDIT_PAGE = 100;

/** A course's entries, newest first; `before` is the last id of the page before. The caller has permitted it. */
export function courseAudit(db: Executor, courseId: string, before?: number): Promise<AuditEntry[]> {
  return db
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.courseId, courseId), before === undefined ? undefined : lt(auditLog.id, before)))
    .orderBy(desc(auditLog.id))
    .limit(AUDIT_PAGE);
}
