// A submission: its page, the report as it grows, taking a waiting one back.
import type { Hono } from "hono";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { cancelAttempt, findSubmissionAttempt } from "../../submissions/cancel.ts";
import { choose } from "../../submissions/choose.ts";
import { replaceWaiting } from "../../submissions/replace.ts";
import { runStaffTests } from "../../submissions/stage-runs.ts";

import { currentAttempts, findSubmission } from "../../submissions/submissions.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { loadReport, loadSubmission } from "./load.ts";
import { SubmissionPage } from "./page.tsx";
import { Report } from "./report.tsx";

export function addSubmission(web: Hono<AppEnv>): void {
  web.get("/submissions/:submission", async (c) => {
    const asStudent = c.req.query("as") === "student";
    const view = await loadSubmission(c.var.services, viewerOf(c), c.req.param("submission"), asStudent);
    return c.html(<SubmissionPage at={pageContext(c)} view={view} />);
  });
  web.get("/submissions/:submission/report", async (c) => {
    const asStudent = c.req.query("as") === "student";
    const part = await loadReport(c.var.services, viewerOf(c), c.req.param("submission"), asStudent);
    return c.html(<Report at={pageContext(c)} part={part} />);
  });
  web.post("/submissions/:submission/staff-tests", async (c) => {
    const { db, queue } = c.var.services;
    const access = await findSubmission(db, viewerOf(c), c.req.param("submission"));
    await runStaffTests(db, queue, viewerOf(c), access);
    setFlash(c, "stage.staff.asked");
    return c.redirect(`/submissions/${access.submission.id}`, 303);
  });
  web.post("/submissions/:submission/choose", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findSubmission(db, viewer, c.req.param("submission"));
    await choose(db, viewer, access);
    setFlash(c, "history.chosen");
    return c.redirect(`/submissions/${access.submission.id}`, 303);
  });
  web.post("/submissions/:submission/replace", async (c) => {
    const { db, queue } = c.var.services;
    const viewer = viewerOf(c);
    const { submission } = await findSubmission(db, viewer, c.req.param("submission"));
    const attempt = (await currentAttempts(db, [submission.id])).get(submission.id);
    await replaceWaiting(db, queue, viewer, await findSubmissionAttempt(db, viewer, attempt?.id ?? ""));
    setFlash(c, "submission.replaced-now");
    return c.redirect(`/submissions/${submission.id}`, 303);
  });
  web.post("/submissions/:submission/cancel", async (c) => {
    const { db, queue } = c.var.services;
    const viewer = viewerOf(c);
    const { submission } = await findSubmission(db, viewer, c.req.param("submission"));
    const attempt = (await currentAttempts(db, [submission.id])).get(submission.id);
    await cancelAttempt(db, queue, viewer, await findSubmissionAttempt(db, viewer, attempt?.id ?? ""));
    setFlash(c, "submission.cancelled-now");
    return c.redirect(`/submissions/${submission.id}`, 303);
  });
}
