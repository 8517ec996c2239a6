// The suites that submissions may come for now: what workers keep sandboxes ready for.
import { and, eq, isNull, lte, or, sql } from "drizzle-orm";
import type { SuiteConfig } from "../judge/suite.ts";
import type { Executor } from "../platform/database.ts";
import { suiteVersions } from "../suites/tables.ts";
import { assignments } from "./tables.ts";

export interface OpenSuite {
  hash: string;
  blob: string;
  config: SuiteConfig;
  /** Until the next due date of an assignment that uses it, by the database's clock; null without one ahead. */
  secondsToDue: number | null;
}

/** More open suites than this are not kept warm; the ones due soonest come first. */
const OPEN_SUITES_LIMIT = 50;

/** Each suite version that an open assignment uses, the one due soonest first. */
export function openSuites(db: Executor): Promise<OpenSuite[]> {
  const secondsToDue = sql<number | null>`
    min(extract(epoch from ${assignments.dueAt} - now())) filter (where ${assignments.dueAt} > now())`
    .mapWith((value) => (value === null ? null : Number(value)))
    .as("seconds_to_due");
  const { hash, blob, config } = suiteVersions;
  return db
    .select({ hash, blob, config, secondsToDue })
    .from(assignments)
    .innerJoin(suiteVersions, eq(assignments.suiteVersionId, suiteVersions.id))
    .where(
      and(
        eq(assignments.state, "open"),
        or(isNull(assignments.opensAt), lte(assignments.opensAt, sql`now()`)),
        // An autograder's container is made for its submission alone: nothing of it can wait.
        sql`${suiteVersions.config} ->> 'mode' <> 'gradescope'`,
      ),
    )
    .groupBy(suiteVersions.id)
    .orderBy(sql`seconds_to_due nulls last`)
    .limit(OPEN_SUITES_LIMIT);
}
