// What people add to a submission's tests: points for rubric items, adjustments, comments on lines of code.
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { v7 } from "uuid";
import { people } from "../accounts/tables.ts";
import { submissions } from "../submissions/tables.ts";

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
    /** Hundredths. */
    points: integer("points").notNull(),
    comment: text("comment").notNull().default(""),
    gradedBy: by("graded_by"),
    gradedAt: moment("graded_at"),
  },
  (t) => [
    primaryKey({ columns: [t.submissionId, t.item] }),
    check("rubric_grades_points", sql`${t.points} >= 0`),
  ],
);
export type RubricGrade = typeof rubricGrades.$inferSelect;

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
