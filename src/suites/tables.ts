// Suites of a course and their versions. A version never changes: its hash is its name for ever.
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  customType,
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
import { runKinds } from "../judge/plan.ts";
import type { Proof } from "../judge/proof.ts";
import { stage, visibility } from "../judge/report.ts";
import type { SuiteConfig } from "../judge/suite.ts";
import { wordsRecord } from "../judge/words.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const id = () =>
  uuid("id")
    .primaryKey()
    .$defaultFn(() => v7());
const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

export const suites = pgTable(
  "suites",
  {
    id: id(),
    courseId: uuid("course_id")
      .notNull()
      .references(() => courses.id, { onDelete: "cascade" }),
    /** `id` of grader.yaml. */
    name: text("name").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [uniqueIndex("suites_name").on(t.courseId, t.name)],
);
export type Suite = typeof suites.$inferSelect;

/** registered → validating → proved or refused; proved (or, with a reason said, registered or refused) → published. */
export const versionStates = ["registered", "validating", "proved", "refused", "published"] as const;
export const versionState = z.enum(versionStates);
export type VersionState = z.infer<typeof versionState>;

/** A test as a version declares it, collected in the harness: known before any submission has run. */
export const declaredTest = z.object({
  name: z.string(),
  title: wordsRecord,
  number: z.string(),
  /** Hundredths of a point. */
  max: z.int().min(0),
  visibility,
  /** Absent: it runs with every submission. */
  stage: stage.optional(),
  tags: z.array(z.string()),
});
export type DeclaredSuiteTest = z.infer<typeof declaredTest>;

export const suiteVersions = pgTable(
  "suite_versions",
  {
    id: id(),
    suiteId: uuid("suite_id")
      .notNull()
      .references(() => suites.id, { onDelete: "cascade" }),
    /** From 1 in its suite. */
    number: integer("number").notNull(),
    /** SHA-256 over paths and contents (judge/read-suite.ts). */
    hash: text("hash").notNull(),
    /** The suite's files as a canonical tar in the blob store. */
    blob: text("blob").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    config: jsonb("config").$type<SuiteConfig>().notNull(),
    /** 32 random bytes that key every test's inputs. Never leaves the server but as a run's key. */
    secret: bytea("secret").notNull(),
    /** What the version declares; null until a proof has collected it. */
    tests: jsonb("tests").$type<DeclaredSuiteTest[]>(),
    state: text("state", { enum: versionStates }).notNull().default("registered"),
    proof: jsonb("proof").$type<Proof>(),
    /** What was said when it was published without a proof that holds. */
    unprovedReason: text("unproved_reason"),
    registeredBy: uuid("registered_by")
      .notNull()
      .references(() => people.id),
    createdAt: moment("created_at").notNull().defaultNow(),
    publishedAt: moment("published_at"),
  },
  (t) => [
    uniqueIndex("suite_versions_number").on(t.suiteId, t.number),
    uniqueIndex("suite_versions_hash").on(t.suiteId, t.hash),
    index("suite_versions_registered_by").on(t.registeredBy),
    check(
      "suite_versions_state",
      sql`${t.state} in ('registered', 'validating', 'proved', 'refused', 'published')`,
    ),
  ],
);
export type SuiteVersion = typeof suiteVersions.$inferSelect;

/** `failed`: a run could not be made, so there is nothing to weigh. */
export const proofStates = ["running", "ended", "failed", "cancelled"] as const;
export type ProofState = (typeof proofStates)[number];

/** A proof that our own workers make of a version; what it showed stands with the version. */
export const suiteProofs = pgTable(
  "suite_proofs",
  {
    id: id(),
    versionId: uuid("version_id")
      .notNull()
      .references(() => suiteVersions.id, { onDelete: "cascade" }),
    requestedBy: uuid("requested_by")
      .notNull()
      .references(() => people.id),
    seeds: integer("seeds").notNull(),
    /** How intake refused an empty ZIP; null where it did not. */
    emptyZip: jsonb("empty_zip").$type<{ code: string; message: string }>(),
    state: text("state", { enum: proofStates }).notNull().default("running"),
    /** Why a run could not be made. */
    fault: text("fault"),
    startedAt: moment("started_at").notNull().defaultNow(),
    endedAt: moment("ended_at"),
  },
  (t) => [
    index("suite_proofs_version").on(t.versionId, t.startedAt),
    /** Pressed twice is once. */
    uniqueIndex("suite_proofs_running").on(t.versionId).where(sql`${t.state} = 'running'`),
    check("suite_proofs_state", sql`${t.state} in ('running', 'ended', 'failed', 'cancelled')`),
  ],
);
export type SuiteProof = typeof suiteProofs.$inferSelect;

/** A run of a proof: an attempt whose `run` is the proof and whose `subject` is named here. */
export const suiteProofRuns = pgTable(
  "suite_proof_runs",
  {
    proofId: uuid("proof_id")
      .notNull()
      .references(() => suiteProofs.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    kind: text("kind", { enum: runKinds }).notNull(),
    name: text("name").notNull(),
    /** Tests that it should fail. */
    expected: jsonb("expected").$type<string[]>().notNull(),
    flagged: boolean("flagged").notNull(),
    subject: text("subject").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.proofId, t.position] }),
    uniqueIndex("suite_proof_runs_subject").on(t.subject),
  ],
);
export type SuiteProofRun = typeof suiteProofRuns.$inferSelect;
