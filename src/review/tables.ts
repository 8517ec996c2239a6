// What people write about a submission. The points that they give are part of it: submissions/tables.ts.
import { sql } from "drizzle-orm";
import {
  boolean,
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
import type { Words } from "../judge/words.ts";
import { adjustments, type RubricGrade, submissions } from "../submissions/tables.ts";
import { regradeStates } from "./regrade.ts";

const submissionId = () =>
  uuid("submission_id")
    .notNull()
    .references(() => submissions.id, { onDelete: "cascade" });
const by = (name: string) =>
  uuid(name)
    .notNull()
    .references(() => people.id);
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" }).notNull().defaultNow();

/** A remark on a line of a file of the canonical archive. */
export const lineComments = pgTable(
  "line_comments",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    submissionId: submissionId(),
    path: text("path").notNull(),
    /** From 1. */
    line: integer("line").notNull(),
    text: text("text").notNull(),
    author: by("author"),
    writtenAt: moment("written_at"),
  },
  (t) => [
    index("line_comments_submission").on(t.submissionId, t.path, t.line),
    check("line_comments_line", sql`${t.line} >= 1`),
  ],
);
export type LineComment = typeof lineComments.$inferSelect;

/** What a request is about: a test by its name, or a rubric item by its id. */
export const regradeKinds = ["test", "item"] as const;
export type RegradeKind = (typeof regradeKinds)[number];

/** A student asks that a person looks again at one test or rubric item (review/regrade.ts is its life). */
export const regradeRequests = pgTable(
  "regrade_requests",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    submissionId: submissionId(),
    kind: text("kind", { enum: regradeKinds }).notNull(),
    target: text("target").notNull(),
    /** 1, or 2 for the appeal against the first one's answer. */
    round: integer("round").notNull().default(1),
    reason: text("reason").notNull(),
    askedBy: by("asked_by"),
    askedAt: moment("asked_at"),
    state: text("state", { enum: regradeStates }).notNull().default("open"),
    answeredBy: uuid("answered_by").references(() => people.id),
    answeredAt: timestamp("answered_at", { withTimezone: true, mode: "date" }),
    /** The answer's words. */
    answer: text("answer").notNull().default(""),
    /** Hundredths that the answer gave; they stand among the adjustments. */
    points: integer("points").notNull().default(0),
    adjustmentId: uuid("adjustment_id").references(() => adjustments.id),
  },
  (t) => [
    // One question about one thing, and one appeal; what was taken back may be asked again.
    uniqueIndex("regrade_requests_target")
      .on(t.submissionId, t.kind, t.target, t.round)
      .where(sql`${t.state} <> 'withdrawn'`),
    index("regrade_requests_open").on(t.askedAt, t.id).where(sql`${t.state} = 'open'`),
    check("regrade_requests_round", sql`${t.round} between 1 and 2`),
    check("regrade_requests_state", sql`${t.state} in ('open', 'withdrawn', 'accepted', 'refused', 'ours')`),
    check(
      "regrade_requests_answered",
      sql`(${t.state} in ('open', 'withdrawn')) = (${t.answeredBy} is null and ${t.answeredAt} is null)`,
    ),
  ],
);
export type RegradeRequest = typeof regradeRequests.$inferSelect;

/** Who is at a submission, so that two people do not grade the same one; it forbids nothing and runs out by itself. */
export const reviewClaims = pgTable(
  "review_claims",
  {
    submissionId: submissionId().primaryKey(),
    claimedBy: by("claimed_by"),
    claimedAt: moment("claimed_at"),
  },
  (t) => [index("review_claims_person").on(t.claimedBy)],
);

/** Who of the staff is to grade a submission (shares.ts). It forbids nobody else: work that is left is anybody's. */
export const reviewShares = pgTable(
  "review_shares",
  {
    submissionId: submissionId().primaryKey(),
    graderId: by("grader_id"),
    sharedBy: by("shared_by"),
    sharedAt: moment("shared_at"),
  },
  (t) => [index("review_shares_grader").on(t.graderId)],
);

/** What a second person gives an item without having seen the first: it counts nowhere, agreement is read from it. */
export const secondMarks = pgTable(
  "second_marks",
  {
    submissionId: submissionId(),
    item: text("item").notNull(),
    /** Hundredths, of `outOf`. */
    points: integer("points").notNull(),
    outOf: integer("out_of").notNull(),
    markedBy: by("marked_by"),
    markedAt: moment("marked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.submissionId, t.item] }),
    index("second_marks_person").on(t.markedBy),
    check("second_marks_points", sql`${t.points} between 0 and ${t.outOf}`),
  ],
);
export type SecondMark = typeof secondMarks.$inferSelect;

/** A flag that somebody looked at; the submission leaves the queue. */
export const settledFlags = pgTable("settled_flags", {
  submissionId: submissionId().primaryKey(),
  note: text("note").notNull(),
  settledBy: by("settled_by"),
  settledAt: moment("settled_at"),
});

/** Sentences that reviewers use again: one's own, or the course's, which all of its staff see. */
export const savedComments = pgTable(
  "saved_comments",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    courseId: uuid("course_id")
      .notNull()
      .references(() => courses.id, { onDelete: "cascade" }),
    text: text("text").notNull(),
    savedBy: by("saved_by"),
    shared: boolean("shared").notNull().default(false),
    savedAt: moment("saved_at"),
  },
  (t) => [index("saved_comments_course").on(t.courseId, t.savedAt)],
);
export type SavedComment = typeof savedComments.$inferSelect;

export const groupMarkKinds = ["comment", "item"] as const;
export type GroupMarkKind = (typeof groupMarkKinds)[number];

/**
 * One comment, or one item's grade, given at once to all submissions that have a mistake in common. What it gave are
 * line comments and rubric grades like any other: this remembers which, so that it can be taken back (group-marks.ts).
 */
export const groupMarks = pgTable(
  "group_marks",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    /** Address of the group (insight/mistakes.ts), and what it was called. */
    group: text("group_key").notNull(),
    title: jsonb("title").$type<Words>().notNull(),
    kind: text("kind", { enum: groupMarkKinds }).notNull(),
    /** The comment's words, or the grade's. */
    text: text("text").notNull(),
    path: text("path"),
    item: text("item"),
    /** Hundredths. */
    points: integer("points"),
    madeBy: by("made_by"),
    madeAt: moment("made_at"),
    undoneBy: uuid("undone_by").references(() => people.id),
    undoneAt: timestamp("undone_at", { withTimezone: true, mode: "date" }),
  },
  (t) => [
    index("group_marks_group").on(t.assignmentId, t.group, t.madeAt),
    check(
      "group_marks_kind",
      sql`case ${t.kind} when 'comment' then ${t.path} is not null when 'item' then ${t.item} is not null and ${t.points} is not null else false end`,
    ),
  ],
);
export type GroupMark = typeof groupMarks.$inferSelect;

/** What a grade was before, with dates as JSON has them. */
export type GradeBefore = Pick<RubricGrade, "points" | "outOf" | "comment" | "gradedBy"> & {
  gradedAt: string;
};

/** What a mark for a group did to one submission. */
export const groupMarkLines = pgTable(
  "group_mark_lines",
  {
    markId: uuid("mark_id")
      .notNull()
      .references(() => groupMarks.id, { onDelete: "cascade" }),
    submissionId: submissionId(),
    /** Null once somebody has deleted it. */
    commentId: uuid("comment_id").references(() => lineComments.id, { onDelete: "set null" }),
    before: jsonb("before").$type<GradeBefore>(),
    /** Version of the grade that it gave: another one by now is somebody's later decision and stays. */
    version: integer("version"),
  },
  (t) => [
    primaryKey({ columns: [t.markId, t.submissionId] }),
    index("group_mark_lines_submission").on(t.submissionId),
    index("group_mark_lines_comment").on(t.commentId),
  ],
);
export type GroupMarkLine = typeof groupMarkLines.$inferSelect;
