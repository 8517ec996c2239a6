// Reviewing by people: rubric grades, adjustments with a reason, comments on lines.
import { buffer } from "node:stream/consumers";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { COMMENT_LIMIT_CHARACTERS } from "../review/errors.ts";
import { adjust, commentLine, deleteComment, findReview, gradeItem, viewReview } from "../review/review.ts";
import { openFile } from "../submissions/files.ts";
import { findSubmission } from "../submissions/submissions.ts";
import { body, hundredths, id, refusals, security, text } from "./answers.ts";

const tags = ["review"];
const params = z.object({ submission: id });
const words = z.string().max(COMMENT_LIMIT_CHARACTERS);
const review = z
  .object({
    grades: z.array(
      z.object({
        item: z.string(),
        points: hundredths,
        comment: z.string(),
        version: z.int().openapi({ description: "To be sent back by whoever replaces it." }),
      }),
    ),
    adjustments: z.array(z.object({ points: hundredths, reason: z.string() })),
    comments: z.array(z.object({ id, path: z.string(), line: z.int(), text: z.string() })),
  })
  .openapi("Review");

const see = createRoute({
  method: "get",
  path: "/submissions/{submission}/review",
  tags,
  security,
  summary: "What people gave and wrote; a student's own once results are published",
  request: { params },
  responses: { 200: text(review.nullable(), "Null while it is not to be seen."), ...refusals(401, 403, 404) },
});
const grade = createRoute({
  method: "put",
  path: "/submissions/{submission}/rubric/{item}",
  tags,
  security,
  summary: "Give a rubric item its points (staff)",
  request: {
    params: params.extend({ item: z.string().min(1).max(100) }),
    ...body(
      z.object({
        points: hundredths,
        comment: words.default(""),
        version: z.int().min(0).optional().openapi({
          description: "Of the grade that it replaces, 0 for none. Absent: it replaces nobody else's.",
        }),
      }),
    ),
  },
  responses: { 204: { description: "Given." }, ...refusals(401, 403, 404, 409, 422) },
});
const change = createRoute({
  method: "post",
  path: "/submissions/{submission}/adjustments",
  tags,
  security,
  summary: "Give or take points for a reason (staff); with a person: one member's of a group",
  request: {
    params,
    ...body(z.object({ points: hundredths, reason: words.min(1), personId: id.nullable().default(null) })),
  },
  responses: { 204: { description: "Adjusted." }, ...refusals(401, 403, 404, 422) },
});
const comment = createRoute({
  method: "post",
  path: "/submissions/{submission}/comments",
  tags,
  security,
  summary: "Write about a line of a file (staff)",
  request: { params, ...body(z.object({ path: z.string().min(1), line: z.int().min(1), text: words })) },
  responses: { 204: { description: "Written." }, ...refusals(401, 403, 404, 409, 422) },
});
const uncomment = createRoute({
  method: "delete",
  path: "/submissions/{submission}/comments/{comment}",
  tags,
  security,
  summary: "Delete a comment of mine",
  request: { params: params.extend({ comment: id }) },
  responses: { 204: { description: "Gone." }, ...refusals(401, 403, 404) },
});

export function addReview(api: OpenAPIHono<AppEnv>): void {
  api.openapi(see, async (c) => {
    const { db } = c.var.services;
    const access = await findSubmission(db, viewerOf(c), c.req.valid("param").submission);
    const found = await viewReview(db, access);
    if (!found) return c.json(null, 200);
    const answer = {
      grades: found.grades.map(({ item, points, comment, version }) => ({ item, points, comment, version })),
      adjustments: found.adjustments.map(({ points, reason }) => ({ points, reason })),
      comments: found.comments.map(({ id, path, line, text }) => ({ id, path, line, text })),
    };
    return c.json(answer, 200);
  });
  api.openapi(grade, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { submission, item } = c.req.valid("param");
    const { points, comment, version } = c.req.valid("json");
    const access = await findReview(db, viewer, submission);
    await gradeItem(db, viewer, access, { item, points: String(points / 100), comment, version });
    return c.body(null, 204);
  });
  api.openapi(change, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { points, ...wish } = c.req.valid("json");
    const access = await findReview(db, viewer, c.req.valid("param").submission);
    await adjust(db, viewer, access, { ...wish, points: String(points / 100) });
    return c.body(null, 204);
  });
  api.openapi(comment, async (c) => {
    const { db, blobs } = c.var.services;
    const viewer = viewerOf(c);
    const wish = c.req.valid("json");
    const access = await findReview(db, viewer, c.req.valid("param").submission);
    const { bytes } = await openFile(db, blobs, access, wish.path);
    const lines = (await buffer(bytes)).toString("latin1").split("\n").length;
    await commentLine(db, viewer, access, wish, lines);
    return c.body(null, 204);
  });
  api.openapi(uncomment, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { submission, comment } = c.req.valid("param");
    await deleteComment(db, viewer, await findReview(db, viewer, submission), comment);
    return c.body(null, 204);
  });
}
