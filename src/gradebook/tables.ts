// How much assignments weigh in a course's total; leaderboards; which submission counts, kept for pages of many people.
import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { people } from "../accounts/tables.ts";
import { assignments } from "../assignments/tables.ts";
import { submissions } from "../submissions/tables.ts";

/** No row: the assignment has no weight. */
export const assignmentWeights = pgTable(
  "assignment_weights",
  {
    assignmentId: uuid("assignment_id")
      .primaryKey()
      .references(() => assignments.id, { onDelete: "cascade" }),
    weight: integer("weight").notNull(),
  },
  (t) => [check("assignment_weights_range", sql`${t.weight} between 0 and 1000`)],
);

/** An assignment whose leaderboard is on; only where its suite declares one is there anything to show. */
export const leaderboards = pgTable("leaderboards", {
  assignmentId: uuid("assignment_id")
    .primaryKey()
    .references(() => assignments.id, { onDelete: "cascade" }),
});

/** People who stand there under their own name, by their own wish; everybody else has a pseudonym. */
export const leaderboardNames = pgTable(
  "leaderboard_names",
  {
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
  },
  (t) => [
    primaryKey({ columns: [t.assignmentId, t.personId] }),
    index("leaderboard_names_person").on(t.personId),
  ],
);

/**
 * Which submission counts, and with how many points: kept so that a page of a course need not look at all that was
 * handed in (docs/decisions/101-kept-standings.md). It finds and orders; a figure that is shown is reckoned from rows.
 */
export const keptStandings = pgTable(
  "kept_standings",
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
    /** Hundredths; null until it is graded. */
    points: integer("points"),
  },
  (t) => [
    primaryKey({ columns: [t.assignmentId, t.personId] }),
    index("kept_standings_person").on(t.personId),
    index("kept_standings_submission").on(t.submissionId),
  ],
);

/**
 * Whose standing may have changed since it was kept, written by triggers in the transaction that changes it. Rows only
 * come and go, none is updated, so that nothing that grades ever waits for a gradebook.
 */
export const standingChanges = pgTable(
  "standing_changes",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    assignmentId: uuid("assignment_id").notNull(),
    /** Null: everybody's. */
    personId: uuid("person_id"),
  },
  (t) => [index("standing_changes_assignment").on(t.assignmentId)],
);
