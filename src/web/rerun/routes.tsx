// Re-runs: choose a scope, watch it, compare, accept. Plain forms, so that all of it works without scripts.
import type { Context, Hono } from "hono";
import { type AssignmentAccess, findAssignment } from "../../assignments/assignments.ts";
import { permit } from "../../courses/access.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import {
  acceptRerun,
  cancelRerun,
  findRerun,
  openRerun,
  startRerun,
  undoRerun,
} from "../../submissions/rerun.ts";
import { rerunOne } from "../../submissions/rerun-one.ts";
import { findSubmission } from "../../submissions/submissions.ts";
import { batchScopes } from "../../submissions/tables.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { loadRerun, loadRerunTests, loadStart } from "./load.ts";
import { RerunPage, RerunPart, RerunTestsPage } from "./page.tsx";
import { StartPage } from "./start.tsx";

export function addRerun(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/rerun", async (c) => {
    const { db } = c.var.services;
    const access = await assignmentOf(c);
    // What is under way is what one wants to see.
    const open = await openRerun(db, access.assignment.id);
    if (open) return c.redirect(`/reruns/${open.id}`, 303);
    const view = await loadStart(db, viewerOf(c), access);
    return c.html(<StartPage at={pageContext(c)} view={view} />);
  });
  web.post("/assignments/:assignment/rerun", async (c) => {
    const { db, queue } = c.var.services;
    const access = await assignmentOf(c);
    const form = await c.req.parseBody();
    const [chosen, reason] = [text(form.scope), text(form.reason)];
    try {
      const wish = { ...scopeOf(chosen), reason };
      const { rerun, known } = await startRerun(db, queue, viewerOf(c), access, wish);
      if (!known) setFlash(c, "rerun.started");
      return c.redirect(`/reruns/${rerun.id}`, 303);
    } catch (error) {
      if (!(error instanceof UserError) || error.status === 403) throw error;
      c.status(422);
      const view = await loadStart(db, viewerOf(c), access, { chosen, reason, error });
      return c.html(<StartPage at={pageContext(c)} view={view} />);
    }
  });
  web.post("/submissions/:submission/rerun", async (c) => {
    const { db, queue } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findSubmission(db, viewer, c.req.param("submission"));
    const form = await c.req.parseBody();
    const { rerun, known } = await rerunOne(db, queue, viewer, access, text(form.reason));
    if (!known) setFlash(c, "rerun.started");
    return c.redirect(`/reruns/${rerun.id}`, 303);
  });
  addOne(web);
}

function addOne(web: Hono<AppEnv>): void {
  web.get("/reruns/:rerun", (c) => show(c, false));
  web.get("/reruns/:rerun/part", async (c) => {
    const view = await loadRerun(c.var.services.db, viewerOf(c), c.req.param("rerun"), {
      all: c.req.query("all") !== undefined,
    });
    return c.html(<RerunPart at={pageContext(c)} view={view} />);
  });
  web.get("/reruns/:rerun/submissions/:submission", async (c) => {
    const { rerun, submission } = c.req.param();
    const view = await loadRerunTests(c.var.services.db, viewerOf(c), rerun, submission);
    return c.html(<RerunTestsPage at={pageContext(c)} {...view} />);
  });
  web.post("/reruns/:rerun/accept", async (c) => {
    const { db } = c.var.services;
    const form = await c.req.parseBody();
    const policy = form.policy === "never_lower" ? "never_lower" : "as_computed";
    const found = await findRerun(db, viewerOf(c), c.req.param("rerun"));
    try {
      await acceptRerun(db, viewerOf(c), found, { preview: text(form.preview), policy });
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "stale_preview") throw error;
      c.status(409);
      return show(c, true);
    }
    setFlash(c, "rerun.accepted");
    return c.redirect(`/reruns/${found.rerun.id}`, 303);
  });
  web.post("/reruns/:rerun/cancel", async (c) => {
    const { db, queue } = c.var.services;
    await cancelRerun(db, queue, viewerOf(c), await findRerun(db, viewerOf(c), c.req.param("rerun")));
    setFlash(c, "rerun.cancelled");
    return c.redirect(`/reruns/${c.req.param("rerun")}`, 303);
  });
  web.post("/reruns/:rerun/undo", async (c) => {
    const { db } = c.var.services;
    await undoRerun(db, viewerOf(c), await findRerun(db, viewerOf(c), c.req.param("rerun")));
    setFlash(c, "rerun.undone");
    return c.redirect(`/reruns/${c.req.param("rerun")}`, 303);
  });
}

const text = (field: unknown) => (typeof field === "string" ? field : "");

async function assignmentOf(c: Context<AppEnv>): Promise<AssignmentAccess> {
  const viewer = viewerOf(c);
  const access = await findAssignment(c.var.services.db, viewer, c.req.param("assignment")!);
  permit(viewer, access, "rerun.view");
  return access;
}

/** `version:ID`, or a scope's own word; whatever is not understood is the one that counts. */
function scopeOf(chosen: string) {
  const [word, versionId = null] = chosen.split(":");
  return { scope: batchScopes.find((scope) => scope === word) ?? "counted", versionId };
}

async function show(c: Context<AppEnv>, stale: boolean) {
  const all = c.req.query("all") !== undefined;
  const view = await loadRerun(c.var.services.db, viewerOf(c), c.req.param("rerun")!, { all, stale });
  return c.html(<RerunPage at={pageContext(c)} view={view} />);
}
