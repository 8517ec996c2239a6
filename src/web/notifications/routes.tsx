// What somebody was told: a list, where each leads, and of what they want no mail.
import type { Hono } from "hono";
import { isUuid } from "../../courses/courses.ts";
import { fail } from "../../http/errors.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { notificationKinds } from "../../notifications/kinds.ts";
import {
  mailedKinds,
  myNotifications,
  openNotification,
  readAll,
  setMailedKinds,
} from "../../notifications/notifications.ts";
import { databaseNow } from "../../platform/time.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { NotificationsPage } from "./page.tsx";

export function addNotifications(web: Hono<AppEnv>): void {
  web.get("/notifications", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const before = c.req.query("before");
    if (before !== undefined && !isUuid(before)) throw fail("not_found");
    const rows = await myNotifications(db, viewer, before);
    const mailed = await mailedKinds(db, viewer);
    const props = { at: pageContext(c), rows, mailed, email: viewer.email, now: await databaseNow(db) };
    return c.html(<NotificationsPage {...props} />);
  });
  // By a form, so that nothing that only looks at links marks them as read.
  web.post("/notifications/:notification", async (c) => {
    const id = c.req.param("notification");
    const path = isUuid(id) ? await openNotification(c.var.services.db, viewerOf(c), id) : null;
    if (path === null) throw fail("not_found");
    return c.redirect(path, 303);
  });
  web.post("/notifications", async (c) => {
    await readAll(c.var.services.db, viewerOf(c));
    return c.redirect("/notifications", 303);
  });
  web.post("/account/mail", async (c) => {
    const form = await c.req.parseBody();
    const wish = Object.fromEntries(notificationKinds.map((kind) => [kind, form[kind] === "yes"]));
    await setMailedKinds(c.var.services.db, viewerOf(c), wish);
    setFlash(c, "notifications.saved");
    return c.redirect("/notifications", 303);
  });
}
