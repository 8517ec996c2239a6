// Assignments of a course: dates, limits, and the suite version that grades them.
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
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { v7 } from "uuid";
import { z } from "zod";
import { people } from "../accounts/tables.ts";
import { courses } from "../courses/tables.ts";
import type { Words } from "../judge/words.ts";
import { suiteVersions } from "../suites/tables.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** `draft`: only staff see it. `open`: students submit from its opening on. `closed`: seen, nothing is accepted. */
export const assignmentStates = ["draft", "open", "closed"] as const;
export const assignmentState = z.enum(assignmentStates);
export type AssignmentState = z.infer<typeof assignmentState>;

export const countingRules = ["latest", "best", "chosen"] as const;

export const assignments = pgTable(
  "assignments",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    courseId: uuid("course_id")
      .notNull()
      .references(() => courses.id, { onDelete: "cascade" }),
    slug: text("slug").notNull(),
    title: jsonb("title").$type<Words>().notNull(),
    /** Only a published version; null while a draft has none. */
    suiteVersionId: uuid("suite_version_id").references(() => suiteVersions.id),
    state: text("state", { enum: assignmentStates }).notNull().default("draft"),
    opensAt: moment("opens_at"),
    dueAt: moment("due_at"),
    graceSeconds: integer("grace_seconds").notNull().default(0),
    latePercentPerDay: integer("late_percent_per_day").notNull().default(0),
    /** Started days after which nothing more is accepted: 0 takes nothing late, null has no end. */
    lateLastDay: integer("late_last_day").default(0),
    counting: text("counting", { enum: countingRules }).notNull().default("latest"),
    attemptsTotal: integer("attempts_total"),
    attemptsPerDay: integer("attempts_per_day"),
    cooldownSeconds: integer("cooldown_seconds").notNull().default(0),
    /** From then on tests marked `after_published` are open. */
    resultsPublishedAt: moment("results_published_at"),
    /** Days after the results' publication in which students may ask for a regrade; null takes no requests. */
    regradeDays: integer("regrade_days").default(7),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("assignments_slug").on(t.courseId, t.slug),
    index("assignments_suite_version").on(t.suiteVersionId),
    check("assignments_state", sql`${t.state} in ('draft', 'open', 'closed')`),
    check("assignments_open_has_suite", sql`${t.state} = 'draft' or ${t.suiteVersionId} is not null`),
    check("assignments_late_percent", sql`${t.latePercentPerDay} between 0 and 100`),
    check("assignments_regrade_days", sql`${t.regradeDays} between 0 and 365`),
  ],
);
export type Assignment = typeof assignments.$inferSelect;

/** Another due date for one person; it replaces the assignment's. */
export const extensions = pgTable(
  "extensions",
  {
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    dueAt: moment("due_at").notNull(),
    reason: text("reason").notNull(),
    grantedBy: uuid("granted_by")
      .notNull()
      .references(() => people.id),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.assignmentId, t.personId] }),
    index("extensions_person").on(t.personId),
    index("extensions_due").on(t.assignmentId, t.dueAt),
  ],
);
export type Extension = typeof extensions.$inferSelect;

/** A person whose results of an assignment stay closed when they are published. The reason is for staff alone. */
export const holdBacks = pgTable(
  "hold_backs",
  {
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    reason: text("reason").notNull(),
    heldBy: uuid("held_by")
      .notNull()
      .references(() => people.id),
    heldAt: moment("held_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.assignmentId, t.personId] }),
    index("hold_backs_person").on(t.personId),
    check("hold_backs_reason", sql`${t.reason} <> ''`),
  ],
);
export type HoldBack = typeof holdBacks.$inferSelect;
