// Courses and who is in them.
import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  index,
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
