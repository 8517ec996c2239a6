// What proves that something was handed in: which bytes, when, and which attempt they became.
import type { Attempt } from "../grading/tables.ts";
import type { SubmissionAccess } from "./submissions.ts";

export interface Receipt {
  course: string;
  assignment: string;
  person: { name: string; email: string };
  submission: string;
  number: number;
  attempt: string | null;
  file: string;
  bytes: number;
  sha256: string;
  /** What counts; by the server's database's clock, like both below. */
  receivedAt: string;
  /** When the sender said that these bytes would come; null where nobody did. */
  claimedAt: string | null;
  /** When the last byte was here. */
  completedAt: string;
  timeZone: string;
  /** The system that it was handed in at, whose word the times are; null for what was handed in here. */
  movedFrom: string | null;
}

export function receiptOf(access: SubmissionAccess, attempt: Attempt | null): Receipt {
  const { course, assignment, submission, submitter } = access;
  const { receivedAt, completedAt } = submission;
  return {
    course: course.slug,
    assignment: assignment.slug,
    person: { name: submitter.name, email: submitter.email },
    submission: submission.id,
    number: submission.number,
    attempt: attempt?.id ?? null,
    file: submission.originalName,
    bytes: submission.originalBytes,
    sha256: submission.originalBlob,
    receivedAt: receivedAt.toISOString(),
    claimedAt: receivedAt < completedAt ? receivedAt.toISOString() : null,
    completedAt: completedAt.toISOString(),
    timeZone: course.timeZone,
    movedFrom: movedFrom(submission),
  };
}

function movedFrom({ notes }: SubmissionAccess["submission"]): string | null {
  const system = notes.find(({ code }) => code === "moved_in")?.params.system;
  return typeof system === "string" ? system : null;
}
