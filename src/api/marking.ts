// The staff's marking: work dealt out, the second marker, and what rubric items are worth.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findAssignment } from "../assignments/assignments.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { findReview } from "../review/review.ts";
import { markSecond, secondMarking } from "../review/second-marks.ts";
import { shareRules } from "../review/shares.ts";
import { shareOut, sharesProgress } from "../review/sharing.ts";
import { changeWorth, previewWorth, undoWorth } from "../submissions/rubric-worth.ts";
import { body, hundredths, id, refusals, security, text } from "./answers.ts";

const tags = ["review"];
const params = z.object({ assignment: z.string() });
const item = z.string().min(1).max(100);
const counts = { all: z.int(), left: z.int().openapi({ description: "Not wholly graded." }) };

const see = createRoute({
  method: "get",
  path: "/assignments/{assignment}/marking",
  tags,
  security,
  summary: "Who grades what, how far they are, and how the second marker agrees (staff)",
  request: { params },
  responses: {
    200: text(
      z.object({
        progress: z.array(z.object({ graderId: id, ...counts })),
        unshared: z.object(counts),
        secondMarkPercent: z.int(),
        sample: z.array(
          z.object({ submissionId: id, state: z.enum(["first_missing", "open", "marked", "own"]) }),
        ),
        agreement: z.array(
          z.object({
            item: z.string(),
            pairs: z.int(),
            kappa: z.number().nullable().openapi({ description: "Cohen's, with quadratic weights." }),
            lean: hundredths.nullable().openapi({ description: "Second minus first, on average." }),
          }),
        ),
      }),
      "As it is now.",
    ),
    ...refusals(401, 403, 404),
  },
});

const share = createRoute({
  method: "post",
  path: "/assignments/{assignment}/shares",
  tags,
  security,
  summary: "Deal the work out among graders; what one of them has stays theirs (instructors)",
  request: {
    params,
    ...body(z.object({ rule: z.enum(shareRules), graders: z.array(id).max(500) })),
  },
  responses: {
    200: text(z.object({ dealt: z.int(), without: z.int() }), "Dealt."),
    ...refusals(401, 403, 404, 422),
  },
});

const second = createRoute({
  method: "put",
  path: "/submissions/{submission}/second-mark",
  tags,
  security,
  summary: "Mark every item as the second person; it counts nowhere (staff)",
  request: {
    params: z.object({ submission: id }),
    ...body(z.object({ points: z.record(item, hundredths) })),
  },
  responses: { 204: { description: "Kept." }, ...refusals(401, 403, 404, 422) },
});

const worth = z.object({ item, points: hundredths });
const look = createRoute({
  method: "post",
  path: "/assignments/{assignment}/rubric-worths/preview",
  tags,
  security,
  summary: "Whose points another worth of a rubric item would change (instructors)",
  request: { params, ...body(worth) },
  responses: {
    200: text(
      z.object({
        looked: z.int(),
        basis: z.string(),
        lines: z.array(z.object({ submissionId: id, before: hundredths, after: hundredths })),
      }),
      "Nothing has changed.",
    ),
    ...refusals(401, 403, 404, 422),
  },
});
const change = createRoute({
  method: "post",
  path: "/assignments/{assignment}/rubric-worths",
  tags,
  security,
  summary: "Give a rubric item another worth, for all who have it (instructors)",
  request: {
    params,
    ...body(worth.extend({ reason: z.string(), basis: z.string().nullable().default(null) })),
  },
  responses: {
    201: text(z.object({ changed: z.int() }), "In force."),
    ...refusals(401, 403, 404, 409, 422),
  },
});
const undo = createRoute({
  method: "delete",
  path: "/assignments/{assignment}/rubric-worths",
  tags,
  security,
  summary: "Undo the newest change of a rubric item's worth (instructors)",
  request: { params },
  responses: { 204: { description: "Undone." }, ...refusals(401, 403, 404, 409) },
});

export function addMarking(api: OpenAPIHono<AppEnv>): void {
  api.openapi(see, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const { progress, unshared } = await sharesProgress(db, viewer, access);
    const { percent, sample, agreement } = await secondMarking(db, viewer, access);
    const rows = progress.map(({ grader, all, left }) => ({ graderId: grader.id, all, left }));
    return c.json({ progress: rows, unshared, secondMarkPercent: percent, sample, agreement }, 200);
  });
  api.openapi(share, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    return c.json(await shareOut(db, viewer, access, c.req.valid("json")), 200);
  });
  api.openapi(second, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findReview(db, viewer, c.req.valid("param").submission);
    const given = Object.entries(c.req.valid("json").points);
    await markSecond(db, viewer, access, new Map(given.map(([one, points]) => [one, String(points / 100)])));
    return c.body(null, 204);
  });
  api.openapi(look, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const { looked, basis, lines } = await previewWorth(db, viewer, access, c.req.valid("json"));
    const shown = lines.map(({ submissionId, before, after }) => ({ submissionId, before, after }));
    return c.json({ looked, basis, lines: shown }, 200);
  });
  api.openapi(change, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    return c.json(await changeWorth(db, viewer, access, c.req.valid("json")), 201);
  });
  api.openapi(undo, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    await undoWorth(db, viewer, access);
    return c.body(null, 204);
  });
}
