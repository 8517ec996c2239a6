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
import { reviewShares } from "./tables.ts";

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
  return reviewOrder(viewer.id, await workOf(db, access, viewer.id));
}

/** What counts of everybody's, but what has the name of `exceptId` on it; the order means nothing. */
export async function workOf(
  db: Executor,
  access: AssignmentAccess,
  exceptId: string | null,
): Promise<ToReview[]> {
  const counting = await countingSubmissions(db, access, exceptId);
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
  return counting.map(({ id, versionId }) => ({
    id,
    left: rubricSum(rubrics.get(versionId) ?? [], grades.get(id) ?? []).left,
  }));
}

/** What is offered next: the viewer's own share while some of it is left, and never what somebody else is at. */
export async function unclaimed(db: Executor, viewer: Viewer, queue: ToReview[]): Promise<ToReview[]> {
  const open = queue.filter(({ left }) => left > 0).map(({ id }) => id);
  const taken = await claimedByOthers(db, viewer, open);
  const free = open.filter((id) => !taken.has(id));
  const mine = await shareOf(db, viewer, free);
  const offered = new Set(mine.length > 0 ? mine : free);
  return queue.map((one) => (offered.has(one.id) ? one : { ...one, left: 0 }));
}

async function shareOf(db: Executor, viewer: Viewer, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select({ id: reviewShares.submissionId })
    .from(reviewShares)
    .where(and(inArray(reviewShares.submissionId, ids), eq(reviewShares.graderId, viewer.id)));
  return rows.map(({ id }) => id);
}

async function countingSubmissions(db: Executor, { assignment }: AssignmentAccess, exceptId: string | null) {
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
    .where(
      and(
        eq(submissions.assignmentId, assignment.id),
        exceptId === null ? undefined : not(hasMember(exceptId)),
      ),
    );
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
