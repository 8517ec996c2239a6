// Late days for what its preflight refused come back: it was never graded. A worker ends the attempt and may read
// nothing of late days (platform/grants.ts), so the server settles them when it hears of the end.
import { and, eq, gt, inArray, sql } from "drizzle-orm";
import { assignments } from "../assignments/tables.ts";
import { courses } from "../courses/tables.ts";
import { attempts } from "../grading/tables.ts";
import { type Database, type Db, type Executor, transaction } from "../platform/database.ts";
import { listen } from "../platform/events.ts";
import type { Logger } from "../platform/log.ts";
import { settleSubmission } from "./late-days.ts";
import { FIRST_RUN, lateDayEntries, submissions } from "./tables.ts";

/** News is not lost for longer than a server is away. */
const LOOKED_BACK_DAYS = 14;

/** Hears of ends, and looks at once and after each lost connection for what it missed. @returns how to end it */
export async function startSettling(database: Database, log: Logger): Promise<() => Promise<void>> {
  const { db } = database;
  let work: Promise<unknown> = Promise.resolve();
  const after = (task: () => Promise<unknown>) => {
    work = work.then(task).catch((err) => log.warn({ err }, "late days could not be given back"));
  };
  const stop = await listen(
    database,
    "attempt_finished",
    (id) => after(() => settleRefused(db, id)),
    () => after(() => settleRefused(db)),
  );
  return async () => {
    await stop();
    await work;
  };
}

/** Settles what preflights refused; safe to repeat. @param attemptId only this one. */
export async function settleRefused(db: Db, attemptId?: string): Promise<void> {
  const refused = await db
    .select({ submission: submissions, assignment: assignments, course: courses })
    .from(attempts)
    .innerJoin(submissions, sql`${submissions.id}::text = ${attempts.subject}`)
    .innerJoin(assignments, eq(assignments.id, submissions.assignmentId))
    .innerJoin(courses, eq(courses.id, assignments.courseId))
    .where(
      and(
        attemptId === undefined ? inArray(submissions.id, recentlyCharged(db)) : eq(attempts.id, attemptId),
        eq(attempts.run, FIRST_RUN),
        eq(attempts.state, "cancelled"),
        sql`${attempts.options}->>'preflight' = 'true'`,
      ),
    );
  for (const { submission, ...access } of refused)
    await transaction(db, (tx) =>
      settleSubmission(tx, access, submission.id, "refused by the preflight", null),
    );
}

const recentlyCharged = (db: Executor) =>
  db
    .select({ id: lateDayEntries.submissionId })
    .from(lateDayEntries)
    .where(
      and(
        eq(lateDayEntries.kind, "charge"),
        gt(lateDayEntries.madeAt, sql`now() - make_interval(days => ${LOOKED_BACK_DAYS}::int)`),
      ),
    );
