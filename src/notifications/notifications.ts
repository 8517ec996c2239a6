// Telling people. A notification is written in the transaction of what it tells of; its page and its mail follow.
import { and, desc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import type { Executor, Tx } from "../platform/database.ts";
import { type About, type NotificationKind, notificationKinds } from "./kinds.ts";
import { type Notification, notificationSettings, notifications } from "./tables.ts";

export const NOTIFICATIONS_PAGE = 50;

export interface News {
  kind: NotificationKind;
  about: About;
  path: string;
}

/** Tells each of `personIds` once. */
export async function tell(tx: Tx, personIds: string[], { kind, about, path }: News): Promise<void> {
  const ids = [...new Set(personIds)];
  if (ids.length === 0) return;
  const without = await tx
    .select({ personId: notificationSettings.personId })
    .from(notificationSettings)
    .where(
      and(
        inArray(notificationSettings.personId, ids),
        eq(notificationSettings.kind, kind),
        eq(notificationSettings.mail, false),
      ),
    );
  const silent = new Set(without.map(({ personId }) => personId));
  await tx.insert(notifications).values(
    ids.map((personId) => {
      return {
        personId,
        kind,
        about,
        path,
        mail: silent.has(personId) ? ("none" as const) : ("waiting" as const),
      };
    }),
  );
}

/** One's own, the newest first; `before` is the last id of the page before. */
export function myNotifications(db: Executor, viewer: Viewer, before?: string): Promise<Notification[]> {
  return db
    .select()
    .from(notifications)
    .where(
      and(
        eq(notifications.personId, viewer.id),
        before === undefined ? undefined : lt(notifications.id, before),
      ),
    )
    .orderBy(desc(notifications.id))
    .limit(NOTIFICATIONS_PAGE);
}

export function unreadCount(db: Executor, personId: string): Promise<number> {
  return db.$count(notifications, and(eq(notifications.personId, personId), isNull(notifications.readAt)));
}

/** Marks one as read and says where it leads; null for somebody else's. */
export async function openNotification(db: Executor, viewer: Viewer, id: string): Promise<string | null> {
  const [opened] = await db
    .update(notifications)
    .set({ readAt: sql`coalesce(${notifications.readAt}, now())` })
    .where(and(eq(notifications.id, id), eq(notifications.personId, viewer.id)))
    .returning({ path: notifications.path });
  return opened?.path ?? null;
}

export async function readAll(db: Executor, viewer: Viewer): Promise<void> {
  await db
    .update(notifications)
    .set({ readAt: sql`now()` })
    .where(and(eq(notifications.personId, viewer.id), isNull(notifications.readAt)));
}

/** Which kinds are mailed. */
export async function mailedKinds(db: Executor, viewer: Viewer): Promise<Record<NotificationKind, boolean>> {
  const rows = await db
    .select()
    .from(notificationSettings)
    .where(eq(notificationSettings.personId, viewer.id));
  const set = new Map(rows.map(({ kind, mail }) => [kind, mail]));
  return Object.fromEntries(notificationKinds.map((kind) => [kind, set.get(kind) ?? true])) as Record<
    NotificationKind,
    boolean
  >;
}

export async function setMailedKinds(
  db: Executor,
  viewer: Viewer,
  wish: Partial<Record<NotificationKind, boolean>>,
): Promise<void> {
  const rows = notificationKinds.flatMap((kind) =>
    wish[kind] === undefined ? [] : [{ personId: viewer.id, kind, mail: wish[kind] }],
  );
  if (rows.length === 0) return;
  await db
    .insert(notificationSettings)
    .values(rows)
    .onConflictDoUpdate({
      target: [notificationSettings.personId, notificationSettings.kind],
      set: { mail: sql`excluded.mail` },
    });
}
