// Reviewing: a submission's code, tests and rubric side by side; plain forms, so that it works without scripts.
import type { Context, Hono } from "hono";
import { findAssignment } from "../../assignments/assignments.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { forgetComment, saveComment } from "../../review/comment-bank.ts";
import { reviewQueue, unclaimed } from "../../review/queue.ts";
import { adjust, commentLine, deleteComment, findReview, gradeItem } from "../../review/review.ts";
import { noteLook } from "../../submissions/submissions.ts";
import { isPdf } from "../components/pdf-view.tsx";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { type Conflict, loadReview, PDF_PAGES_LIMIT, readFile } from "./load.ts";
import { ReviewPage } from "./page.tsx";

export function addReview(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/review", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const ref = c.req.param("assignment");
    const queue = await reviewQueue(db, viewer, await findAssignment(db, viewer, ref));
    const first = (await unclaimed(db, viewer, queue)).find((one) => one.left > 0);
    if (first) return c.redirect(`/submissions/${first.id}/review`, 303);
    setFlash(c, "review.done", "info");
    return c.redirect(`/assignments/${ref}/submissions`, 303);
  });
  web.get("/submissions/:submission/review", async (c) => {
    const viewer = viewerOf(c);
    const path = c.req.query("path");
    const view = await loadReview(c.var.services, viewer, c.req.param("submission"), path);
    await noteLook(c.var.services.db, viewer, view.access, `review ${view.file?.path ?? ""}`);
    return c.html(<ReviewPage at={pageContext(c)} view={view} />);
  });
  web.post("/submissions/:submission/review/rubric", async (c) => {
    const { db, viewer, access, form } = await asked(c);
    const [item, points, comment] = [text(form.item), text(form.points), text(form.comment)];
    const version = Number.parseInt(text(form.version), 10) || 0;
    try {
      await gradeItem(db, viewer, access, { item, points, comment, version });
    } catch (error) {
      const theirs = conflictOf(error);
      if (!theirs) throw error;
      const path = text(form.path) || undefined;
      const view = await loadReview(c.var.services, viewer, access.submission.id, path);
      const conflict = { item, points, comment, theirs };
      return c.html(<ReviewPage at={pageContext(c)} view={{ ...view, conflict }} />, 409);
    }
    return back(c, form, `#item-${item}`);
  });
  web.post("/submissions/:submission/review/adjustments", async (c) => {
    const { db, viewer, access, form } = await asked(c);
    await adjust(db, viewer, access, {
      points: text(form.points),
      reason: text(form.reason),
      personId: text(form.person),
    });
    return back(c, form, "#adjust");
  });
  web.post("/submissions/:submission/review/comments", async (c) => {
    const { db, viewer, access, form } = await asked(c);
    const wish = { path: text(form.path), line: Number(form.line), text: text(form.text) };
    const file = await readFile(c.var.services, access, wish.path);
    await commentLine(db, viewer, access, wish, isPdf(wish.path) ? PDF_PAGES_LIMIT : file.lines.length);
    return back(c, form, "#comments");
  });
  web.post("/submissions/:submission/review/comments/:comment/delete", async (c) => {
    const { db, viewer, access, form } = await asked(c);
    await deleteComment(db, viewer, access, c.req.param("comment"));
    return back(c, form, "#comments");
  });
  web.post("/submissions/:submission/review/bank", async (c) => {
    const { db, viewer, access, form } = await asked(c);
    await saveComment(db, viewer, access, { text: text(form.text), shared: form.shared === "yes" });
    return back(c, form, "#bank");
  });
  web.post("/submissions/:submission/review/bank/:comment/forget", async (c) => {
    const { db, viewer, access, form } = await asked(c);
    await forgetComment(db, viewer, access, c.req.param("comment"));
    return back(c, form, "#bank");
  });
}

/** What somebody else saved meanwhile. */
function conflictOf(error: unknown): Conflict["theirs"] | null {
  if (!(error instanceof UserError) || error.code !== "grade_conflict") return null;
  const { by, points, comment, version } = error.params;
  return { by: String(by), points: Number(points), comment: String(comment), version: Number(version) };
}

const text = (field: unknown) => (typeof field === "string" ? field : "");

async function asked(c: Context<AppEnv>) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const access = await findReview(db, viewer, c.req.param("submission")!);
  return { db, viewer, access, form: await c.req.parseBody() };
}

function back(c: Context<AppEnv>, form: Record<string, unknown>, place: string) {
  setFlash(c, "review.graded");
  const path = text(form.path);
  const query = path === "" ? "" : `?path=${encodeURIComponent(path)}`;
  return c.redirect(`/submissions/${c.req.param("submission")}/review${query}${place}`, 303);
}
