// Reports of similarity: pairs of files that share more than the starter gave. For staff alone; a pair is a reason to
// look, never a verdict.
import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { v7 } from "uuid";
import { people } from "../accounts/tables.ts";
import { assignments } from "../assignments/tables.ts";
import { submissions } from "../submissions/tables.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const submission = (name: string) =>
  uuid(name)
    .notNull()
    .references(() => submissions.id, { onDelete: "cascade" });

export interface SkippedFile {
  submissionId: string;
  path: string;
  why: "large" | "long_line" | "too_many" | "not_text";
}

/** Rows from 0, both included. */
export type Fragment = [leftFrom: number, leftTo: number, rightFrom: number, rightTo: number];

export const similarityReports = pgTable(
  "similarity_reports",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    state: text("state", { enum: ["running", "done", "failed"] })
      .notNull()
      .default("running"),
    /** What went wrong, for staff. */
    fault: text("fault"),
    files: integer("files").notNull().default(0),
    submissions: integer("submissions").notNull().default(0),
    skipped: jsonb("skipped").$type<SkippedFile[]>().notNull().default([]),
    askedBy: uuid("asked_by")
      .notNull()
      .references(() => people.id),
    askedAt: moment("asked_at").notNull().defaultNow(),
    endedAt: moment("ended_at"),
  },
  (t) => [
    index("similarity_reports_assignment").on(t.assignmentId, t.askedAt),
    check("similarity_reports_state", sql`${t.state} in ('running', 'done', 'failed')`),
  ],
);
export type SimilarityReport = typeof similarityReports.$inferSelect;

export const similarityPairs = pgTable(
  "similarity_pairs",
  {
    reportId: uuid("report_id")
      .notNull()
      .references(() => similarityReports.id, { onDelete: "cascade" }),
    /** From 1, the most similar first. */
    position: integer("position").notNull(),
    left: submission("left_submission"),
    leftPath: text("left_path").notNull(),
    right: submission("right_submission"),
    rightPath: text("right_path").notNull(),
    /** Hundredths of a percent. */
    similarity: integer("similarity").notNull(),
    /** Tokens of the longest run that both have. */
    longest: integer("longest").notNull(),
    fragments: jsonb("fragments").$type<Fragment[]>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.reportId, t.position] }),
    index("similarity_pairs_left").on(t.left),
    index("similarity_pairs_right").on(t.right),
  ],
);
export type SimilarityPair = typeof similarityPairs.$inferSelect;
