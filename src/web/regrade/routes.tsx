// Regrade requests: asked from the report's page, answered on a page of their own.
import type { Context, Hono } from "hono";
import type { Viewer } from "../../accounts/viewer.ts";
import type { AppEnv, Services } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { fail } from "../../review/errors.ts";
import { regradeOutcomes } from "../../review/regrade.ts";
import {
  answerRegrade,
  askRegrade,
  findRegrade,
  listRegrades,
  mayAnswerRegrade,
  withdrawRegrade,
} from "../../review/regrades.ts";
import { rubricOf, viewReview } from "../../review/review.ts";
import { regradeKinds } from "../../review/tables.ts";
import { findSubmission, noteLook } from "../../submissions/submissions.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { loadReport } from "../submission/load.ts";
import { RegradePage, type RegradePageView } from "./page.tsx";

export function addRegrade(web: Hono<AppEnv>): void {
  web.post("/submissions/:submission/regrades", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findSubmission(db, viewer, c.req.param("submission"));
    const form = await c.req.parseBody();
    const [kind, ...rest] = text(form.target).split(":");
    const known = regradeKinds.find((word) => word === kind);
    if (!known) throw fail("regrade_no_target");
    await askRegrade(db, viewer, access, { kind: known, target: rest.join(":"), reason: text(form.reason) });
    return done(c, "regrade.sent", `/submissions/${access.submission.id}#regrades`);
  });
  web.post("/regrades/:request/withdraw", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findRegrade(db, viewer, c.req.param("request"));
    await withdrawRegrade(db, viewer, access);
    return done(c, "regrade.withdrawn", `/submissions/${access.submission.id}#regrades`);
  });
  web.get("/regrades/:request", async (c) => {
    const viewer = viewerOf(c);
    const view = await loadRegrade(c.var.services, viewer, c.req.param("request"));
    if (!view) return c.redirect(`/submissions/${(await found(c)).submission.id}#regrades`, 303);
    await noteLook(c.var.services.db, viewer, view.access, "regrade request");
    return c.html(<RegradePage at={pageContext(c)} view={view} />);
  });
  web.post("/regrades/:request/answer", async (c) => {
    const { db } = c.var.services;
    const access = await found(c);
    const form = await c.req.parseBody();
    const outcome = regradeOutcomes.find((word) => word === form.outcome);
    if (!outcome) throw fail("regrade_answer");
    const answer = { outcome, points: text(form.points), words: text(form.words) };
    await answerRegrade(db, viewerOf(c), access, answer);
    return done(c, "regrade.answered", `/courses/${access.course.slug}/queue`);
  });
}

const text = (field: unknown) => (typeof field === "string" ? field : "");
const found = (c: Context<AppEnv>) =>
  findRegrade(c.var.services.db, viewerOf(c), c.req.param("request") ?? "");

function done(c: Context<AppEnv>, key: Parameters<typeof setFlash>[1], to: string) {
  setFlash(c, key);
  return c.redirect(to, 303);
}

/** The answer's page; null for a student, who reads the answer below the report. */
async function loadRegrade(services: Services, viewer: Viewer, id: string): Promise<RegradePageView | null> {
  const { db } = services;
  const access = await findRegrade(db, viewer, id);
  if (!access.staff) return null;
  const { id: own, kind, target } = access.request;
  const earlier = (await listRegrades(db, access)).filter(
    (one) => one.id !== own && one.kind === kind && one.target === target && one.answeredAt !== null,
  );
  return {
    earlier,
    access,
    part: await loadReport(services, viewer, access.submission.id, false),
    rubric: await rubricOf(db, access),
    review: (await viewReview(db, access))!,
    mayAnswer: await mayAnswerRegrade(db, viewer, access),
  };
}
