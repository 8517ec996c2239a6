// How much assignments weigh in a course's total; leaderboards.
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { people } from "../accounts/tables.ts";
import { assignments } from "../assignments/tables.ts";

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
