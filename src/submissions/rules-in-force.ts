// Which changes of points an assignment's attempts are under.
import { and, desc, eq, isNull } from "drizzle-orm";
import type { Assignment } from "../assignments/tables.ts";
import type { AttemptRules } from "../grading/points-of-rules.ts";
import type { Executor } from "../platform/database.ts";
import { type ScoreRuleSet, type Submission, scoreRuleSets } from "./tables.ts";
import { timingsFor } from "./timing.ts";

/** The newest set that was not undone; null while points are the suite's own. */
export async function ruleSetInForce(db: Executor, assignmentId: string): Promise<ScoreRuleSet | null> {
  const [newest] = await db
    .select()
    .from(scoreRuleSets)
    .where(and(eq(scoreRuleSets.assignmentId, assignmentId), isNull(scoreRuleSets.undoneAt)))
    .orderBy(desc(scoreRuleSets.number))
    .limit(1);
  return newest ?? null;
}

/** The rules for a new attempt at a submission. */
export async function rulesFor(
  db: Executor,
  assignment: Assignment,
  submission: Submission,
): Promise<AttemptRules | null> {
  const set = await ruleSetInForce(db, assignment.id);
  if (!set) return null;
  const timings = await timingsFor(db, assignment, [submission.personId]);
  return { rules: set.rules, onTime: timings.at(submission.personId, submission.receivedAt).days === 0 };
}
