// Attempts and what they gave. An attempt is one grading of (archive, suite, key, limits) in a lane; what was
// submitted, by whom and for which course stands above: here are only opaque keys.
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  customType,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { v7 } from "uuid";
import type { Diagnosis } from "../judge/diagnosis-words.ts";
import type { Report, Stage, TestReport, Visibility } from "../judge/report.ts";
import type { SuiteConfig } from "../judge/suite.ts";
import { instant } from "../platform/time.ts";
import type { AttemptRules } from "./points-of-rules.ts";
import type { AttemptState } from "./states.ts";

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

export const attempts = pgTable(
  "attempts",
  {
    /** The pg-boss job's id as well. */
    id: uuid().primaryKey().$defaultFn(v7),
    /** What is graded: the submission's id, opaque here. */
    subject: text().notNull(),
    /** `submit`, or the id of the re-run that asked for it: one result counts for each. */
    run: text().notNull(),
    /** From 1, within subject and run. */
    number: integer().notNull(),
    archiveBlob: text("archive_blob").notNull(),
    archiveHash: text("archive_hash").notNull(),
    archiveBytes: bigint("archive_bytes", { mode: "number" }).notNull(),
    suiteBlob: text("suite_blob").notNull(),
    suiteHash: text("suite_hash").notNull(),
    suiteConfig: jsonb("suite_config").$type<SuiteConfig>().notNull(),
    /** From `runKey`; seeds every test's rng. */
    key: bytea().notNull(),
    /** Names of tests and factors that a proof runs with; empty for a submission. */
    options: jsonb().$type<AttemptOptions>().notNull().default({}),
    /** For a Gradescope autograder: its submission_metadata.json, and the results.json that it left. */
    metadataBlob: text("metadata_blob"),
    resultsBlob: text("results_blob"),
    /** What its tests are worth instead of what the suite says; results are written with it (results.ts). */
    rules: jsonb().$type<AttemptRules>(),
    lane: text().notNull(),
    /** Higher goes first; see priority.ts. */
    priority: integer().notNull(),
    /** Fairness: who waits (a person, a group), and within which crowd (a course). Opaque. */
    team: text().notNull(),
    crowd: text().notNull().default(""),
    /** For the queue of devices (rota.ts): by when the result is wanted, what staff moved, whether it may run without. */
    wantedBy: instant("wanted_by"),
    ahead: integer().notNull().default(0),
    fallback: boolean().notNull().default(false),
    /** Device seconds that its team has for a week; null without a budget. */
    weekSeconds: integer("week_seconds"),
    state: text().$type<AttemptState>().notNull().default("waiting"),
    /** Given at the start; every write of a worker names it. */
    token: uuid(),
    worker: uuid(),
    createdAt: instant("created_at").notNull().defaultNow(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    /** When its worker was last heard of. */
    touchedAt: instant("touched_at"),
    /** Why it ended without a result; for staff. */
    fault: text(),
    /** The fault was in what it stood on: its worker died, the engine went away. */
    outage: boolean().notNull().default(false),
    /** The report without its tests, which are rows of `test_results`. */
    report: jsonb().$type<StoredReport>(),
    /** Hundredths. */
    score: integer(),
    max: integer(),
    /** Its report is whole, and the mistakes in it are still looked for. */
    diagnosing: boolean().notNull().default(false),
    isFinal: boolean("is_final").notNull().default(false),
    /** When the rooms above were told of its end; null while they are not. */
    announcedAt: instant("announced_at"),
  },
  (table) => [
    uniqueIndex("attempts_number").on(table.subject, table.run, table.number),
    /** At most one result counts. */
    uniqueIndex("attempts_final").on(table.subject, table.run).where(sql`is_final`),
    /** Points of a whole course are read from here alone. */
    index("attempts_points").on(table.subject, table.run, table.score, table.max).where(sql`is_final`),
    uniqueIndex("attempts_token").on(table.token),
    /** At most one of a subject and run is on its way. */
    uniqueIndex("attempts_open").on(table.subject, table.run).where(sql`state in ('waiting', 'running')`),
    index("attempts_unfinished").on(table.state, table.team).where(sql`state in ('waiting', 'running')`),
    index("attempts_for_devices").on(table.priority, table.id).where(sql`state = 'waiting' and lane = 'gpu'`),
    /** What runs of each suite took on devices, newest last. */
    index("attempts_device_times")
      .on(table.suiteHash, table.id)
      .where(sql`state = 'finished' and lane = 'gpu'`),
    index("attempts_crowd").on(table.crowd).where(sql`state = 'waiting'`),
    /** What waits for a person of a course. */
    index("attempts_attention").on(table.crowd, table.id).where(sql`state = 'needs_attention'`),
    index("attempts_flagged")
      .on(table.crowd, table.id)
      .where(sql`is_final and jsonb_array_length(report->'flags') > 0`),
    index("attempts_unannounced")
      .on(table.id)
      .where(sql`announced_at is null and state in ('finished', 'needs_attention')`),
  ],
);
export type Attempt = typeof attempts.$inferSelect;

/** What happened to a team's device seconds; rows are only added, so every balance can be explained. */
export const deviceEntries = pgTable(
  "device_entries",
  {
    id: uuid().primaryKey().$defaultFn(v7),
    team: text().notNull(),
    /** The Monday (UTC) of the week that it counts in: what is left over lapses with it. */
    week: date({ mode: "string" }).notNull(),
    kind: text().$type<DeviceEntryKind>().notNull(),
    /** Never negative; the kind says which way it goes (device-budget.ts). */
    seconds: integer().notNull(),
    attemptId: uuid("attempt_id").references(() => attempts.id, { onDelete: "set null" }),
    at: instant("at").notNull().defaultNow(),
  },
  (table) => [
    index("device_entries_team").on(table.team, table.week),
    /** A week is granted once, and each thing happens to an attempt once. */
    uniqueIndex("device_entries_week").on(table.team, table.week).where(sql`kind = 'grant'`),
    uniqueIndex("device_entries_once").on(table.attemptId, table.kind),
    check("device_entries_seconds", sql`${table.seconds} >= 0`),
  ],
);
export const deviceEntryKinds = ["grant", "hold", "release", "charge", "refund"] as const;
export type DeviceEntryKind = (typeof deviceEntryKinds)[number];

/** What a proof changes of a grading (judge/task.ts, GradingTask). */
export interface AttemptOptions {
  /** Only the tests of this stage, or of these. */
  stage?: Stage | Stage[];
  /** Only the suite's preflight; when it passes, the same attempt waits for a device. */
  preflight?: boolean;
  tests?: string[];
  tolerance?: number;
  perTestSeconds?: number;
  setupOnly?: boolean;
}

export type StoredReport = Omit<Report, "tests">;

export const testResults = pgTable(
  "test_results",
  {
    attemptId: uuid("attempt_id")
      .notNull()
      .references(() => attempts.id, { onDelete: "cascade" }),
    /** Its place in the suite, from 1. */
    position: integer().notNull(),
    name: text().notNull(),
    result: jsonb().$type<TestReport>().notNull(),
    score: integer().notNull(),
    max: integer().notNull(),
    visibility: text().$type<Visibility>().notNull(),
    /** The mistake behind it, where one was recognised after the report (judge/diagnosis.ts). */
    diagnosis: jsonb().$type<Diagnosis>(),
  },
  (table) => [
    primaryKey({ columns: [table.attemptId, table.position] }),
    index("test_results_diagnosed").on(table.attemptId).where(sql`diagnosis is not null`),
  ],
);

/** Which attempt's which test made a blob: what may be shown of it follows from there. */
export const artifacts = pgTable(
  "artifacts",
  {
    attemptId: uuid("attempt_id")
      .notNull()
      .references(() => attempts.id, { onDelete: "cascade" }),
    position: integer().notNull(),
    number: smallint().notNull(),
    blob: text().notNull(),
    name: text().notNull(),
    mediaType: text("media_type").notNull(),
    bytes: bigint({ mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.attemptId, table.position, table.number] }),
    index("artifacts_blob").on(table.blob),
  ],
);

/** Worker processes, for the staff's page; nothing is decided by it. */
export const workers = pgTable("workers", {
  id: uuid().primaryKey(),
  host: text().notNull(),
  pid: integer().notNull(),
  lanes: text().array().notNull(),
  slots: integer().notNull(),
  startedAt: instant("started_at").notNull().defaultNow(),
  seenAt: instant("seen_at").notNull().defaultNow(),
  /** Draining, running attempts, sandboxes ready: whatever a page wants to show. */
  detail: jsonb().$type<Record<string, unknown>>().notNull().default({}),
});
