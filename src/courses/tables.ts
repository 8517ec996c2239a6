// Courses and who is in them.
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
import type { Words } from "../judge/words.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Part of an address (`/courses/mml-2026`): small letters, digits, hyphens. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

export const courses = pgTable("courses", {
  id: uuid("id")
    .primaryKey()
    .$defaultFn(() => v7()),
  slug: text("slug").notNull().unique(),
  title: jsonb("title").$type<Words>().notNull(),
  /** Deadlines are shown in it. */
  timeZone: text("time_zone").notNull().default("Asia/Shanghai"),
  /** Instructors may register Gradescope autograders, whose scripts run as root: an administrator's to give. */
  autograders: boolean("autograders").notNull().default(false),
  /** From then on files, outputs and words of what was handed in are removed; points stay (privacy/retention.ts). */
  retainUntil: moment("retain_until"),
  /** When that was last done. */
  clearedAt: moment("cleared_at"),
  createdAt: moment("created_at").notNull().defaultNow(),
});
export type Course = typeof courses.$inferSelect;

export const roles = ["student", "ta", "instructor"] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

export const roster = pgTable(
  "roster",
  {
    courseId: uuid("course_id")
      .notNull()
      .references(() => courses.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    role: text("role", { enum: roles }).notNull(),
    studentNumber: text("student_number"),
    section: text("section"),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.courseId, t.personId] }),
    uniqueIndex("roster_student_number")
      .on(t.courseId, t.studentNumber)
      .where(sql`${t.studentNumber} is not null`),
    index("roster_person").on(t.personId),
    check("roster_role", sql`${t.role} in ('student', 'ta', 'instructor')`),
  ],
);
export type RosterEntry = typeof roster.$inferSelect;

export const groupFormations = ["students", "staff"] as const;

/** Groups for the same thing: in one set everybody is in one group at most. */
export const groupSets = pgTable(
  "group_sets",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    courseId: uuid("course_id")
      .notNull()
      .references(() => courses.id, { onDelete: "cascade" }),
    slug: text("slug").notNull(),
    title: jsonb("title").$type<Words>().notNull(),
    mostMembers: integer("most_members").notNull(),
    /** Who makes the groups: students by themselves, or staff. */
    formation: text("formation", { enum: groupFormations }).notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("group_sets_slug").on(t.courseId, t.slug),
    check("group_sets_most", sql`${t.mostMembers} between 1 and 50`),
  ],
);
export type GroupSet = typeof groupSets.$inferSelect;

export const groups = pgTable(
  "groups",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    setId: uuid("set_id")
      .notNull()
      .references(() => groupSets.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** Members pass it on; whoever has it may join. */
    code: text("code").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [uniqueIndex("groups_name").on(t.setId, t.name), uniqueIndex("groups_code").on(t.code)],
);
export type Group = typeof groups.$inferSelect;

export const groupMembers = pgTable(
  "group_members",
  {
    setId: uuid("set_id")
      .notNull()
      .references(() => groupSets.id, { onDelete: "cascade" }),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    groupId: uuid("group_id")
      .notNull()
      .references(() => groups.id, { onDelete: "cascade" }),
    joinedAt: moment("joined_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: "group_members_set_id_person_id_pk", columns: [t.setId, t.personId] }),
    index("group_members_group").on(t.groupId),
    index("group_members_person").on(t.personId),
  ],
);
