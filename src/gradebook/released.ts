// Points as their own students may see them, for forms that go to other systems: what reaches a student there may
// not be more than what reaches them here.
import { dueDates } from "../assignments/assignments.ts";
import { latePolicyOf } from "../assignments/dates.ts";
import type { Executor } from "../platform/database.ts";
import { handPoints } from "../submissions/by-hand.ts";
import { declaredUnder } from "../submissions/declared-under.ts";
import { opennessOf } from "../submissions/openness.ts";
import { pointsOf } from "../submissions/points.ts";
import { currentAttempts } from "../submissions/submissions.ts";
import { scoresOf, versionsOf } from "../submissions/view-scores.ts";
import { studentView } from "../submissions/visibility.ts";
import type { Column, GradebookRow } from "./gradebook.ts";
import type { Standing } from "./standings.ts";

export interface Released {
  standing: Standing;
  /** Hundredths. */
  total: number;
}

/** By `person assignment`: only what is published to that person. */
export async function releasedPoints(
  db: Executor,
  columns: readonly Column[],
  rows: readonly GradebookRow[],
): Promise<Map<string, Released>> {
  const released = new Map<string, Released>();
  for (const [at, column] of columns.entries()) {
    const graded = rows.flatMap(({ cells }) => (cells[at]?.points ? [cells[at]] : []));
    for (const one of await releasedOf(db, column, graded)) {
      released.set(`${one.standing.personId} ${column.assignment.id}`, one);
    }
  }
  return released;
}

async function releasedOf(db: Executor, { assignment }: Column, graded: Standing[]): Promise<Released[]> {
  if (assignment.resultsPublishedAt === null || graded.length === 0) return [];
  const { last } = await dueDates(db, assignment, graded[0]!.personId);
  const opennessFor = await opennessOf(
    db,
    assignment,
    last,
    graded.map(({ personId }) => personId),
  );
  const open = graded.filter(({ personId }) => opennessFor(personId).published);
  const ids = open.map(({ submissionId }) => submissionId);
  const attempts = await currentAttempts(db, ids);
  const results = await scoresOf(
    db,
    [...attempts.values()].map(({ id }) => id),
  );
  const versionIds = [...new Set(open.map(({ versionId }) => versionId))];
  const versions = await versionsOf(db, versionIds, assignment.id);
  const byHand = await handPoints(db, ids);
  return open.flatMap((standing) => {
    const attempt = attempts.get(standing.submissionId);
    if (attempt?.state !== "finished") return [];
    const tests = results.get(attempt.id) ?? [];
    const version = versions.get(standing.versionId);
    const view = studentView(
      {
        declared: declaredUnder(attempt, version?.tests ?? null) ?? tests,
        results: tests,
        finished: true,
        leaderboard: [],
        circumstances: null,
        whole: attempt.report?.whole ?? null,
      },
      opennessFor(standing.personId),
      "none",
    );
    const hand = byHand(standing.submissionId, standing.personId);
    const sum = pointsOf(view, hand, version?.rubric ?? [], latePolicyOf(assignment), standing.timing);
    return [{ standing, total: sum.total }];
  });
}
