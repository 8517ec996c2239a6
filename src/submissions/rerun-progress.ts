// How far a re-run is: for its page and its stream.
import type { Executor } from "../platform/database.ts";
import type { RerunAccess } from "./rerun.ts";
import { type RerunRow, rerunRows } from "./rerun-rows.ts";
import { type Outcome, outcomeOf } from "./rerun-rules.ts";

export function countOutcomes(rows: readonly RerunRow[]): Record<Outcome, number> {
  const counts = { open: 0, failed: 0, new: 0, same: 0, higher: 0, lower: 0 };
  for (const row of rows) counts[outcomeOf(row)]++;
  return counts;
}

/** What goes out over a stream, and whose news are heard. */
export async function liveRerun(db: Executor, { rerun }: RerunAccess) {
  const rows = await rerunRows(db, rerun);
  const outcomes = countOutcomes(rows);
  return {
    data: { state: rerun.state, total: rows.length, ...outcomes },
    over: rerun.state !== "open" || outcomes.open === 0,
    watch: new Set(rows.flatMap(({ after }) => after.attemptId ?? [])),
  };
}
