// What counted before a re-run did, and where it ran.
import { and, desc, eq, lt, notInArray, sql } from "drizzle-orm";
import { type Attempt, attempts } from "../grading/tables.ts";
import type { Executor } from "../platform/database.ts";
import { type OtherDevice, otherDevice } from "./other-device.ts";
import { FIRST_RUN } from "./tables.ts";

/** Runs of some tests only, merged into the report that is there (stage-runs.ts). */
const STAGES = ["after_due", "staff"];

/** For the attempt of a re-run: that the result before it is of another model. */
export async function deviceChange(db: Executor, attempt: Attempt): Promise<OtherDevice | null> {
  if (attempt.run === FIRST_RUN || !attempt.report) return null;
  const [earlier] = await db
    .select({ gpu: sql<{ name: string } | null>`${attempts.report}->'circumstances'->'gpu'` })
    .from(attempts)
    .where(
      and(
        eq(attempts.subject, attempt.subject),
        lt(attempts.createdAt, attempt.createdAt),
        notInArray(attempts.run, [attempt.run, ...STAGES]),
        attempts.isFinal,
      ),
    )
    .orderBy(desc(attempts.createdAt))
    .limit(1);
  return otherDevice(earlier ?? null, attempt.report.circumstances);
}
