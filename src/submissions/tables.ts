// Submissions and what is in them. How they were graded stands with the attempts (grading/tables.ts), whose
// `subject` is a submission's id.
import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { v7 } from "uuid";
import { people } from "../accounts/tables.ts";
import { assignments } from "../assignments/tables.ts";
import { courses } from "../courses/tables.ts";
import { attempts } from "../grading/tables.ts";
import type { LateDayKind } from "../scoring/late-days.ts";
import type { ScoreRules } from "../scoring/rules.ts";
import type { ArchiveNote, Words } from "../storage/errors.ts";
import { suiteVersions } from "../suites/tables.ts";

/** The run that every submission begins with; re-runs have ids of their own. */
export const FIRST_RUN = "submit";

/** `verdicts`: a word for each test. `received`: that it is here. All of it opens when nobody can hand in any more. */
export const feedbackLevels = ["full", "verdicts", "received"] as const;
export type Feedback = (typeof feedbackLevels)[number];

export const submissions = pgTable(
  "submissions",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id),
    /** From 1 for this person and assignment. */
    number: integer("number").notNull(),
    /** What it counts at: its claim, or its last byte (arrival.ts). */
    receivedAt: timestamp("received_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
    /** When its last byte was here. */
    completedAt: timestamp("completed_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
    /** The version in use when it came. */
    suiteVersionId: uuid("suite_version_id")
      .notNull()
      .references(() => suiteVersions.id),
    /** The upload as it came, kept as evidence: SHA-256 of its bytes, and their name in the blob store. */
    originalBlob: text("original_blob").notNull(),
    originalName: text("original_name").notNull(),
    originalBytes: bigint("original_bytes", { mode: "number" }).notNull(),
    /** The canonical archive: everything that is graded, shown or compared is read from it. */
    archiveBlob: text("archive_blob").notNull(),
    archiveBytes: bigint("archive_bytes", { mode: "number" }).notNull(),
    /** What intake did to the ZIP (a wrapper folder taken off, litter left out). */
    notes: jsonb("notes").$type<ArchiveNote[]>().notNull().default([]),
    idempotencyKey: text("idempotency_key"),
    /** How much its report says: less for what came beyond a quota (quota.ts). */
    feedback: text("feedback", { enum: feedbackLevels }).notNull().default("full"),
    /** Whose attempts count: `submit`, or the re-run that was accepted last (counting-run.ts). */
    run: text("run").notNull().default(FIRST_RUN),
    /** Its files are gone, by a deletion or a retention date: number, times and points stay. */
    filesRemovedAt: timestamp("files_removed_at", { withTimezone: true, mode: "date" }),
  },
  (t) => [
    uniqueIndex("submissions_number").on(t.assignmentId, t.personId, t.number),
    uniqueIndex("submissions_idempotency_key")
      .on(t.personId, t.idempotencyKey)
      .where(sql`${t.idempotencyKey} is not null`),
    // Staff's table, newest first.
    index("submissions_received").on(t.assignmentId, t.receivedAt, t.id),
    // One person's history over all assignments, and attempts of the last day.
    index("submissions_person").on(t.personId, t.receivedAt),
    index("submissions_suite_version").on(t.suiteVersionId),
  ],
);
export type Submission = typeof submissions.$inferSelect;

/**
 * What somebody said would come, before they sent it: size and hash of a ZIP. The same bytes within the window count
 * at this moment.
 */
export const uploadClaims = pgTable(
  "upload_claims",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    sha256: text("sha256").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    claimedAt: timestamp("claimed_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
    /** What came of it; a claim is good for one submission. */
    submissionId: uuid("submission_id").references(() => submissions.id, { onDelete: "cascade" }),
  },
  (t) => [
    index("upload_claims_open")
      .on(t.personId, t.assignmentId, t.claimedAt)
      .where(sql`${t.submissionId} is null`),
    uniqueIndex("upload_claims_submission").on(t.submissionId),
  ],
);
export type UploadClaim = typeof uploadClaims.$inferSelect;

/** An upload that comes in parts and goes on after a break (resumable.ts); its bytes are a file named by its id. */
export const resumableUploads = pgTable(
  "resumable_uploads",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** Reserved from the beginning. */
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    /** Started days of lateness that were agreed to when it was begun. */
    acceptLateDays: integer("accept_late_days").notNull().default(0),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
    expiresAt: timestamp("expires_at", { withTimezone: true, mode: "date" }).notNull(),
    /** When its last byte was here. */
    completedAt: timestamp("completed_at", { withTimezone: true, mode: "date" }),
    submissionId: uuid("submission_id").references(() => submissions.id, { onDelete: "cascade" }),
  },
  (t) => [
    index("resumable_uploads_person").on(t.personId, t.assignmentId, t.createdAt),
    index("resumable_uploads_expires").on(t.expiresAt),
    uniqueIndex("resumable_uploads_submission").on(t.submissionId),
    check("resumable_uploads_bytes", sql`${t.bytes} > 0`),
  ],
);
export type ResumableUpload = typeof resumableUploads.$inferSelect;

export const manifestEntries = pgTable(
  "manifest_entries",
  {
    submissionId: uuid("submission_id")
      .notNull()
      .references(() => submissions.id, { onDelete: "cascade" }),
    /** Its place in the canonical archive, which is sorted by path. */
    position: integer("position").notNull(),
    path: text("path").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    sha256: text("sha256").notNull(),
    /** Where its bytes begin in the canonical archive. */
    offset: bigint("offset_bytes", { mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.submissionId, t.position] }),
    uniqueIndex("manifest_entries_path").on(t.submissionId, t.path),
  ],
);
export type ManifestEntryRow = typeof manifestEntries.$inferSelect;

/** Whose name is on a submission, as it was when it came (members.ts). */
export const submissionMembers = pgTable(
  "submission_members",
  {
    submissionId: uuid("submission_id")
      .notNull()
      .references(() => submissions.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id),
  },
  (t) => [
    primaryKey({ columns: [t.submissionId, t.personId] }),
    index("submission_members_person").on(t.personId, t.submissionId),
  ],
);

/** What a member of a group says their part was (contributions.ts). */
export const contributionStatements = pgTable(
  "contribution_statements",
  {
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    text: text("text").notNull(),
    /** Of the whole, in percent; null where they give none. */
    share: integer("share"),
    statedAt: timestamp("stated_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.assignmentId, t.personId] }),
    index("contribution_statements_person").on(t.personId),
    check("contribution_statements_share", sql`${t.share} between 0 and 100 and ${t.text} <> ''`),
  ],
);
export type ContributionStatement = typeof contributionStatements.$inferSelect;

/** What was handed in elsewhere and moved here (move-in.ts): the same from the same place is moved once. */
export const movedIn = pgTable(
  "moved_in",
  {
    submissionId: uuid("submission_id")
      .primaryKey()
      .references(() => submissions.id, { onDelete: "cascade" }),
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    /** Where it stood, as `gradescope:123456789`. */
    origin: text("origin").notNull(),
    /** Its canonical archive: another upload from the same place is another submission. */
    archiveBlob: text("archive_blob").notNull(),
    movedBy: uuid("moved_by")
      .notNull()
      .references(() => people.id),
    movedAt: timestamp("moved_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
  },
  (t) => [uniqueIndex("moved_in_origin").on(t.assignmentId, t.origin, t.archiveBlob)],
);

export const importStates = ["looked", "applying", "ended"] as const;
/** What became of one submission of an import: `failed` is our own fault, and worth another try. */
export type ImportOutcome = { origin: string; who: string } & (
  | { outcome: "added" | "repeated" | "failed" }
  | { outcome: "refused"; why: Words }
);

/** Another system's download: looked at, and taken in when somebody says so (imports.ts, import-run.ts). */
export const submissionImports = pgTable(
  "submission_imports",
  {
    id: uuid("id").primaryKey().$defaultFn(v7),
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** The ZIP as it came: it is read again when its submissions are taken in. */
    blob: text("blob").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    /** What it says: who handed in which files when (moving-in/download.ts). */
    download: jsonb("download").notNull(),
    /** Names of the files that were given beside it, and what they say of people. */
    sheets: text("sheets").array().notNull().default([]),
    people: jsonb("people"),
    /** For submissions whose time is said nowhere. */
    receivedAt: timestamp("received_at", { withTimezone: true, mode: "date" }),
    /** Who is meant by a name that fits nobody, by the name's key. */
    choices: jsonb("choices").$type<Record<string, string>>().notNull().default({}),
    state: text("state", { enum: importStates }).notNull().default("looked"),
    outcomes: jsonb("outcomes").$type<ImportOutcome[]>().notNull().default([]),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => people.id),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
    appliedBy: uuid("applied_by").references(() => people.id),
    /** While a server works on it, every few seconds; one that is older was left behind. */
    touchedAt: timestamp("touched_at", { withTimezone: true, mode: "date" }),
  },
  (t) => [
    index("submission_imports_assignment").on(t.assignmentId, t.id),
    index("submission_imports_open").on(t.id).where(sql`${t.state} = 'applying'`),
    check("submission_imports_applied", sql`${t.state} = 'looked' or ${t.appliedBy} is not null`),
  ],
);
export type SubmissionImport = typeof submissionImports.$inferSelect;

/** Which of their submissions somebody lets count, where the assignment leaves it to them (choose.ts). */
export const chosenSubmissions = pgTable(
  "chosen_submissions",
  {
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    submissionId: uuid("submission_id")
      .notNull()
      .references(() => submissions.id, { onDelete: "cascade" }),
    chosenAt: timestamp("chosen_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.assignmentId, t.personId] }),
    index("chosen_submissions_submission").on(t.submissionId),
  ],
);

const submissionId = () =>
  uuid("submission_id")
    .notNull()
    .references(() => submissions.id, { onDelete: "cascade" });
const by = (name: string) =>
  uuid(name)
    .notNull()
    .references(() => people.id);
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" }).notNull().defaultNow();

/** One item's points; a later grade replaces an earlier one, which stays in the audit log. */
export const rubricGrades = pgTable(
  "rubric_grades",
  {
    submissionId: submissionId(),
    /** An item of the suite's configuration. */
    item: text("item").notNull(),
    /** Hundredths, as they were given. */
    points: integer("points").notNull(),
    /** What the item was worth then; null: what its suite says. Another worth keeps the share (rubric-worth.ts). */
    outOf: integer("out_of"),
    comment: text("comment").notNull().default(""),
    /** One more with each grade: whoever replaces one says which one they saw. */
    version: integer("version").notNull().default(1),
    gradedBy: by("graded_by"),
    gradedAt: moment("graded_at"),
  },
  (t) => [
    primaryKey({ columns: [t.submissionId, t.item] }),
    check("rubric_grades_points", sql`${t.points} >= 0`),
  ],
);
export type RubricGrade = typeof rubricGrades.$inferSelect;

/** Changes of what rubric items are worth; an item's newest that was not undone is in force (rubric-worth.ts). */
export const rubricWorths = pgTable(
  "rubric_worths",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    item: text("item").notNull(),
    /** Hundredths. */
    points: integer("points").notNull(),
    reason: text("reason").notNull(),
    madeBy: by("made_by"),
    madeAt: moment("made_at"),
    undoneBy: uuid("undone_by").references(() => people.id),
    undoneAt: timestamp("undone_at", { withTimezone: true, mode: "date" }),
  },
  (t) => [
    index("rubric_worths_assignment").on(t.assignmentId, t.id),
    check("rubric_worths_points", sql`${t.points} >= 0 and ${t.reason} <> ''`),
  ],
);
export type RubricWorth = typeof rubricWorths.$inferSelect;

/** What staff moved in the queue for GPUs; the newest of a course that was not undone can be (rota-moves.ts). */
export const rotaMoves = pgTable(
  "rota_moves",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    courseId: uuid("course_id")
      .notNull()
      .references(() => courses.id, { onDelete: "cascade" }),
    attemptId: uuid("attempt_id")
      .notNull()
      .references(() => attempts.id, { onDelete: "cascade" }),
    /** Its place among the course's own, from 1. */
    placeBefore: integer("place_before").notNull(),
    placeAfter: integer("place_after").notNull(),
    /** Of each attempt that changed: what `ahead` was, and what it became. */
    ahead: jsonb("ahead").$type<Record<string, [was: number, became: number]>>().notNull(),
    reason: text("reason").notNull(),
    madeBy: by("made_by"),
    madeAt: moment("made_at"),
    undoneBy: uuid("undone_by").references(() => people.id),
    undoneAt: timestamp("undone_at", { withTimezone: true, mode: "date" }),
  },
  (t) => [
    index("rota_moves_course").on(t.courseId, t.id),
    check("rota_moves_reason", sql`${t.reason} <> ''`),
  ],
);
export type RotaMove = typeof rotaMoves.$inferSelect;

/** Points given or taken for a reason. Never changed: a wrong one is balanced by another. */
export const adjustments = pgTable(
  "adjustments",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    submissionId: submissionId(),
    /** Hundredths; what is taken is negative. */
    points: integer("points").notNull(),
    /** For one member of a group; null: for everybody whose work it is. */
    personId: uuid("person_id").references(() => people.id),
    reason: text("reason").notNull(),
    madeBy: by("made_by"),
    madeAt: moment("made_at"),
  },
  (t) => [
    index("adjustments_submission").on(t.submissionId),
    check("adjustments_reason", sql`${t.points} <> 0 and ${t.reason} <> ''`),
  ],
);
export type Adjustment = typeof adjustments.$inferSelect;

/** Attempts given back, since what went wrong was ours: the submission stays, the quota forgets it. */
export const refunds = pgTable("refunds", {
  submissionId: uuid("submission_id")
    .primaryKey()
    .references(() => submissions.id, { onDelete: "cascade" }),
  reason: text("reason").notNull(),
  givenBy: uuid("given_by")
    .notNull()
    .references(() => people.id),
  givenAt: timestamp("given_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
});
/** Late days given, spent and given back: the balance is the course's budget and the sum of these. Rows only come. */
export const lateDayEntries = pgTable(
  "late_day_entries",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    courseId: uuid("course_id")
      .notNull()
      .references(() => courses.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    /** The kind of work whose budget it is. */
    work: text("work").notNull(),
    kind: text("kind").$type<LateDayKind>().notNull(),
    days: integer("days").notNull(),
    /** Of a charge where another member's late days pay as well: days of lateness that are paid for in all. */
    covered: integer("covered"),
    assignmentId: uuid("assignment_id").references(() => assignments.id, { onDelete: "cascade" }),
    /** What was handed in late. */
    submissionId: uuid("submission_id").references(() => submissions.id, { onDelete: "cascade" }),
    reason: text("reason").notNull().default(""),
    /** Null: the rules themselves. */
    madeBy: uuid("made_by").references(() => people.id),
    madeAt: timestamp("made_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
  },
  (t) => [
    index("late_day_entries_person").on(t.courseId, t.personId, t.work),
    index("late_day_entries_assignment").on(t.assignmentId, t.personId),
    // However often a request is repeated, a submission is charged once.
    uniqueIndex("late_day_entries_charge").on(t.submissionId, t.personId).where(sql`${t.kind} = 'charge'`),
    check("late_day_entries_kind", sql`${t.kind} in ('grant', 'charge', 'refund')`),
    check(
      "late_day_entries_days",
      sql`${t.days} > 0 and ${t.covered} is null or ${t.kind} = 'charge' and ${t.days} >= 0 and ${t.covered} > ${t.days}`,
    ),
  ],
);
export type LateDayRow = typeof lateDayEntries.$inferSelect;

/** Changes of what tests are worth, each a whole set of rules; the newest that was not undone is in force. */
export const scoreRuleSets = pgTable(
  "score_rule_sets",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    /** From 1 in its assignment. */
    number: integer("number").notNull(),
    rules: jsonb("rules").$type<ScoreRules>().notNull(),
    reason: text("reason").notNull(),
    madeBy: uuid("made_by")
      .notNull()
      .references(() => people.id),
    madeAt: timestamp("made_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
    undoneBy: uuid("undone_by").references(() => people.id),
    undoneAt: timestamp("undone_at", { withTimezone: true, mode: "date" }),
  },
  (t) => [uniqueIndex("score_rule_sets_number").on(t.assignmentId, t.number)],
);
export type ScoreRuleSet = typeof scoreRuleSets.$inferSelect;

/**
 * Which of an assignment's submissions are graded again together. `counted`: the one of each person that counts;
 * `ours`: those that we failed to grade; `version`: those that a certain version has graded.
 */
export const batchScopes = ["counted", "latest", "best", "all", "ours", "version"] as const;
export type BatchScope = (typeof batchScopes)[number];
/** `one`: a single submission, asked for on its own page. */
export const rerunScopes = [...batchScopes, "one"] as const;
export type RerunScope = (typeof rerunScopes)[number];
/** `never_lower`: whoever would have fewer points keeps the old result. */
export const rerunPolicies = ["as_computed", "never_lower"] as const;
export type RerunPolicy = (typeof rerunPolicies)[number];
/** Whether it has ended is read from its attempts; only what a person decided stands here. */
export const rerunStates = ["open", "accepted", "cancelled", "undone"] as const;
export type RerunState = (typeof rerunStates)[number];

/** Its id is the `run` of its attempts. */
export const reruns = pgTable(
  "reruns",
  {
    id: uuid("id").primaryKey().$defaultFn(v7),
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id),
    /** The version that grades. */
    versionId: uuid("version_id")
      .notNull()
      .references(() => suiteVersions.id),
    scope: text("scope", { enum: rerunScopes }).notNull(),
    reason: text("reason").notNull(),
    state: text("state", { enum: rerunStates }).notNull().default("open"),
    /** Chosen when it is accepted. */
    policy: text("policy", { enum: rerunPolicies }),
    requestedBy: uuid("requested_by")
      .notNull()
      .references(() => people.id),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
    decidedAt: timestamp("decided_at", { withTimezone: true, mode: "date" }),
  },
  (t) => [
    index("reruns_assignment").on(t.assignmentId, t.createdAt),
    /** Pressed twice is once. */
    uniqueIndex("reruns_open_batch")
      .on(t.assignmentId)
      .where(sql`${t.state} = 'open' and ${t.scope} <> 'one'`),
    check("reruns_state", sql`${t.state} in ('open', 'accepted', 'cancelled', 'undone')`),
  ],
);
export type Rerun = typeof reruns.$inferSelect;

export const rerunEntries = pgTable(
  "rerun_entries",
  {
    rerunId: uuid("rerun_id")
      .notNull()
      .references(() => reruns.id),
    submissionId: uuid("submission_id")
      .notNull()
      .references(() => submissions.id, { onDelete: "cascade" }),
    /** What counted before this was accepted for it; null while it is not. */
    runBefore: text("run_before"),
    versionBefore: uuid("version_before").references(() => suiteVersions.id),
  },
  (t) => [
    primaryKey({ columns: [t.rerunId, t.submissionId] }),
    index("rerun_entries_submission").on(t.submissionId),
  ],
);
