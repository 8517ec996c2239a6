// The staff's queue of a course, claims, and flags that were looked at.
import type { Context, Hono } from "hono";
import { permitSight } from "../../courses/access.ts";
import { findCourse } from "../../courses/courses.ts";
import { deviceOrder } from "../../grading/device-queue.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { databaseNow } from "../../platform/time.ts";
import { claim, unclaim } from "../../review/claims.ts";
import { flaggedSubmissions, leftToGrade, settleFlags, stuckSubmissions } from "../../review/needs-person.ts";
import { openRegrades } from "../../review/regrades.ts";
import { findSubmission } from "../../submissions/submissions.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { QueuePage } from "./page.tsx";

export function addQueue(web: Hono<AppEnv>): void {
  web.get("/courses/:course/queue", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.param("course"));
    permitSight(viewer, access, "regrade.answer");
    const view = {
      access,
      ungraded: await leftToGrade(db, viewer, access),
      regrades: await openRegrades(db, viewer, access),
      flagged: await flaggedSubmissions(db, viewer, access),
      stuck: await stuckSubmissions(db, viewer, access),
      forDevices: (await deviceOrder(db)).filter(({ crowd }) => crowd === access.course.id).length,
      now: await databaseNow(db),
    };
    return c.html(<QueuePage at={pageContext(c)} view={view} />);
  });
  web.post("/submissions/:submission/claim", async (c) => {
    const access = await found(c);
    await claim(c.var.services.db, viewerOf(c), access);
    setFlash(c, "claim.done");
    return c.redirect(`/submissions/${access.submission.id}/review`, 303);
  });
  web.post("/submissions/:submission/unclaim", async (c) => {
    const access = await found(c);
    await unclaim(c.var.services.db, viewerOf(c), access);
    setFlash(c, "claim.given-back", "info");
    return c.redirect(`/submissions/${access.submission.id}/review`, 303);
  });
  web.post("/submissions/:submission/flags", async (c) => {
    const access = await found(c);
    const { note } = await c.req.parseBody();
    await settleFlags(c.var.services.db, viewerOf(c), access, typeof note === "string" ? note : "");
    setFlash(c, "queue.flags.settled");
    return c.redirect(`/courses/${access.course.slug}/queue`, 303);
  });
}

const found = (c: Context<AppEnv>) =>
  findSubmission(c.var.services.db, viewerOf(c), c.req.param("submission") ?? "");
