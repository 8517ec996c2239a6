// The staff's marking of an assignment: who grades what, blind or not, the second marker, what items are worth.
import type { Context, Hono } from "hono";
import { changeAssignment, findAssignment } from "../../assignments/assignments.ts";
import { permit } from "../../courses/access.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { fail } from "../../review/errors.ts";
import { findReview } from "../../review/review.ts";
import { readPoints } from "../../review/rules.ts";
import { markSecond } from "../../review/second-marks.ts";
import { shareRules } from "../../review/shares.ts";
import { shareOut } from "../../review/sharing.ts";
import { changeWorth, undoWorth } from "../../submissions/rubric-worth.ts";
import { noteLook } from "../../submissions/submissions.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import type { MessageKey } from "../messages/translate.ts";
import { loadMarking } from "./load.ts";
import { MarkingPage } from "./page.tsx";
import { loadSecond, SecondPage } from "./second.tsx";

export function addMarking(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/marking", async (c) => {
    const { item, points } = c.req.query();
    const wanted = item === undefined ? null : { item, points: pointsIn(points) };
    const view = await loadMarking(c.var.services.db, viewerOf(c), c.req.param("assignment"), wanted);
    return c.html(<MarkingPage at={pageContext(c)} view={view} />);
  });
  web.post("/assignments/:assignment/marking/shares", async (c) => {
    const { db, viewer, access } = await asked(c);
    const form = await c.req.parseBody({ all: true });
    const rule = shareRules.find((one) => one === form.rule) ?? "equal";
    const graders = [form.grader ?? []].flat().map(String);
    await shareOut(db, viewer, access, { rule, graders });
    return back(c, "marking.dealt");
  });
  web.post("/assignments/:assignment/marking/settings", async (c) => {
    const { db, viewer, access } = await asked(c);
    permit(viewer, access, "review.share");
    const form = await c.req.parseBody();
    const percent = Number(form.percent);
    if (!Number.isInteger(percent) || percent < 0 || percent > 100) throw fail("bad_percent");
    const change = { blind: form.blind === "yes", secondMarkPercent: percent };
    await changeAssignment(db, viewer, access.assignment.id, change);
    return back(c, "marking.saved");
  });
  web.post("/assignments/:assignment/marking/worth", async (c) => {
    const { db, viewer, access } = await asked(c);
    const form = await c.req.parseBody();
    const [item, reason, basis] = [text(form.item), text(form.reason), text(form.basis)];
    await changeWorth(db, viewer, access, { item, points: pointsIn(text(form.points)), reason, basis });
    return back(c, "marking.worth.done");
  });
  web.post("/assignments/:assignment/marking/worth/undo", async (c) => {
    const { db, viewer, access } = await asked(c);
    await undoWorth(db, viewer, access);
    return back(c, "marking.saved");
  });
  web.get("/submissions/:submission/second", async (c) => {
    const viewer = viewerOf(c);
    const view = await loadSecond(c.var.services, viewer, c.req.param("submission"), c.req.query("path"));
    await noteLook(c.var.services.db, viewer, view.access, `second marking ${view.file?.path ?? ""}`);
    return c.html(<SecondPage at={pageContext(c)} view={view} />);
  });
  web.post("/submissions/:submission/second", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findReview(db, viewer, c.req.param("submission"));
    const form = await c.req.parseBody();
    const points = new Map(access.rubric.map(({ id }) => [id, text(form[`item:${id}`])]));
    await markSecond(db, viewer, access, points);
    setFlash(c, "second.saved");
    return c.redirect(`/assignments/${access.course.slug}.${access.assignment.slug}/marking#second`, 303);
  });
}

const text = (field: unknown) => (typeof field === "string" ? field : "");

/** @throws bad_points */
function pointsIn(typed: string | undefined): number {
  const points = readPoints(typed ?? "");
  if (points === null || points < 0) throw fail("bad_points", { least: 0, most: 10_000 });
  return points;
}

async function asked(c: Context<AppEnv>) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  return { db, viewer, access: await findAssignment(db, viewer, c.req.param("assignment")!) };
}

function back(c: Context<AppEnv>, said: MessageKey) {
  setFlash(c, said);
  return c.redirect(`/assignments/${c.req.param("assignment")}/marking`, 303);
}
