// What people were told, and of what they want no mail.
import { sql } from "drizzle-orm";
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { v7 } from "uuid";
import { people } from "../accounts/tables.ts";
import { type About, notificationKinds } from "./kinds.ts";

const personId = () =>
  uuid("person_id")
    .notNull()
    .references(() => people.id, { onDelete: "cascade" });
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** `waiting`: a mail is to be sent. `none`: none was wanted. `failed`: given up after some tries. */
export const mailStates = ["none", "waiting", "sent", "failed"] as const;

export const notifications = pgTable(
  "notifications",
  {
    id: uuid("id")
      .primaryKey()
      .$defaultFn(() => v7()),
    personId: personId(),
    kind: text("kind", { enum: notificationKinds }).notNull(),
    about: jsonb("about").$type<About>().notNull(),
    /** A page of ours, which shows what its reader may see then. */
    path: text("path").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    readAt: moment("read_at"),
    mail: text("mail", { enum: mailStates }).notNull(),
    mailTries: integer("mail_tries").notNull().default(0),
  },
  (t) => [
    index("notifications_person").on(t.personId, t.id),
    index("notifications_unread").on(t.personId).where(sql`${t.readAt} is null`),
    index("notifications_mail").on(t.id).where(sql`${t.mail} = 'waiting'`),
  ],
);
export type Notification = typeof notifications.$inferSelect;

/** A kind without a row here is mailed. */
export const notificationSettings = pgTable(
  "notification_settings",
  {
    personId: personId(),
    kind: text("kind", { enum: notificationKinds }).notNull(),
    mail: boolean("mail").notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.kind] })],
);
