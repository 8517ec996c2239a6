// Other points for results that are stored: looked at, applied, undone.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findAssignment } from "../assignments/assignments.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { scoreRules } from "../scoring/rules.ts";
import { applyRuleSet, listRuleSets, previewRules, undoRuleSet } from "../submissions/rescore.ts";
import { body, hundredths, id, iso, moment, refusals, security, text } from "./answers.ts";
import { assignmentParam } from "./assignments.ts";

const tags = ["points"];
/** Whole, as it stands in scoring/rules.ts; made anew, since only schemas that are made here know `openapi`. */
const rules = z.object(scoreRules.shape).strict().openapi("ScoreRules");
const sum = z.object({ score: hundredths, max: hundredths });
const set = z
  .object({
    number: z.int(),
    rules,
    reason: z.string(),
    by: z.string(),
    madeAt: moment,
    undoneAt: moment.nullable(),
  })
  .openapi("ScoreRuleSet");

const list = createRoute({
  method: "get",
  path: "/assignments/{assignment}/score-rules",
  tags,
  security,
  summary: "Changes of what tests are worth (staff)",
  request: { params: assignmentParam },
  responses: {
    200: text(z.object({ items: z.array(set) }), "Newest first; the newest that was not undone is in force."),
    ...refusals(401, 403, 404),
  },
});
const preview = createRoute({
  method: "post",
  path: "/assignments/{assignment}/score-rules/preview",
  tags,
  security,
  summary: "Who would change how (instructors)",
  request: { params: assignmentParam, ...body(rules) },
  responses: {
    200: text(
      z.object({
        looked: z.int(),
        up: z.int(),
        down: z.int(),
        basis: z.string(),
        lines: z.array(
          z.object({
            submissionId: id,
            number: z.int(),
            name: z.string(),
            email: z.string(),
            before: sum,
            after: sum,
          }),
        ),
      }),
      "Nothing has changed; send `basis` to be sure that nothing has moved when it is applied.",
    ),
    ...refusals(401, 403, 404, 422),
  },
});
const apply = createRoute({
  method: "post",
  path: "/assignments/{assignment}/score-rules",
  tags,
  security,
  summary: "Change what tests are worth, over results that are there (instructors)",
  request: {
    params: assignmentParam,
    ...body(
      z.object({
        rules,
        reason: z.string().trim().min(1).max(500),
        basis: z.string().nullable().default(null),
      }),
    ),
  },
  responses: {
    201: text(z.object({ number: z.int(), changed: z.int() }), "Applied; no submission ran again."),
    ...refusals(401, 403, 404, 409, 422),
  },
});
const undo = createRoute({
  method: "delete",
  path: "/assignments/{assignment}/score-rules",
  tags,
  security,
  summary: "Undo the newest change (instructors)",
  request: { params: assignmentParam },
  responses: { 200: text(z.object({ changed: z.int() }), "Undone."), ...refusals(401, 403, 404, 409) },
});

export function addScoreRules(api: OpenAPIHono<AppEnv>): void {
  api.openapi(list, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const items = (await listRuleSets(db, viewer, access)).map((one) => {
      const { number, rules, reason, by } = one;
      return { number, rules, reason, by, madeAt: one.madeAt.toISOString(), undoneAt: iso(one.undoneAt) };
    });
    return c.json({ items }, 200);
  });
  api.openapi(preview, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    return c.json(await previewRules(db, viewer, access, c.req.valid("json")), 200);
  });
  api.openapi(apply, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const { set, changed } = await applyRuleSet(db, viewer, access, c.req.valid("json"));
    return c.json({ number: set.number, changed }, 201);
  });
  api.openapi(undo, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    return c.json({ changed: await undoRuleSet(db, viewer, access) }, 200);
  });
}
