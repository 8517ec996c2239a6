// What a re-run is about, read from rows: the submissions of an assignment, and old beside new.
import { type SQL, sql } from "drizzle-orm";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { latePolicyOf } from "../assignments/dates.ts";
import type { Assignment } from "../assignments/tables.ts";
import type { AttemptState } from "../grading/states.ts";
import { attempts } from "../grading/tables.ts";
import type { Executor } from "../platform/database.ts";
import type { Timing } from "../scoring/lateness.ts";
import { codeOf, isBlind } from "./blind.ts";
import { chosenOf } from "./choose.ts";
import { ofCountingRun } from "./counting-run.ts";
import { type OtherDevice, otherDevice, type RanOn } from "./other-device.ts";
import { pointsOf } from "./points.ts";
import type { Compared, InAssignment } from "./rerun-rules.ts";
import { type Rerun, submissionMembers, submissions } from "./tables.ts";
import { timingsFor } from "./timing.ts";

export interface RerunCandidate extends InAssignment {
  archiveBlob: string;
  archiveBytes: number;
  /** What a Gradescope autograder was told of it. */
  metadataBlob: string | null;
}

type CandidateRow = {
  id: string;
  people: string[];
  ms: string;
  version_id: string;
  archive_blob: string;
  archive_bytes: string;
  state: AttemptState | null;
  score: number | null;
  metadata_blob: string | null;
};

/** Every submission of an assignment that has its files, or one of them, with what counts for it. The caller has permitted it. */
export async function rerunCandidates(
  db: Executor,
  assignment: Assignment,
  only?: string,
): Promise<RerunCandidate[]> {
  const one = only === undefined ? sql`` : sql`and ${submissions.id} = ${only}`;
  const rows = await db.execute<CandidateRow>(sql`
    select ${submissions.id}, extract(epoch from ${submissions.receivedAt}) * 1000 as ms,
      ${submissions.suiteVersionId} as version_id, ${submissions.archiveBlob}, ${submissions.archiveBytes},
      a.state, a.score, a.metadata_blob,
      array(select ${submissionMembers.personId}::text from ${submissionMembers}
        where ${submissionMembers.submissionId} = ${submissions.id}) as people
    from ${submissions} left join lateral (
      select ${attempts.state}, ${attempts.score}, ${attempts.metadataBlob} from ${attempts} where ${ofCountingRun()}
      order by ${attempts.isFinal} desc, ${attempts.number} desc limit 1
    ) a on true where ${submissions.assignmentId} = ${assignment.id} and ${submissions.filesRemovedAt} is null ${one}`);
  const timings = await timingsFor(db, assignment, null);
  const chosen = await chosenOf(db, assignment.id);
  return rows.map((row) => {
    const receivedAt = new Date(Number(row.ms));
    const score = row.state === "finished" ? row.score : null;
    return {
      ...{ id: row.id, receivedAt, versionId: row.version_id },
      ...{ archiveBlob: row.archive_blob, archiveBytes: Number(row.archive_bytes) },
      metadataBlob: row.metadata_blob,
      of: row.people.map((personId) => ({
        personId,
        score: score === null ? null : net(assignment, score, timings.at(personId, receivedAt)),
        chosen: chosen.get(personId) === row.id,
      })),
      failed: row.state === "needs_attention",
      cancelled: row.state === "cancelled",
    };
  });
}

function net(assignment: Assignment, score: number, timing: Timing): number {
  return pointsOf({ score, max: score }, null, [], latePolicyOf(assignment), timing).testsNet;
}

export interface RerunRow extends Compared {
  name: string;
  email: string;
  number: number;
  /** Its new result took the old one's place. */
  applied: boolean;
  /** The two ran on different models. */
  otherDevice: OtherDevice | null;
}

type Row = {
  submission_id: string;
  name: string;
  email: string;
  number: number;
  applied: boolean;
  before_id: string | null;
  before_score: number | null;
  before_max: number | null;
  before_ran: RanOn | null;
  after_id: string | null;
  after_state: AttemptState | null;
  after_score: number | null;
  after_max: number | null;
  after_ran: RanOn | null;
};

/** Rows as somebody is shown them who grades without names (blind.ts). */
export function rowsShown({ standing, assignment }: AssignmentAccess, rows: RerunRow[]): RerunRow[] {
  if (!isBlind(standing, assignment)) return rows;
  const shown = rows.map((row) => ({ ...row, name: codeOf(row.submissionId), email: "" }));
  return shown.sort((a, b) => a.name.localeCompare(b.name));
}

/** Old and new of each of a re-run's submissions, by name. The caller has permitted it. */
export async function rerunRows(db: Executor, { id }: Rerun): Promise<RerunRow[]> {
  const attemptOf = (run: SQL): SQL => sql`(
    select id, state, score, max, jsonb_build_object('gpu', report->'circumstances'->'gpu') as ran,
      report is not null as graded from attempts where subject = s.id::text and run = ${run}
    order by is_final desc, number desc limit 1)`;
  const rows = await db.execute<Row>(sql`
    select s.id as submission_id, p.name, p.email, s.number, e.run_before is not null as applied,
      b.id as before_id, b.score as before_score, b.max as before_max,
      case when b.graded then b.ran end as before_ran, case when a.graded then a.ran end as after_ran,
      a.id as after_id, a.state as after_state, a.score as after_score, a.max as after_max
    from rerun_entries e
    join submissions s on s.id = e.submission_id
    join people p on p.id = s.person_id
    left join lateral ${attemptOf(sql`coalesce(e.run_before, s.run)`)} b on true
    left join lateral ${attemptOf(sql`${id}::text`)} a on true
    where e.rerun_id = ${id} order by p.name, s.number, s.id`);
  return rows.map((row) => ({
    ...{ submissionId: row.submission_id, name: row.name, email: row.email, number: row.number },
    applied: row.applied,
    otherDevice: otherDevice(row.before_ran, row.after_ran),
    before: { attemptId: row.before_id, score: row.before_score, max: row.before_max },
    after: {
      ...{ attemptId: row.after_id, score: row.after_score, max: row.after_max },
      open: ["waiting", "running", "infrastructure"].includes(row.after_state ?? ""),
    },
  }));
}
