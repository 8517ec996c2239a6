// Reviewing by people: rubric grades, adjustments and comments. Each change is in the audit log in the transaction
// that makes it. Nobody reviews a submission that has their own name on it.
import { and, asc, eq, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { permitSight } from "../courses/access.ts";
import { isUuid } from "../courses/courses.ts";
import type { SuiteConfig } from "../judge/suite.ts";
import { type Db, type Executor, type Tx, transaction } from "../platform/database.ts";
import { mostOf } from "../scoring/rubric.ts";
import { pointsByHand } from "../submissions/by-hand.ts";
import { opennessFor } from "../submissions/openness.ts";
import { findSubmission, isOwn, type SubmissionAccess } from "../submissions/submissions.ts";
import { type Adjustment, adjustments, type RubricGrade, rubricGrades } from "../submissions/tables.ts";
import { suiteVersions } from "../suites/tables.ts";
import { ADJUSTMENT_LIMIT_HUNDREDTHS, COMMENT_LIMIT_CHARACTERS, COMMENTS_LIMIT, fail } from "./errors.ts";
import { readPoints } from "./rules.ts";
import { type LineComment, lineComments } from "./tables.ts";

/** A submission that the viewer may review. */
export interface ReviewAccess extends SubmissionAccess {
  rubric: SuiteConfig["rubric"];
}

export interface Review {
  grades: RubricGrade[];
  adjustments: (Adjustment & { by: string })[];
  comments: (LineComment & { by: string })[];
}

/** @throws not_found, own_work */
export async function findReview(db: Executor, viewer: Viewer, id: string): Promise<ReviewAccess> {
  const access = await findSubmission(db, viewer, id);
  permitSight(viewer, access, "submission.view_any");
  if (isOwn(viewer, access)) throw fail("own_work");
  return { ...access, rubric: await rubricOf(db, access) };
}

/**
 * What people wrote about a submission. Its student gets it with the results' publication, never before; null
 * until then.
 */
export async function viewReview(db: Executor, access: SubmissionAccess): Promise<Review | null> {
  const { assignment, submission } = access;
  if (!access.staff) {
    const { openness } = await opennessFor(db, assignment, access.seenAs);
    if (!openness.published) return null;
  }
  const byHand = (await pointsByHand(db, [submission.id], access.seenAs)).get(submission.id)!;
  const comments = await db
    .select({ row: lineComments, by: people.name })
    .from(lineComments)
    .innerJoin(people, eq(people.id, lineComments.author))
    .where(eq(lineComments.submissionId, submission.id))
    .orderBy(asc(lineComments.path), asc(lineComments.line), asc(lineComments.id));
  return { ...byHand, comments: comments.map(({ row, by }) => ({ ...row, by })) };
}

/** Gives an item its points, or others than before. @throws no_such_item, bad_points, bad_comment */
export async function gradeItem(
  db: Db,
  viewer: Viewer,
  access: ReviewAccess,
  wish: { item: string; points: string; comment: string },
): Promise<void> {
  permitSight(viewer, access, "review.grade");
  const item = access.rubric.find(({ id }) => id === wish.item);
  if (!item) throw fail("no_such_item", { item: wish.item.slice(0, 100) });
  const points = readPoints(wish.points);
  if (points === null || points < 0 || points > mostOf(item)) {
    throw fail("bad_points", { least: 0, most: item.points });
  }
  const comment = wish.comment.trim();
  if (comment.length > COMMENT_LIMIT_CHARACTERS) {
    throw fail("bad_comment", { limit: COMMENT_LIMIT_CHARACTERS });
  }
  const submissionId = access.submission.id;
  const given = { points, comment, gradedBy: viewer.id, gradedAt: sql`now()` };
  await transaction(db, async (tx) => {
    const [before] = await tx
      .select({ points: rubricGrades.points })
      .from(rubricGrades)
      .where(and(eq(rubricGrades.submissionId, submissionId), eq(rubricGrades.item, item.id)))
      .for("update");
    await tx
      .insert(rubricGrades)
      .values({ submissionId, item: item.id, ...given })
      .onConflictDoUpdate({ target: [rubricGrades.submissionId, rubricGrades.item], set: given });
    await log(tx, viewer, access, "review.graded", { item: item.id, before: before?.points ?? null, points });
  });
}

/** Gives or takes points for a reason: everybody's whose work it is, or one member's. @throws not_found, bad_points, reason_needed */
export async function adjust(
  db: Db,
  viewer: Viewer,
  access: ReviewAccess,
  wish: { points: string; reason: string; personId?: string | null },
): Promise<void> {
  permitSight(viewer, access, "review.grade");
  const personId = wish.personId || null;
  if (personId !== null && !access.members.some(({ id }) => id === personId)) throw fail("not_found");
  const points = readPoints(wish.points);
  const most = ADJUSTMENT_LIMIT_HUNDREDTHS / 100;
  if (points === null || Math.abs(points) > ADJUSTMENT_LIMIT_HUNDREDTHS) {
    throw fail("bad_points", { least: -most, most });
  }
  const reason = wish.reason.trim().slice(0, COMMENT_LIMIT_CHARACTERS);
  if (points === 0 || reason === "") throw fail("reason_needed");
  await transaction(db, async (tx) => {
    await tx
      .insert(adjustments)
      .values({ submissionId: access.submission.id, points, reason, personId, madeBy: viewer.id });
    await log(tx, viewer, access, "review.adjusted", { points, reason, personId });
  });
}

/** @param lines how many the file has. @throws bad_comment, too_many_comments */
export async function commentLine(
  db: Db,
  viewer: Viewer,
  access: ReviewAccess,
  wish: { path: string; line: number; text: string },
  lines: number,
): Promise<void> {
  permitSight(viewer, access, "review.grade");
  const text = wish.text.trim();
  const onALine = Number.isSafeInteger(wish.line) && wish.line >= 1 && wish.line <= lines;
  if (!onALine || text === "" || text.length > COMMENT_LIMIT_CHARACTERS) {
    throw fail("bad_comment", { limit: COMMENT_LIMIT_CHARACTERS });
  }
  const submissionId = access.submission.id;
  await transaction(db, async (tx) => {
    const there = await tx.$count(lineComments, eq(lineComments.submissionId, submissionId));
    if (there >= COMMENTS_LIMIT) throw fail("too_many_comments", { limit: COMMENTS_LIMIT });
    const { path, line } = wish;
    await tx.insert(lineComments).values({ submissionId, path, line, text, author: viewer.id });
    await log(tx, viewer, access, "review.commented", { path, line });
  });
}

/** Takes one's own comment away. @throws not_found */
export async function deleteComment(db: Db, viewer: Viewer, access: ReviewAccess, id: string): Promise<void> {
  permitSight(viewer, access, "review.grade");
  if (!isUuid(id)) throw fail("not_found");
  const mine = and(eq(lineComments.id, id), eq(lineComments.submissionId, access.submission.id));
  await transaction(db, async (tx) => {
    const [gone] = await tx
      .delete(lineComments)
      .where(and(mine, eq(lineComments.author, viewer.id)))
      .returning();
    if (!gone) throw fail("not_found");
    await log(tx, viewer, access, "review.comment_deleted", { path: gone.path, line: gone.line });
  });
}

/** The rubric of the version that was in use when the submission came. */
export async function rubricOf(
  db: Executor,
  { submission }: SubmissionAccess,
): Promise<SuiteConfig["rubric"]> {
  const [version] = await db
    .select({ config: suiteVersions.config })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, submission.suiteVersionId));
  return version?.config.rubric ?? [];
}

function log(tx: Tx, viewer: Viewer, access: ReviewAccess, action: string, detail: Record<string, unknown>) {
  const subject = { kind: "submission", id: access.submission.id };
  return audit(tx, { actorId: viewer.id, action, courseId: access.course.id, subject, detail });
}
