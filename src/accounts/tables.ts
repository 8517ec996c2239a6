// People, how they sign in, their tokens, and what was done. Better Auth reads and writes the first four tables
// through its drizzle adapter (accounts/auth.ts names the columns for it).
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
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { v7 } from "uuid";
import { z } from "zod";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const id = () =>
  uuid("id")
    .primaryKey()
    .$defaultFn(() => v7());
const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

export const languages = ["en", "zh"] as const;
export const language = z.enum(languages);
export type Lang = z.infer<typeof language>;

export const people = pgTable(
  "people",
  {
    id: id(),
    name: text("name").notNull(),
    /** Small letters. It finds a person at sign-in and on a roster; it never links an account (see `accounts`). */
    email: text("email").notNull().unique(),
    emailVerified: boolean("email_verified").notNull().default(false),
    image: text("image"),
    /** Of the whole installation. Roles of a course stand on its roster. */
    admin: boolean("admin").notNull().default(false),
    language: text("language", { enum: languages }),
    /** From then on the person cannot sign in, and no token or session of theirs is worth anything. */
    disabledAt: moment("disabled_at"),
    /** Name and e-mail are a pseudonym since then, and what was theirs is gone (privacy/rules.ts). */
    removedAt: moment("removed_at"),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [check("people_email_small", sql`${t.email} = lower(${t.email})`)],
);
export type Person = typeof people.$inferSelect;

export const sessions = pgTable(
  "sessions",
  {
    id: id(),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    token: text("token").notNull().unique(),
    expiresAt: moment("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [index("sessions_person").on(t.personId)],
);

/** Ways to sign in: a password (`credential`), or a subject of an OIDC issuer. */
export const accounts = pgTable(
  "accounts",
  {
    id: id(),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    providerId: text("provider_id").notNull(),
    accountId: text("account_id").notNull(),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: moment("access_token_expires_at"),
    refreshTokenExpiresAt: moment("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("accounts_subject").on(t.providerId, t.accountId),
    index("accounts_person").on(t.personId),
  ],
);

/** One-time values: links that set a password. */
export const verifications = pgTable(
  "verifications",
  {
    id: id(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: moment("expires_at").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [index("verifications_identifier").on(t.identifier)],
);

/** Failed sign-ins per e-mail and address; in the database, so that several servers count together. */
export const signInLimits = pgTable(
  "sign_in_limits",
  {
    key: text("key").primaryKey(),
    failures: integer("failures").notNull(),
    windowStartedAt: moment("window_started_at").notNull().defaultNow(),
  },
  (t) => [index("sign_in_limits_window").on(t.windowStartedAt)],
);

/** What a token may be used for; a session may do all of it. */
export const scopes = ["read", "submit", "manage"] as const;
export const scope = z.enum(scopes);
export type Scope = z.infer<typeof scope>;

export const apiTokens = pgTable(
  "api_tokens",
  {
    id: id(),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** SHA-256 of the token: it was shown once and is known to nobody here. */
    hash: bytea("hash").notNull().unique(),
    /** The last four characters, to tell one's tokens apart. */
    tail: text("tail").notNull(),
    scopes: text("scopes").array().$type<Scope[]>().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    expiresAt: moment("expires_at").notNull(),
    lastUsedAt: moment("last_used_at"),
    revokedAt: moment("revoked_at"),
  },
  (t) => [index("api_tokens_person").on(t.personId, t.createdAt)],
);
export type ApiToken = typeof apiTokens.$inferSelect;

/**
 * Who did what, when: rows are only ever added (a trigger in the migrations refuses anything else). What the
 * row is about is named by word and id, since it may live in any room above this one.
 */
export const auditLog = pgTable(
  "audit_log",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    at: moment("at").notNull().defaultNow(),
    /** Null: the installation itself (a command on the server's machine). */
    actorId: uuid("actor_id").references(() => people.id),
    action: text("action").notNull(),
    courseId: uuid("course_id"),
    subjectKind: text("subject_kind").notNull(),
    subjectId: text("subject_id").notNull(),
    detail: jsonb("detail").$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [
    index("audit_log_course").on(t.courseId, t.id),
    index("audit_log_subject").on(t.subjectKind, t.subjectId, t.id),
    index("audit_log_actor").on(t.actorId, t.id),
    index("audit_log_action").on(t.action, t.id),
    index("audit_log_course_action").on(t.courseId, t.action, t.id),
  ],
);
export type AuditEntry = typeof auditLog.$inferSelect;
