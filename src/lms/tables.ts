// Learning platforms (Canvas, Moodle and their like) that send people here by LTI 1.3 and take their points back.
import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
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
import type { JWK } from "jose";
import { v7 } from "uuid";
import { people } from "../accounts/tables.ts";
import { assignments } from "../assignments/tables.ts";
import { courses } from "../courses/tables.ts";
import type { LaunchFacts } from "./claims.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** A platform, as an administrator registered it: what it signs is believed, of its own courses and people. */
export const lmsPlatforms = pgTable(
  "lms_platforms",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    name: text("name").notNull(),
    issuer: text("issuer").notNull(),
    clientId: text("client_id").notNull(),
    authorizationUrl: text("authorization_url").notNull(),
    tokenUrl: text("token_url").notNull(),
    keysUrl: text("keys_url").notNull(),
    /** Installations within the platform; none other's launches are taken. */
    deployments: text("deployments").array().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [uniqueIndex("lms_platforms_client").on(t.issuer, t.clientId)],
);
export type LmsPlatform = typeof lmsPlatforms.$inferSelect;

/** Which course of ours a course of a platform's is; an instructor of both said so. */
export const lmsContexts = pgTable(
  "lms_contexts",
  {
    platformId: uuid("platform_id")
      .notNull()
      .references(() => lmsPlatforms.id, { onDelete: "cascade" }),
    contextId: text("context_id").notNull(),
    courseId: uuid("course_id")
      .notNull()
      .references(() => courses.id, { onDelete: "cascade" }),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.platformId, t.contextId] }), index("lms_contexts_course").on(t.courseId)],
);

/** Which assignment a link in that course leads to, and where its points go. */
export const lmsLinks = pgTable(
  "lms_links",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    platformId: uuid("platform_id").notNull(),
    contextId: text("context_id").notNull(),
    resourceId: text("resource_id").notNull(),
    assignmentId: uuid("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    /** The platform's column of points; null: it gave none, and no points are sent. */
    lineItem: text("line_item"),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [
    foreignKey({
      name: "lms_links_context",
      columns: [t.platformId, t.contextId],
      foreignColumns: [lmsContexts.platformId, lmsContexts.contextId],
    }).onDelete("cascade"),
    uniqueIndex("lms_links_resource").on(t.platformId, t.contextId, t.resourceId),
    index("lms_links_assignment").on(t.assignmentId),
  ],
);
export type LmsLink = typeof lmsLinks.$inferSelect;

export const scoreStates = ["waiting", "sent", "failed"] as const;

/** What a platform should hold of one person, and whether it does. A queue: rows that wait are worked off by servers. */
export const lmsScores = pgTable(
  "lms_scores",
  {
    linkId: uuid("link_id")
      .notNull()
      .references(() => lmsLinks.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    /** Hundredths; null: what was sent is to be taken back. */
    points: integer("points"),
    max: integer("max").notNull(),
    state: text("state", { enum: scoreStates }).notNull(),
    tries: integer("tries").notNull().default(0),
    nextAt: moment("next_at").notNull().defaultNow(),
    sentAt: moment("sent_at"),
    /** What the platform answered at last, for staff. */
    fault: text("fault"),
  },
  (t) => [
    primaryKey({ columns: [t.linkId, t.personId] }),
    index("lms_scores_waiting").on(t.nextAt).where(sql`${t.state} = 'waiting'`),
    index("lms_scores_person").on(t.personId),
    check("lms_scores_state", sql`${t.state} in ('waiting', 'sent', 'failed')`),
  ],
);
export type LmsScore = typeof lmsScores.$inferSelect;

/** A launch that a platform signed, until its browser has arrived; its key is known to that browser only. */
export const lmsLaunches = pgTable(
  "lms_launches",
  {
    /** SHA-256 of the key. */
    key: text("key").primaryKey(),
    platformId: uuid("platform_id")
      .notNull()
      .references(() => lmsPlatforms.id, { onDelete: "cascade" }),
    /** SHA-256 of what the browser's cookie holds. */
    browser: text("browser").notNull(),
    /** Of the identity token: each counts once. */
    nonce: text("nonce").notNull().unique(),
    facts: jsonb("facts").$type<LaunchFacts>().notNull(),
    expiresAt: moment("expires_at").notNull(),
  },
  (t) => [index("lms_launches_expiry").on(t.expiresAt)],
);

/** The key pairs by which platforms know us; the newest signs. */
export const lmsKeys = pgTable("lms_keys", {
  id: text("id").primaryKey(),
  privateKey: jsonb("private_key").$type<JWK>().notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});
