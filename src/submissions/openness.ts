// What of a person's results is open to them now: the one place that reads it, for pages, answers, streams and
// exports alike.
import { type DueDates, dueDates } from "../assignments/assignments.ts";
import { lastDueDatePassed, resultsPublished } from "../assignments/dates.ts";
import type { Assignment } from "../assignments/tables.ts";
import type { Executor } from "../platform/database.ts";
import { databaseNow } from "../platform/time.ts";
import type { Openness } from "./visibility.ts";

export async function opennessFor(
  db: Executor,
  assignment: Assignment,
  personId: string,
): Promise<{ openness: Openness; due: DueDates }> {
  const now = await databaseNow(db);
  const due = await dueDates(db, assignment, personId);
  const openness = {
    lastDueDatePassed: lastDueDatePassed(assignment, due.last, now),
    published: resultsPublished(assignment, now),
  };
  return { openness, due };
}
