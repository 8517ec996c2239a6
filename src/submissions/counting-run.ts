// Which run's attempts speak for a submission: the first, until a re-run is accepted. Whatever shows, sums, exports or
// compares a result joins attempts by this and by nothing else, so that an accepted re-run reaches every page at once.
import { and, eq, type SQL, sql } from "drizzle-orm";
import { attempts } from "../grading/tables.ts";
import { submissions } from "./tables.ts";

/** The condition that joins `attempts` to `submissions`; add `attempts.isFinal` for results alone. */
export function ofCountingRun(): SQL {
  return and(sql`${attempts.subject} = ${submissions.id}::text`, eq(attempts.run, submissions.run))!;
}
