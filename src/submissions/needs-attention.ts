// Gradings that we failed three times and left to a person: listed, and tried again.
import { and, desc, eq, lt, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import { requireAdmin, type Viewer } from "../accounts/viewer.ts";
import { assignments } from "../assignments/tables.ts";
import { permit } from "../courses/access.ts";
import { isUuid } from "../courses/courses.ts";
import { courses } from "../courses/tables.ts";
import { repeatAttempt } from "../grading/attempts.ts";
import { attempts } from "../grading/tables.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import type { Queue } from "../platform/queue.ts";
import { findSubmissionAttempt } from "./cancel.ts";
import { fail } from "./errors.ts";
import { reruns, submissions } from "./tables.ts";

export const ATTENTION_PAGE = 50;

export interface NeedsAttention {
  attemptId: string;
  submissionId: string;
  person: string;
  course: string;
  assignment: string;
  title: { en: string; zh: string };
  lane: string;
  fault: string;
  at: Date;
}

/** Newest first, a page at a time, of the whole installation; `before` is the last attempt of the page before. */
export async function needsAttention(
  db: Executor,
  viewer: Viewer,
  before?: string,
): Promise<NeedsAttention[]> {
  requireAdmin(viewer);
  const newer = sql`exists (select 1 from attempts newer where newer.subject = ${attempts.subject}
    and newer.run = ${attempts.run} and newer.number > ${attempts.number})`;
  const rows = await db
    .select({
      attemptId: attempts.id,
      submissionId: submissions.id,
      person: people.name,
      course: courses.slug,
      assignment: assignments.slug,
      title: assignments.title,
      lane: attempts.lane,
      fault: attempts.fault,
      at: attempts.finishedAt,
    })
    .from(attempts)
    .innerJoin(submissions, sql`${submissions.id}::text = ${attempts.subject}`)
    .innerJoin(people, eq(people.id, submissions.personId))
    .innerJoin(assignments, eq(assignments.id, submissions.assignmentId))
    .innerJoin(courses, eq(courses.id, assignments.courseId))
    .where(
      and(
        eq(attempts.state, "needs_attention"),
        sql`not ${newer}`,
        // What nobody will ever accept needs nobody.
        sql`(${attempts.run} = ${submissions.run} or exists (select 1 from ${reruns}
          where ${reruns.id}::text = ${attempts.run} and ${reruns.state} = 'open'))`,
        before !== undefined && isUuid(before) ? lt(attempts.id, before) : undefined,
      ),
    )
    .orderBy(desc(attempts.id))
    .limit(ATTENTION_PAGE);
  return rows.map((row) => ({ ...row, fault: row.fault ?? "", at: row.at ?? new Date(0) }));
}

/** Has one tried again, at no cost to its student. @throws not_found, not_waiting_for_you */
export function retryAttempt(db: Db, queue: Queue, viewer: Viewer, id: string): Promise<void> {
  return transaction(db, async (tx) => {
    const found = await findSubmissionAttempt(tx, viewer, id);
    permit(viewer, found, "rerun.decide");
    if (!(await repeatAttempt(tx, queue, found.attempt))) throw fail("not_waiting_for_you");
    await audit(tx, {
      ...{ actorId: viewer.id, action: "attempt.retried", courseId: found.course.id },
      subject: { kind: "attempt", id },
      detail: { submission: found.submission.id },
    });
  });
}
