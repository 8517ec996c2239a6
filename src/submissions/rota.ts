// The queue for GPUs as staff of a course see it: their own people's work by name, everybody else's as a place that is
// taken. Graded without names, it is shown without names here, too.
import { and, eq, inArray } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import { type Assignment, assignments } from "../assignments/tables.ts";
import { type CourseAccess, permitSight } from "../courses/access.ts";
import { isUuid } from "../courses/courses.ts";
import type { FleetDevice } from "../grading/device-queue.ts";
import { isBatch } from "../grading/priority.ts";
import { NEAR_SECONDS } from "../grading/rota.ts";
import { type RotaRun, type RotaWait, readRota, type Takes } from "../grading/rota-read.ts";
import type { Executor } from "../platform/database.ts";
import { codeOf, isBlind } from "./blind.ts";
import { membersOf } from "./members.ts";
import { submissions } from "./tables.ts";

/** What of an entry its own course's staff may know. */
export interface RotaWork {
  submissionId: string;
  number: number;
  assignment: Pick<Assignment, "slug" | "title">;
  /** Everybody's name whose work it is, or its code. */
  by: string;
}

interface RotaPart {
  attemptId: string;
  /** Null: of another course. */
  work: RotaWork | null;
  /** From 0, one for each group or person of this course that is in the rota; null for others. */
  group: number | null;
  /** Nobody waits at the screen: a re-run, later tests, a proof. */
  batch: boolean;
  takes: Takes;
}

export interface RotaRunning extends RotaPart {
  startedAt: Date;
  devices: string[];
}

export interface RotaWaiting extends RotaPart {
  /** From 1, among everything that waits. */
  place: number;
  since: Date;
  /** Its deadline, while it is so near that it goes first. */
  deadline: Date | null;
  /** Moved by staff. */
  moved: boolean;
  /** Staff of this course may move it: it is theirs, and there is another of theirs to change places with. */
  movable: { earlier: boolean; later: boolean } | null;
  spent: boolean;
  startsIn: number | null;
  endsIn: number | null;
  devices: string[];
  measured: boolean;
}

export interface RotaView {
  now: Date;
  devices: FleetDevice[];
  running: RotaRunning[];
  waiting: RotaWaiting[];
}

/** @throws not_found for whoever is not staff */
export async function rotaFor(db: Executor, viewer: Viewer, access: CourseAccess): Promise<RotaView> {
  permitSight(viewer, access, "rota.view");
  const { now, devices, running, waiting } = await readRota(db);
  const works = await worksOf(db, access, [...running, ...waiting]);
  const teams: string[] = [];
  const partOf = (one: RotaRun | RotaWait): RotaPart => {
    const { work, blind } = works.get(one.subject) ?? { work: null, blind: false };
    // A batch's team is a place in it, and two codes that were one group's would tell of each other.
    const whose = work && (blind || isBatch(one.priority) ? work.by : one.team);
    if (whose !== null && !teams.includes(whose)) teams.push(whose);
    const group = whose === null ? null : teams.indexOf(whose);
    return { attemptId: one.id, work, group, batch: isBatch(one.priority), takes: one.takes };
  };
  // By age, so that a letter stays whose it is when the order changes.
  for (const one of [...running, ...byAge(waiting)]) partOf(one);
  const own = waiting.filter(({ crowd }) => crowd === access.course.id).map(({ id }) => id);
  return {
    ...{ now, devices },
    running: running.map((one) => ({ ...partOf(one), startedAt: one.startedAt, devices: one.devices })),
    waiting: waiting.map((one, place) => ({
      ...partOf(one),
      ...{ place: place + 1, since: one.createdAt, spent: one.spent, moved: one.ahead !== 0 },
      deadline: isNear(one, now) ? one.wantedBy : null,
      movable: own.includes(one.id) ? { earlier: own[0] !== one.id, later: own.at(-1) !== one.id } : null,
      startsIn: one.planned && Math.round(one.planned.startsIn),
      endsIn: one.planned && Math.round(one.planned.endsIn),
      devices: one.planned?.devices ?? [],
      measured: one.measured,
    })),
  };
}

const byAge = (waiting: readonly RotaWait[]) =>
  waiting.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());

function isNear({ wantedBy, priority }: RotaWait, now: Date): boolean {
  const left = wantedBy === null ? 0 : wantedBy.getTime() - now.getTime();
  return !isBatch(priority) && left > 0 && left < NEAR_SECONDS * 1000;
}

/** By subject; what is no submission of this course is missing. */
async function worksOf(
  db: Executor,
  { course, standing }: CourseAccess,
  entries: readonly { subject: string }[],
): Promise<Map<string, { work: RotaWork; blind: boolean }>> {
  const ids = [...new Set(entries.map(({ subject }) => subject))].filter(isUuid);
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: submissions.id, number: submissions.number, assignment: assignments })
    .from(submissions)
    .innerJoin(assignments, eq(assignments.id, submissions.assignmentId))
    .where(and(inArray(submissions.id, ids), eq(assignments.courseId, course.id)));
  const members = await membersOf(
    db,
    rows.map(({ id }) => id),
  );
  return new Map(
    rows.map(({ id, number, assignment }) => {
      const names = members.get(id)!.map(({ name }) => name);
      const blind = isBlind(standing, assignment);
      const { slug, title } = assignment;
      const by = blind ? codeOf(id) : names.join(", ");
      return [id, { work: { submissionId: id, number, assignment: { slug, title }, by }, blind }];
    }),
  );
}
