// Assignments of a course: dates, limits, and the suite version that grades them.
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
import { z } from "zod";
import { people } from "../accounts/tables.ts";
import { courses, groupSets } from "../courses/tables.ts";
import { diagnosisReaders } from "../judge/suite.ts";
import type { Words } from "../judge/words.ts";
import { groupLateRules } from "../scoring/late-days.ts";
import { suiteVersions } from "../suites/tables.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** `draft`: only staff see it. `open`: students submit from its opening on. `closed`: seen, nothing is accepted. */
export const assignmentStates = ["draft", "open", "closed"] as const;
export const assignmentState = z.enum(assignmentStates);
export type AssignmentState = z.infer<typeof assignmentState>;

export const countingRules = ["latest", "best", "chosen"] as const;

/** Whether members of a group each say what their part was, and who reads it: staff, or the group as well. */
export const contributionSettings = ["off", "staff", "group"] as const;
export type ContributionSetting = (typeof contributionSettings)[number];

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
    /** Taken once from whatever is late at all, beside the days. */
    lateFlatPercent: integer("late_flat_percent").notNull().default(0),
    /** `homework`, `project`, …: late days are budgeted by it. */
    workKind: text("work_kind").notNull().default("homework"),
    /** Late days that may be spent here; null for as many as somebody has, 0 for none. */
    lateDaysMost: integer("late_days_most"),
    groupLateRule: text("group_late_rule", { enum: groupLateRules }).notNull().default("each"),
    /** A date before the due date that gives or takes a share of the points. */
    earlyAt: moment("early_at"),
    /** For work that came by then. */
    earlyBonusPercent: integer("early_bonus_percent").notNull().default(0),
    /** From everybody of whom nothing had come by then. */
    earlyMalusPercent: integer("early_malus_percent").notNull().default(0),
    counting: text("counting", { enum: countingRules }).notNull().default("latest"),
    attemptsTotal: integer("attempts_total"),
    attemptsPerDay: integer("attempts_per_day"),
    cooldownSeconds: integer("cooldown_seconds").notNull().default(0),
    /** Whose groups hand in together; null: everybody for themselves. */
    groupSetId: uuid("group_set_id").references(() => groupSets.id),
    contributions: text("contributions", { enum: contributionSettings }).notNull().default("off"),
    /** From then on tests marked `after_published` are open. */
    resultsPublishedAt: moment("results_published_at"),
    /** Where no device is to be had it runs on a CPU, at the suite's reduced scale: only if the suite allows it. */
    gpuFallback: boolean("gpu_fallback").notNull().default(false),
    /** Of a device, for each group and week; null has no end. */
    gpuMinutesAWeek: integer("gpu_minutes_a_week"),
    /** The publication that people were told of (submissions/announce.ts). */
    resultsAnnouncedFor: moment("results_announced_for"),
    /** Days after the results' publication in which students may ask for a regrade; null takes no requests. */
    regradeDays: integer("regrade_days").default(7),
    /** Who is told which known mistake a submission made; null: as the suite says. */
    diagnosisReaders: text("diagnosis_readers", { enum: diagnosisReaders }),
    diagnosisAttempts: integer("diagnosis_attempts"),
    /** Teaching assistants grade without names until the results are out (review/blind.ts). */
    blind: boolean("blind").notNull().default(false),
    /** How much of what counts a second person marks too; 0: nothing. */
    secondMarkPercent: integer("second_mark_percent").notNull().default(0),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("assignments_slug").on(t.courseId, t.slug),
    index("assignments_suite_version").on(t.suiteVersionId),
    check("assignments_state", sql`${t.state} in ('draft', 'open', 'closed')`),
    check("assignments_open_has_suite", sql`${t.state} = 'draft' or ${t.suiteVersionId} is not null`),
    check("assignments_late_percent", sql`${t.latePercentPerDay} between 0 and 100`),
    check("assignments_contributions", sql`${t.contributions} in ('off', 'staff', 'group')`),
    check("assignments_diagnosis_attempts", sql`${t.diagnosisAttempts} between 1 and 100`),
    check("assignments_second_mark", sql`${t.secondMarkPercent} between 0 and 100`),
    check("assignments_regrade_days", sql`${t.regradeDays} between 0 and 365`),
    check("assignments_gpu_minutes", sql`${t.gpuMinutesAWeek} between 1 and 10080`),
    check(
      "assignments_percents",
      sql`${t.lateFlatPercent} between 0 and 100 and ${t.earlyBonusPercent} between 0 and 100
        and ${t.earlyMalusPercent} between 0 and 100 and ${t.lateDaysMost} >= 0`,
    ),
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

/** Somebody asks for another due date; a person answers. Answered ones stay, as the record of why. */
export const requestStates = ["asked", "granted", "refused", "withdrawn"] as const;
export type RequestState = (typeof requestStates)[number];

export const extensionRequests = pgTable(
  "extension_requests",
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
    wantedAt: moment("wanted_at").notNull(),
    reason: text("reason").notNull(),
    state: text("state", { enum: requestStates }).notNull().default("asked"),
    /** What was granted, which may be less or more than was asked. */
    grantedAt: moment("granted_at"),
    answer: text("answer").notNull().default(""),
    answeredBy: uuid("answered_by").references(() => people.id),
    answeredAt: moment("answered_at"),
    askedAt: moment("asked_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("extension_requests_open").on(t.assignmentId, t.personId).where(sql`${t.state} = 'asked'`),
    index("extension_requests_assignment").on(t.assignmentId, t.askedAt),
    index("extension_requests_person").on(t.personId, t.askedAt),
    check("extension_requests_state", sql`${t.state} in ('asked', 'granted', 'refused', 'withdrawn')`),
  ],
);
export type ExtensionRequest = typeof extensionRequests.$inferSelect;

/** A kind of work: `homework`, `project`. */
export const workKind = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);

/** Late days that everybody of a course begins with, by kind of work. */
export const lateDayBudgets = pgTable(
  "late_day_budgets",
  {
    courseId: uuid("course_id")
      .notNull()
      .references(() => courses.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    days: integer("days").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.courseId, t.kind] }),
    check("late_day_budgets_days", sql`${t.days} between 0 and 365`),
  ],
);
export type LateDayBudget = typeof lateDayBudgets.$inferSelect;
