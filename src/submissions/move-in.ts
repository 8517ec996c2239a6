// Work that was handed in elsewhere, taken in as it was: in its student's name, at its own time, whatever the dates and
// quotas here say. Lateness follows from that time by the assignment's own rules, as if it had been handed in here.
import { createReadStream } from "node:fs";
import { and, asc, eq, gt, inArray, or } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { permit } from "../courses/access.ts";
import { isUuid } from "../courses/courses.ts";
import { roster } from "../courses/tables.ts";
import { type Executor, type Tx, transaction } from "../platform/database.ts";
import { databaseNow } from "../platform/time.ts";
import type { CanonicalArchive } from "../storage/archive.ts";
import type { ArchiveNote } from "../storage/errors.ts";
import { checkCheckpoints } from "./checkpoints.ts";
import { fail } from "./errors.ts";
import { chargeLateDays, lockLateDays, quoteLateness } from "./late-days.ts";
import { groupFor, repeat, suiteInUse } from "./submit.ts";
import { movedIn, type Submission, submissionMembers, submissions } from "./tables.ts";
import {
  lockSubmitter,
  openAttempt,
  readUpload,
  type SubmitParts,
  type Submitted,
  type Upload,
  writeSubmission,
} from "./take-in.ts";

export interface HandedInElsewhere {
  /** Whoever handed it in. */
  personId: string;
  /** Everybody else whose name is on it there; none: the person's group here, where the assignment has groups. */
  memberIds: string[];
  receivedAt: Date;
  /** `gradescope:123456789` */
  origin: string;
}

/** As people write them. */
export const systems = { gradescope: "Gradescope", canvas: "Canvas", moodle: "Moodle" } as const;
export type System = keyof typeof systems;

/**
 * Moves one submission here; from the same place with the same files a second time gives the first answer.
 * @throws what is wrong with the ZIP, bad_origin, moved_from_future, not_a_student_here, moved_without_groups
 */
export async function moveIn(
  parts: SubmitParts,
  viewer: Viewer,
  access: AssignmentAccess,
  upload: Upload,
  wish: HandedInElsewhere,
): Promise<Submitted> {
  permit(viewer, access, "submission.move_in");
  const system = systemOf(wish.origin);
  await check(parts.db, access, wish);
  const version = await suiteInUse(parts.db, access);
  const read = await readUpload(parts.archives, upload, version.config);
  await checkCheckpoints(parts, read, version.config);
  const note: ArchiveNote = { code: "moved_in", params: { system: systems[system] } };
  const archive: CanonicalArchive = { ...read, notes: [...read.notes, note] };
  const original = await parts.blobs.put(createReadStream(upload.path));
  const { personId, receivedAt } = wish;
  return transaction(parts.db, async (tx) => {
    await lockSubmitter(tx, access.assignment.id, personId, null);
    const group = await groupFor(tx, { id: personId }, access);
    const earlier = await movedBefore(tx, access.assignment.id, wish.origin, [archive.tar.hash, upload.hash]);
    if (earlier) return repeat(tx, earlier);
    const others = wish.memberIds.length > 0 ? wish.memberIds : (group?.members ?? []).map(({ id }) => id);
    const everybody = [...new Set([personId, ...others])];
    await lockLateDays(tx, access.course.id, everybody);
    // Nobody is asked here, so nobody's name is needed.
    const payers = everybody.map((id) => ({ id, name: "" }));
    const quote = await quoteLateness(tx, { id: personId }, access, receivedAt, payers);
    const times = { receivedAt, completedAt: receivedAt };
    const row = { ...times, personId, key: null, versionId: version.id, feedback: "full" as const };
    const submission = await writeSubmission(tx, access.assignment, upload, archive, original, row);
    if (quote) await chargeLateDays(tx, access, submission, quote);
    await enterMembers(tx, submission, others);
    await noteMove(tx, viewer, access, submission, wish.origin);
    const team = `${access.course.id}:${group?.id ?? personId}`;
    const attempt = await openAttempt(tx, parts, team, access, submission, true);
    return { submission, attempt, repeated: false };
  });
}

function systemOf(origin: string): System {
  const [, system] = /^([a-z]+):[\x21-\x7e]{1,200}$/.exec(origin) ?? [];
  if (system === undefined || !Object.hasOwn(systems, system)) throw fail("bad_origin");
  return system as System;
}

async function check(db: Executor, access: AssignmentAccess, wish: HandedInElsewhere): Promise<void> {
  const { course, assignment } = access;
  if (wish.receivedAt > (await databaseNow(db)))
    throw fail("moved_from_future", { at: wish.receivedAt.toISOString() });
  if (wish.memberIds.length > 0 && assignment.groupSetId === null) throw fail("moved_without_groups");
  const ids = [...new Set([wish.personId, ...wish.memberIds])];
  const known = ids.every(isUuid)
    ? await db
        .select({ id: roster.personId })
        .from(roster)
        .where(and(eq(roster.courseId, course.id), inArray(roster.personId, ids)))
    : [];
  const missing = ids.find((id) => !known.some((row) => row.id === id));
  if (missing) throw fail("not_a_student_here", { person: missing });
}

async function movedBefore(
  tx: Tx,
  assignmentId: string,
  origin: string,
  [archiveBlob, originalBlob]: [archive: string, original: string],
): Promise<Submission | null> {
  const same = [eq(movedIn.assignmentId, assignmentId), eq(movedIn.origin, origin)];
  const [row] = await tx
    .select({ submission: submissions })
    .from(movedIn)
    .innerJoin(submissions, eq(submissions.id, movedIn.submissionId))
    .where(
      and(
        ...same,
        // A version that asks for other files may lay the same upload out otherwise.
        or(eq(movedIn.archiveBlob, archiveBlob), eq(submissions.originalBlob, originalBlob)),
      ),
    );
  return row?.submission ?? null;
}

/** Whoever handed it in was entered by the database's trigger. */
async function enterMembers(tx: Tx, submission: Submission, ids: string[]): Promise<void> {
  const rows = ids.map((personId) => ({ submissionId: submission.id, personId }));
  if (rows.length > 0) await tx.insert(submissionMembers).values(rows).onConflictDoNothing();
}

async function noteMove(
  tx: Tx,
  viewer: Viewer,
  { course, assignment }: AssignmentAccess,
  submission: Submission,
  origin: string,
): Promise<void> {
  const { id: submissionId, archiveBlob, receivedAt, personId } = submission;
  await tx
    .insert(movedIn)
    .values({ submissionId, assignmentId: assignment.id, origin, archiveBlob, movedBy: viewer.id });
  await audit(tx, {
    actorId: viewer.id,
    action: "submission.moved_in",
    courseId: course.id,
    subject: { kind: "submission", id: submissionId },
    detail: { origin, person: personId, receivedAt: receivedAt.toISOString() },
  });
}

export const MOVED_PAGE = 500;

export interface MovedSubmission {
  submissionId: string;
  origin: string;
  personId: string;
  receivedAt: Date;
}

/** What was moved here so far, oldest move first. */
export async function listMovedIn(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
  after: string | null,
): Promise<MovedSubmission[]> {
  permit(viewer, access, "submission.move_in");
  return db
    .select({
      submissionId: movedIn.submissionId,
      origin: movedIn.origin,
      personId: submissions.personId,
      receivedAt: submissions.receivedAt,
    })
    .from(movedIn)
    .innerJoin(submissions, eq(submissions.id, movedIn.submissionId))
    .where(
      and(
        eq(movedIn.assignmentId, access.assignment.id),
        after === null ? undefined : gt(movedIn.submissionId, after),
      ),
    )
    .orderBy(asc(movedIn.submissionId))
    .limit(MOVED_PAGE);
}

/** Origins of everything that was moved to an assignment. */
export async function originsHere(db: Executor, assignmentId: string): Promise<Set<string>> {
  const rows = await db
    .select({ origin: movedIn.origin })
    .from(movedIn)
    .where(eq(movedIn.assignmentId, assignmentId));
  return new Set(rows.map(({ origin }) => origin));
}
