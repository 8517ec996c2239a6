// What people write about a submission. The points that they give are part of it: submissions/tables.ts.
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
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
