// What I was told, and of what I want no mail.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { notificationKinds, sentenceOf } from "../notifications/kinds.ts";
import {
  mailedKinds,
  myNotifications,
  NOTIFICATIONS_PAGE,
  readAll,
  setMailedKinds,
  unreadCount,
} from "../notifications/notifications.ts";
import { id, moment, page, pageOf, refusals, security, text } from "./answers.ts";

const tags = ["me"];
const notification = z
  .object({
    id,
    kind: z.enum(notificationKinds),
    text: z.string(),
    path: z.string(),
    at: moment,
    read: z.boolean(),
  })
  .openapi("Notification");
const kinds = z.object(
  Object.fromEntries(notificationKinds.map((kind) => [kind, z.boolean()])) as Record<
    (typeof notificationKinds)[number],
    z.ZodBoolean
  >,
);

const list = createRoute({
  method: "get",
  path: "/me/notifications",
  tags,
  security,
  summary: "What I was told",
  request: { query: z.object({ before: id.optional() }) },
  responses: {
    200: text(pageOf(notification).extend({ unread: z.int() }), "Newest first."),
    ...refusals(401, 403),
  },
});
const read = createRoute({
  method: "post",
  path: "/me/notifications/read",
  tags,
  security,
  summary: "Mark all of them as read",
  responses: { 204: { description: "Read." }, ...refusals(401, 403) },
});
const settings = createRoute({
  method: "put",
  path: "/me/notifications/mail",
  tags,
  security,
  summary: "Which kinds I want by mail",
  request: { body: { required: true, content: { "application/json": { schema: kinds.partial() } } } },
  responses: { 200: text(kinds, "As it is now."), ...refusals(401, 403, 422) },
});

export function addNotifications(api: OpenAPIHono<AppEnv>): void {
  api.openapi(list, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const rows = await myNotifications(db, viewer, c.req.valid("query").before);
    const shown = page(
      rows,
      NOTIFICATIONS_PAGE,
      (row) => row.id,
      ({ id, kind, about, path, createdAt, readAt }) => {
        const at = createdAt.toISOString();
        return { id, kind, text: sentenceOf(kind, about, c.var.lang), path, at, read: readAt !== null };
      },
    );
    return c.json({ ...shown, unread: await unreadCount(db, viewer.id) }, 200);
  });
  api.openapi(read, async (c) => {
    await readAll(c.var.services.db, viewerOf(c));
    return c.body(null, 204);
  });
  api.openapi(settings, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const wish = Object.entries(c.req.valid("json")).filter(([, mail]) => mail !== undefined);
    await setMailedKinds(db, viewer, Object.fromEntries(wish));
    return c.json(await mailedKinds(db, viewer), 200);
  });
}
