// What each of our roles may do with each table: the one place that says it, in GRANT's own words. `assay migrate`
// puts it in force (roles.ts). Nothing is allowed that does not stand here; a test fails for a table without a line.
//
//   web     `assay serve` and the commands on the server's machine: what pages and API need, no DDL
//   worker  `assay worker`: it stands nearest to what students send, so it has what grading needs and no person,
//           no session, no token, no grade that a human gave
//   reader  somebody's own queries and dashboards: no secret, nothing written
//
// A new table: one line in its room's block. A worker that reads another room's row (cli/worker.ts: handlers of an
// attempt's end): name the columns. What needs a person (a mail) goes as a row into a table that the web works off.

const all = "select, insert, update, delete";
/** Rows that are never changed: a wrong one is balanced by another. */
const append = "select, insert";

export interface TableGrants {
  web: string;
  worker?: string;
  reader?: string;
}

export const tableGrants: Readonly<Record<string, TableGrants>> = {
  // grading
  attempts: {
    web: all,
    worker: "select, insert, update",
    reader:
      "select (id, subject, run, number, archive_hash, archive_bytes, suite_hash, lane, priority, team, crowd, state, worker, created_at, started_at, finished_at, touched_at, fault, score, max, is_final, announced_at)",
  },
  test_results: { web: all, worker: all, reader: "select" },
  artifacts: { web: all, worker: all, reader: "select" },
  device_entries: { web: append, worker: append, reader: "select" },
  workers: { web: "select, delete", worker: all, reader: "select" },

  // accounts
  people: { web: all, reader: "select" },
  sessions: { web: all },
  accounts: { web: all },
  verifications: { web: all },
  sign_in_limits: { web: all },
  api_tokens: { web: all },
  audit_log: { web: append, worker: "insert", reader: "select" },

  // notifications
  notifications: { web: all, reader: "select" },
  notification_settings: { web: all, reader: "select" },

  // courses
  courses: { web: all, reader: "select" },
  roster: { web: all, reader: "select" },
  group_sets: { web: all, reader: "select" },
  groups: { web: all, reader: "select (id, set_id, name, created_at)" },
  group_members: { web: all, reader: "select" },

  // suites
  suites: { web: all, worker: "select (id, course_id)", reader: "select" },
  suite_versions: {
    web: all,
    // Its tests are learned from a grading, its proof is weighed by a worker. Not its secret.
    worker:
      "select (id, suite_id, number, hash, blob, bytes, config, tests, state, proof, unproved_reason, registered_by, created_at, published_at), update (tests, state, proof)",
    reader:
      "select (id, suite_id, number, hash, bytes, tests, state, proof, unproved_reason, registered_by, created_at, published_at)",
  },
  suite_proofs: { web: all, worker: "select, update (state, fault, ended_at)", reader: "select" },
  suite_proof_runs: { web: all, worker: "select", reader: "select" },

  // assignments
  assignments: {
    web: all,
    worker: "select (id, course_id, suite_version_id, state, opens_at, due_at)",
    reader: "select",
  },
  extensions: { web: all, reader: "select" },
  hold_backs: { web: all, reader: "select (assignment_id, person_id, held_at)" },
  extension_requests: { web: "select, insert, update", reader: "select" },
  late_day_budgets: { web: all, reader: "select" },

  // submissions
  submissions: { web: all, worker: "select (id, run, assignment_id, suite_version_id)", reader: "select" },
  chosen_submissions: { web: all, reader: "select" },
  submission_members: { web: append, reader: "select" },
  contribution_statements: { web: all, reader: "select" },
  manifest_entries: { web: all, reader: "select" },
  upload_claims: { web: all, reader: "select" },
  resumable_uploads: { web: all, reader: "select" },
  late_day_entries: { web: append, reader: "select" },
  score_rule_sets: { web: "select, insert, update", reader: "select" },
  rota_moves: { web: "select, insert, update", reader: "select" },
  reruns: { web: all, reader: "select" },
  rerun_entries: { web: all, reader: "select" },
  rubric_grades: { web: all, reader: "select" },
  rubric_worths: { web: "select, insert, update", reader: "select" },
  adjustments: { web: append, reader: "select" },
  refunds: { web: append, reader: "select" },
  // Where it stood is taken out when its files are (privacy/rules.ts); so are a flag's words.
  moved_in: { web: "select, insert, update", reader: "select" },
  submission_imports: { web: all },

  // review
  line_comments: { web: all, reader: "select" },
  regrade_requests: { web: all, reader: "select" },
  review_claims: { web: all, reader: "select" },
  review_shares: { web: all, reader: "select" },
  second_marks: { web: all, reader: "select" },
  saved_comments: { web: all, reader: "select" },
  group_marks: { web: "select, insert, update", reader: "select" },
  // Its comment may be deleted by hand, which empties the reference.
  group_mark_lines: { web: "select, insert, update", reader: "select" },
  settled_flags: { web: "select, insert, update", reader: "select" },

  // gradebook
  assignment_weights: { web: all, reader: "select" },
  leaderboards: { web: all, reader: "select" },
  leaderboard_names: { web: all },
  kept_standings: { web: all, reader: "select" },
  // Triggers write it as the owner; so does a worker's result.
  standing_changes: { web: "select, delete" },

  // lms
  lms_platforms: { web: all, reader: "select" },
  lms_contexts: { web: all, reader: "select" },
  lms_links: { web: all, reader: "select" },
  lms_scores: { web: all, reader: "select" },
  lms_launches: { web: all },
  lms_keys: { web: "select, insert" },

  // similarity
  similarity_reports: { web: all },
  similarity_pairs: { web: all },
};

/** pg-boss's own tables, all alike: they hold ids and may be emptied without loss (platform/queue.ts). */
export const queueGrants: TableGrants = { web: all, worker: all };
