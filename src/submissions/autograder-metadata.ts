// submission_metadata.json of a Gradescope autograder ("Submission metadata" of its documentation): what the script
// may know of the submission, its people and its forerunners. Made when the attempt is, since a worker reads no names.
import { and, asc, eq, lt } from "drizzle-orm";
import { people } from "../accounts/tables.ts";
import { dueDates } from "../assignments/assignments.ts";
import type { Assignment } from "../assignments/tables.ts";
import { roster } from "../courses/tables.ts";
import type { SuiteConfig } from "../judge/suite.ts";
import type { Executor } from "../platform/database.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { hasMember } from "./members.ts";
import { currentAttempts } from "./submissions.ts";
import { type Submission, submissionMembers, submissions } from "./tables.ts";

/** Scripts count attempts and look at the last; nobody needs more of them than this. */
const PREVIOUS_LIMIT = 200;

export interface MetadataFacts {
  submission: Pick<Submission, "id" | "receivedAt">;
  assignment: Pick<Assignment, "id" | "courseId" | "title" | "opensAt" | "dueAt">;
  /** Until when late work is taken; null where none is, or where there is no end. */
  lateDue: Date | null;
  /** Hundredths, what people grade included. */
  totalPoints: number;
  users: { id: string; name: string; email: string; sid: string | null; dueAt: Date | null }[];
  /** Oldest first. */
  previous: { at: Date; score: number | null; failed: boolean }[];
  /** The whole results.json of the last one before this. */
  lastResults: unknown;
}

/** Pure: the document as Gradescope writes it, times in ISO 8601 with their offset. */
export function metadataOf(facts: MetadataFacts) {
  const { submission, assignment, lateDue, users, previous } = facts;
  const time = (at: Date | null) => (at === null ? null : at.toISOString().replace("Z", "+00:00"));
  const dates = { release_date: time(assignment.opensAt), late_due_date: time(lateDue) };
  return {
    id: submission.id,
    created_at: time(submission.receivedAt),
    assignment_id: null,
    assignment: {
      ...dates,
      due_date: time(assignment.dueAt),
      group_size: null,
      group_submission: users.length > 1,
      id: assignment.id,
      course_id: assignment.courseId,
      title: assignment.title.en,
      total_points: (facts.totalPoints / 100).toFixed(1),
      outline: [],
    },
    submission_method: "upload",
    users: users.map(({ id, name, email, sid, dueAt }) => {
      return { email, id, name, sid, assignment: { ...dates, due_date: time(dueAt) } };
    }),
    previous_submissions: previous.map(({ at, score, failed }, place) => ({
      submission_time: time(at),
      score: score === null ? 0 : score / 100,
      autograder_error: failed,
      ...(place === previous.length - 1 ? { results: facts.lastResults ?? {} } : {}),
    })),
  };
}

/** Keeps the document for an attempt of such a suite: its blob. Null for any other suite. */
export async function keepMetadata(
  db: Executor,
  blobs: BlobStore,
  submission: Submission,
  assignment: Assignment,
  config: SuiteConfig,
): Promise<string | null> {
  if (config.mode !== "gradescope") return null;
  const metadata = await autograderMetadata(db, blobs, submission, assignment, config);
  return (await blobs.put(Buffer.from(JSON.stringify(metadata)))).hash;
}

/** Reads what the document says of a submission. */
async function autograderMetadata(
  db: Executor,
  blobs: BlobStore,
  submission: Submission,
  assignment: Assignment,
  config: SuiteConfig,
) {
  const earlier = await earlierOnes(db, submission);
  const last = earlier.at(-1)?.attempt?.resultsBlob;
  const due = await dueDates(db, assignment, submission.personId);
  const byHand = config.rubric.reduce((sum, { points }) => sum + points, 0);
  return metadataOf({
    submission,
    assignment,
    lateDue: lateDueOf(assignment),
    totalPoints: Math.round(((config.gradescope.points ?? 0) + byHand) * 100),
    users: await usersOf(db, submission, assignment, due.own),
    previous: earlier.map(({ at, attempt }) => ({
      at,
      score: attempt?.score ?? null,
      failed: attempt?.state !== "finished",
    })),
    lastResults: last ? JSON.parse((await blobs.read(last)).toString("utf8").replace(/^\uFEFF/, "")) : null,
  });
}

/** Everybody whose name is on it. */
async function usersOf(db: Executor, { id }: Submission, { courseId }: Assignment, dueAt: Date | null) {
  const rows = await db
    .select({ id: people.id, name: people.name, email: people.email, sid: roster.studentNumber })
    .from(submissionMembers)
    .innerJoin(people, eq(people.id, submissionMembers.personId))
    .leftJoin(roster, and(eq(roster.personId, people.id), eq(roster.courseId, courseId)))
    .where(eq(submissionMembers.submissionId, id))
    .orderBy(asc(people.name), asc(people.id));
  return rows.map((row) => ({ ...row, dueAt }));
}

async function earlierOnes(db: Executor, { assignmentId, personId, number }: Submission) {
  const before = and(
    eq(submissions.assignmentId, assignmentId),
    hasMember(personId),
    lt(submissions.number, number),
  );
  const rows = await db
    .select({ id: submissions.id, at: submissions.receivedAt })
    .from(submissions)
    .where(before)
    .orderBy(asc(submissions.number))
    .limit(PREVIOUS_LIMIT);
  const current = await currentAttempts(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, at }) => ({ at, attempt: current.get(id) ?? null }));
}

const DAY_MS = 24 * 3600_000;

/** The end of late work for those without an extension. */
function lateDueOf({ dueAt, graceSeconds, lateLastDay }: Assignment): Date | null {
  if (!dueAt || !lateLastDay) return null;
  return new Date(dueAt.getTime() + graceSeconds * 1000 + lateLastDay * DAY_MS);
}
