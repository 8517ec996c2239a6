// What there is to review of an assignment: each person's submission that counts, in the reviewer's own order.
import { and, eq, inArray, not } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { latePolicyOf } from "../assignments/dates.ts";
import { permitSight } from "../courses/access.ts";
import { attempts } from "../grading/tables.ts";
import type { Executor } from "../platform/database.ts";
import { whichCounts } from "../scoring/counting.ts";
import { rubricSum } from "../scoring/rubric.ts";
import { chosenOf } from "../submissions/choose.ts";
import { ofCountingRun } from "../submissions/counting-run.ts";
import { hasMember } from "../submissions/members.ts";
import { pointsOf } from "../submissions/points.ts";
import { rubricGrades, submissionMembers, submissions } from "../submissions/tables.ts";
import { timingsFor } from "../submissions/timing.ts";
import { suiteVersions } from "../suites/tables.ts";
import { claimedByOthers } from "./claims.ts";
import { reviewOrder } from "./rules.ts";

export interface ToReview {
  id: string;
  /** Rubric items without a grade. */
  left: number;
}

export async function reviewQueue(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
): Promise<ToReview[]> {
  permitSight(viewer, access, "submission.view_any");
  const counting = await countingSubmissions(db, viewer, access);
  const ids = counting.map(({ id }) => id);
  if (ids.length === 0) return [];
  const given = await db.select().from(rubricGrades).where(inArray(rubricGrades.submissionId, ids));
  const grades = Map.groupBy(given, ({ submissionId }) => submissionId);
  const versionIds = [...new Set(counting.map(({ versionId }) => versionId))];
  const versions = await db
    .select({ id: suiteVersions.id, config: suiteVersions.config })
    .from(suiteVersions)
    .where(inArray(suiteVersions.id, versionIds));
  const rubrics = new Map(versions.map(({ id, config }) => [id, config.rubric]));
  const rows = counting.map(({ id, versionId }) => ({
    id,
    left: rubricSum(rubrics.get(versionId) ?? [], grades.get(id) ?? []).left,
  }));
  return reviewOrder(viewer.id, rows);
}

/** The queue without what somebody else is at: what is offered next. */
export async function unclaimed(db: Executor, viewer: Viewer, queue: ToReview[]): Promise<ToReview[]> {
  const open = queue.filter(({ left }) => left > 0).map(({ id }) => id);
  const taken = await claimedByOthers(db, viewer, open);
  return queue.map((one) => (taken.has(one.id) ? { ...one, left: 0 } : one));
}

/** The viewer's own work is not among them. */
async function countingSubmissions(db: Executor, viewer: Viewer, { assignment }: AssignmentAccess) {
  const rows = await db
    .select({
      id: submissions.id,
      personId: submissionMembers.personId,
      receivedAt: submissions.receivedAt,
      versionId: submissions.suiteVersionId,
      score: attempts.score,
    })
    .from(submissions)
    .innerJoin(submissionMembers, eq(submissionMembers.submissionId, submissions.id))
    .leftJoin(attempts, and(ofCountingRun(), eq(attempts.isFinal, true)))
    .where(and(eq(submissions.assignmentId, assignment.id), not(hasMember(viewer.id))));
  const timings = await timingsFor(db, assignment, null);
  const net = (row: (typeof rows)[number]) => {
    if (row.score === null) return null;
    const timing = timings.at(row.personId, row.receivedAt);
    return pointsOf({ score: row.score, max: row.score }, null, [], latePolicyOf(assignment), timing)
      .testsNet;
  };
  const people = Map.groupBy(
    rows.map((row) => ({ ...row, score: net(row) })),
    ({ personId }) => personId,
  );
  const chosen = await chosenOf(db, assignment.id);
  const counting = [...people].flatMap(
    ([personId, some]) => whichCounts(assignment.counting, some, chosen.get(personId) ?? null) ?? [],
  );
  // A group's work counts for each of its members and is graded once.
  return [...new Map(counting.map((one) => [one.id, one])).values()];
}
