// What a deletion and a retention date do to each table that knows a person. A table that names people or submissions
// and does not stand here fails a test (rules.test.ts reads the catalog), and so does a column of words: it is emptied,
// or it is said to stay. Points and their reasons stay, as the record of a grade: they name a pseudonym.

/** What somebody is told of it; a table belongs to one. */
export const kinds = [
  "account",
  "news",
  "courses",
  "files",
  "results",
  "words",
  "similarity",
  "record",
] as const;
export type Kind = (typeof kinds)[number];

export interface TableRule {
  kind: Kind;
  act: "remove" | "empty" | "keep";
  /** Columns with the person whom a row is about. */
  of?: readonly string[];
  /** The same where the column is a text. */
  ofText?: readonly string[];
  /** Columns with whoever did it: the row is somebody else's, and names the pseudonym. */
  by?: readonly string[];
  /** Columns with a submission: reached where its files go. */
  work?: readonly string[];
  /** A column with its id as a text, or with one of its attempts. */
  subject?: string;
  attempt?: string;
  /** A column with its assignment: a course's retention date reaches every row, a person's deletion only `of`. */
  assignment?: string;
  /** The assignment of work whose files go, whoever's rows these are. */
  assignmentOfWork?: string;
  /** Only these rows, in SQL. */
  only?: string;
  /** Column → what it holds afterwards, in SQL. */
  empties?: Readonly<Record<string, string>>;
  /** Columns of words that say nothing of a person, or that are the record. */
  stays?: readonly string[];
  /** Columns that the person's own export shows, of rows that are about them; or why none are. */
  exported?: readonly string[];
  withheld?: string;
}

const NOTHING = "''";
/** Where a check asks for a reason. */
const DASH = "'—'";
const seenInReport = "stands in each submission's report.json, as far as it is open to its student";

export const rules: Readonly<Record<string, TableRule>> = {
  // Last, so that who has gone is not seen as gone while the others are worked off.
  people: {
    ...{ kind: "account", act: "empty", of: ["id"] },
    empties: {
      name: "'Deleted person · 已删除 ' || right(id::text, 6)",
      email: "'deleted-' || id || '@deleted.invalid'",
      ...{ email_verified: "false", admin: "false", image: "null", language: "null" },
      ...{ disabled_at: "coalesce(disabled_at, now())", removed_at: "now()", updated_at: "now()" },
    },
    exported: ["id", "name", "email", "image", "admin", "language", "created_at"],
  },
  sessions: {
    ...{ kind: "account", act: "remove", of: ["person_id"] },
    exported: ["created_at", "expires_at", "ip_address", "user_agent"],
  },
  accounts: {
    ...{ kind: "account", act: "remove", of: ["person_id"] },
    exported: ["provider_id", "account_id", "scope", "created_at"],
  },
  verifications: {
    ...{ kind: "account", act: "remove", ofText: ["value"] },
    withheld: "a secret",
  },
  api_tokens: {
    ...{ kind: "account", act: "remove", of: ["person_id"] },
    exported: ["name", "tail", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"],
  },
  audit_log: {
    ...{ kind: "record", act: "keep", of: ["actor_id"] },
    // Nobody can change it (docs/decisions/520-what-a-deletion-leaves.md).
    stays: ["action", "subject_kind", "subject_id", "detail"],
    exported: ["at", "action", "course_id", "subject_kind", "subject_id"],
  },

  notifications: {
    ...{ kind: "news", act: "remove", of: ["person_id"] },
    exported: ["kind", "about", "path", "created_at", "read_at", "mail"],
  },
  notification_settings: {
    ...{ kind: "news", act: "remove", of: ["person_id"] },
    exported: ["kind", "mail"],
  },

  roster: {
    ...{ kind: "courses", act: "empty", of: ["person_id"] },
    ...{ empties: { student_number: "null" }, stays: ["role", "section"] },
    exported: ["course_id", "role", "student_number", "section", "created_at"],
  },
  group_members: {
    ...{ kind: "courses", act: "remove", of: ["person_id"] },
    exported: ["set_id", "group_id", "joined_at"],
  },
  leaderboard_names: {
    ...{ kind: "courses", act: "remove", of: ["person_id"] },
    exported: ["assignment_id"],
  },
  lms_scores: {
    ...{ kind: "courses", act: "remove", of: ["person_id"] },
    withheld: "what a learning platform was sent of the points in report.json",
  },

  extensions: {
    ...{ kind: "words", act: "empty", of: ["person_id"], by: ["granted_by"], assignment: "assignment_id" },
    empties: { reason: DASH },
    exported: ["assignment_id", "due_at", "created_at"],
  },
  hold_backs: {
    ...{ kind: "words", act: "empty", of: ["person_id"], by: ["held_by"], assignment: "assignment_id" },
    empties: { reason: DASH },
    withheld: "that results are held back is for staff alone until they are let go",
  },
  extension_requests: {
    ...{ kind: "words", act: "empty", of: ["person_id"], by: ["answered_by"], assignment: "assignment_id" },
    ...{ empties: { reason: NOTHING, answer: NOTHING }, stays: ["state"] },
    exported: [
      "assignment_id",
      "wanted_at",
      "reason",
      "state",
      "granted_at",
      "answer",
      "asked_at",
      "answered_at",
    ],
  },
  regrade_requests: {
    ...{ kind: "words", act: "empty", of: ["asked_by"], by: ["answered_by"], work: ["submission_id"] },
    ...{ empties: { reason: NOTHING, answer: NOTHING }, stays: ["kind", "target", "state"] },
    withheld: seenInReport,
  },
  contribution_statements: {
    ...{ kind: "words", act: "remove", of: ["person_id"], assignment: "assignment_id" },
    exported: ["assignment_id", "text", "share", "stated_at"],
  },
  rubric_grades: {
    ...{ kind: "words", act: "empty", by: ["graded_by"], work: ["submission_id"] },
    ...{ empties: { comment: NOTHING }, stays: ["item"] },
  },
  line_comments: { kind: "words", act: "remove", by: ["author"], work: ["submission_id"] },
  group_mark_lines: {
    ...{ kind: "words", act: "empty", work: ["submission_id"], only: "before is not null" },
    empties: { before: `before || '{"comment": ""}'` },
  },
  settled_flags: {
    ...{ kind: "words", act: "empty", by: ["settled_by"], work: ["submission_id"] },
    empties: { note: NOTHING },
  },
  saved_comments: {
    // Those of the course are its staff's.
    ...{ kind: "words", act: "remove", of: ["saved_by"], only: "not shared" },
    exported: ["course_id", "text", "shared", "saved_at"],
  },

  upload_claims: {
    ...{
      kind: "files",
      act: "remove",
      of: ["person_id"],
      work: ["submission_id"],
      assignment: "assignment_id",
    },
    exported: ["assignment_id", "sha256", "bytes", "claimed_at"],
  },
  resumable_uploads: {
    ...{
      kind: "files",
      act: "remove",
      of: ["person_id"],
      work: ["submission_id"],
      assignment: "assignment_id",
    },
    exported: ["assignment_id", "name", "bytes", "created_at", "completed_at"],
  },
  manifest_entries: { kind: "files", act: "remove", work: ["submission_id"] },
  moved_in: {
    ...{ kind: "files", act: "empty", by: ["moved_by"], work: ["submission_id"] },
    empties: { origin: "'removed:' || submission_id", archive_blob: NOTHING },
  },
  // A whole download of everybody's: forgotten with the first of them who goes; what was taken in of it stays.
  submission_imports: {
    ...{ kind: "files", act: "remove", by: ["created_by", "applied_by"], assignment: "assignment_id" },
    assignmentOfWork: "assignment_id",
  },
  submissions: {
    // Its submitter is one of its members; what a group handed in goes when the last of them has gone.
    ...{ kind: "files", act: "empty", by: ["person_id"], work: ["id"] },
    empties: {
      ...{ original_blob: NOTHING, archive_blob: NOTHING, original_name: DASH },
      ...{ notes: "'[]'", idempotency_key: "null", files_removed_at: "now()" },
    },
    stays: ["feedback", "run"],
  },

  attempts: {
    ...{ kind: "results", act: "empty", subject: "subject" },
    empties: {
      ...{ archive_blob: NOTHING, metadata_blob: "null", results_blob: "null" },
      // Where it ran, its leaderboard's numbers and what an autograder gave over all stay: points rest on them.
      report: `case when report ? 'whole'
        then jsonb_set(report, '{whole}', (report->'whole') || '{"output": null, "stdout": "", "results": null}')
        else report end || '{"flags": []}'`,
    },
    // The archive's hash proves what was graded and gives none of it back.
    stays: [
      ...["subject", "run", "archive_hash", "suite_blob", "suite_hash", "suite_config", "options", "rules"],
      ...["lane", "team", "crowd", "state", "fault"],
    ],
  },
  test_results: {
    ...{ kind: "results", act: "empty", attempt: "attempt_id" },
    empties: {
      result: `result || '{"message": null, "traceback": null, "stdout": "", "artifacts": [], "extra": {}}'`,
      diagnosis: "null",
    },
    stays: ["name", "visibility"],
  },
  artifacts: { kind: "results", act: "remove", attempt: "attempt_id" },

  similarity_pairs: { kind: "similarity", act: "remove", work: ["left_submission", "right_submission"] },
  similarity_reports: {
    ...{ kind: "similarity", act: "empty", by: ["asked_by"], assignmentOfWork: "assignment_id" },
    only: "skipped <> '[]'",
    empties: {
      skipped: `(select coalesce(jsonb_agg(one), '[]') from jsonb_array_elements(skipped) one where not exists
        (select 1 from submissions s where s.id::text = one->>'submissionId' and s.files_removed_at is not null))`,
    },
    stays: ["state", "fault"],
  },

  submission_members: {
    ...{ kind: "record", act: "keep", of: ["person_id"], work: ["submission_id"] },
    withheld: "the folders of the export: one for each submission",
  },
  chosen_submissions: {
    ...{ kind: "record", act: "keep", of: ["person_id"], work: ["submission_id"] },
    exported: ["assignment_id", "submission_id", "chosen_at"],
  },
  kept_standings: {
    ...{ kind: "record", act: "keep", of: ["person_id"], work: ["submission_id"] },
    withheld: "reckoned from the rest, and holds points that are not out yet",
  },
  adjustments: {
    ...{ kind: "record", act: "keep", of: ["person_id"], by: ["made_by"], work: ["submission_id"] },
    ...{ stays: ["reason"], withheld: seenInReport },
  },
  refunds: { kind: "record", act: "keep", by: ["given_by"], work: ["submission_id"], stays: ["reason"] },
  late_day_entries: {
    ...{ kind: "record", act: "keep", of: ["person_id"], by: ["made_by"], work: ["submission_id"] },
    stays: ["work", "kind", "reason"],
    exported: ["course_id", "work", "kind", "days", "covered", "assignment_id", "reason", "made_at"],
  },
  second_marks: {
    ...{ kind: "record", act: "keep", by: ["marked_by"], work: ["submission_id"], stays: ["item"] },
  },
  review_claims: { kind: "record", act: "remove", by: ["claimed_by"], work: ["submission_id"] },
  review_shares: { kind: "record", act: "keep", by: ["grader_id", "shared_by"], work: ["submission_id"] },
  rerun_entries: { kind: "record", act: "keep", work: ["submission_id"], stays: ["run_before"] },
  rota_moves: {
    ...{ kind: "record", act: "keep", by: ["made_by", "undone_by"], attempt: "attempt_id" },
    stays: ["reason", "ahead"],
  },
  device_entries: { kind: "record", act: "keep", attempt: "attempt_id", stays: ["team", "kind"] },

  // What staff did for a course: nothing of a student's stands in it.
  rubric_worths: { kind: "record", act: "keep", by: ["made_by", "undone_by"] },
  score_rule_sets: { kind: "record", act: "keep", by: ["made_by", "undone_by"] },
  reruns: { kind: "record", act: "keep", by: ["requested_by"] },
  group_marks: { kind: "record", act: "keep", by: ["made_by", "undone_by"] },
  suite_versions: { kind: "record", act: "keep", by: ["registered_by"] },
  suite_proofs: { kind: "record", act: "keep", by: ["requested_by"] },
};

/** The order in which they are worked off: what finds other rows last. */
export const order: readonly string[] = [
  ...Object.keys(rules).filter((name) => !["submissions", "similarity_reports", "people"].includes(name)),
  ...["submissions", "similarity_reports", "people"],
];

export interface Member {
  id: string;
  removed: boolean;
}

/** Whether a submission's files go with `leaving`: what several handed in stays for whoever of them is left. */
export function filesGo(members: readonly Member[], leaving: string): boolean {
  return (
    members.some(({ id }) => id === leaving) && members.every(({ id, removed }) => removed || id === leaving)
  );
}

export interface Ties {
  removed: boolean;
  /** The only administrator who can sign in. */
  lastAdmin: boolean;
  /** The only instructor of some course. */
  lastInstructor: boolean;
  /** Attempts that wait or run. */
  unfinished: number;
  /** Regrade requests without an answer. */
  open: number;
}

export type Hindrance =
  | "person_removed"
  | "last_admin"
  | "last_instructor_of"
  | "work_unfinished"
  | "appeal_open";

/** Why somebody cannot be deleted now; null where nothing stands against it. */
export function hindranceOf(ties: Ties): Hindrance | null {
  if (ties.removed) return "person_removed";
  if (ties.lastAdmin) return "last_admin";
  if (ties.lastInstructor) return "last_instructor_of";
  if (ties.unfinished > 0) return "work_unfinished";
  return ties.open > 0 ? "appeal_open" : null;
}

export interface Retention {
  retainUntil: Date | null;
  clearedAt: Date | null;
  /** Attempts that wait or run, and regrade requests without an answer. */
  unfinished: number;
  open: number;
}

export type RetentionState = "none" | "ahead" | "waiting" | "due" | "done";

/** Where a course stands: what is unfinished is waited for, and nothing is cleared twice for one date. */
export function retentionState(
  { retainUntil, clearedAt, unfinished, open }: Retention,
  now: Date,
): RetentionState {
  if (!retainUntil) return clearedAt ? "done" : "none";
  if (clearedAt && clearedAt >= retainUntil) return "done";
  if (now < retainUntil) return "ahead";
  return unfinished + open > 0 ? "waiting" : "due";
}
