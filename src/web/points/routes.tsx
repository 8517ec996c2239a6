// What tests are worth: a form, a preview of who changes how, then the change, and undoing it.
import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { findAssignment } from "../../assignments/assignments.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { scoreRules } from "../../scoring/rules.ts";
import { fail } from "../../submissions/errors.ts";
import { applyRuleSet, undoRuleSet } from "../../submissions/rescore.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { readPointsForm } from "./form.ts";
import { loadPoints } from "./load.ts";
import { PointsPage } from "./page.tsx";

type Wanted = Parameters<typeof loadPoints>[4];

export function addPoints(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/points", (c) => show(c, null, null));
  web.post("/assignments/:assignment/points/preview", async (c) => {
    const form = await c.req.parseBody();
    try {
      const { rows } = await load(c, null);
      const read = readPointsForm(form, rows);
      if ("problem" in read) throw fail("bad_rules", { problem: read.problem });
      return await show(c, { rules: read.rules, reason: String(form.reason ?? "") }, null);
    } catch (error) {
      return shownError(c, error);
    }
  });
  web.post("/assignments/:assignment/points", async (c) => {
    const form = await c.req.parseBody();
    const { db } = c.var.services;
    try {
      const access = await findAssignment(db, viewerOf(c), c.req.param("assignment"));
      const rules = scoreRules.parse(JSON.parse(String(form.rules ?? "{}")));
      const wish = { rules, reason: String(form.reason ?? ""), basis: String(form.basis ?? "") };
      await applyRuleSet(db, viewerOf(c), access, wish);
    } catch (error) {
      return shownError(c, error);
    }
    setFlash(c, "worth.applied");
    return c.redirect(`/assignments/${c.req.param("assignment")}/points`, 303);
  });
  web.post("/assignments/:assignment/points/undo", async (c) => {
    const { db } = c.var.services;
    try {
      await undoRuleSet(db, viewerOf(c), await findAssignment(db, viewerOf(c), c.req.param("assignment")));
    } catch (error) {
      return shownError(c, error);
    }
    setFlash(c, "worth.undone");
    return c.redirect(`/assignments/${c.req.param("assignment")}/points`, 303);
  });
}

function shownError(c: Context<AppEnv>, error: unknown) {
  if (error instanceof UserError && [409, 422].includes(error.status)) return show(c, null, error);
  throw error;
}

const load = (c: Context<AppEnv>, wanted: Wanted) =>
  loadPoints(c.var.services, viewerOf(c), c.req.param("assignment")!, c.var.lang, wanted);

async function show(c: Context<AppEnv>, wanted: Wanted, error: UserError | null) {
  const page = <PointsPage at={pageContext(c)} view={await load(c, wanted)} error={error} />;
  return c.html(page, (error?.status ?? 200) as ContentfulStatusCode);
}
