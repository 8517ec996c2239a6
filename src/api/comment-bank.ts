// The comment bank of a course's staff.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findCourse } from "../courses/courses.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { forgetComment, listBank, saveComment } from "../review/comment-bank.ts";
import { COMMENT_LIMIT_CHARACTERS } from "../review/errors.ts";
import type { SavedComment } from "../review/tables.ts";
import { body, id, refusals, security, text } from "./answers.ts";
import { courseParam } from "./courses.ts";

const tags = ["review"];
const saved = z.object({ id, text: z.string(), shared: z.boolean() }).openapi("SavedComment");
const path = "/courses/{course}/comment-bank";

const list = createRoute({
  method: "get",
  path,
  tags,
  security,
  summary: "Comments to use again: mine and the course's (staff)",
  request: { params: courseParam },
  responses: { 200: text(z.object({ items: z.array(saved) }), "Newest first."), ...refusals(401, 403, 404) },
});
const save = createRoute({
  method: "post",
  path,
  tags,
  security,
  summary: "Keep a comment, for me or for the course's staff",
  request: {
    params: courseParam,
    ...body(
      z.object({ text: z.string().min(1).max(COMMENT_LIMIT_CHARACTERS), shared: z.boolean().default(false) }),
    ),
  },
  responses: { 201: text(saved, "Kept."), ...refusals(401, 403, 404, 409, 422) },
});
const forget = createRoute({
  method: "delete",
  path: "/courses/{course}/comment-bank/{comment}",
  tags,
  security,
  summary: "Forget one of mine",
  request: { params: courseParam.extend({ comment: id }) },
  responses: { 204: { description: "Gone." }, ...refusals(401, 403, 404) },
});

export function addCommentBank(api: OpenAPIHono<AppEnv>): void {
  api.openapi(list, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.valid("param").course);
    return c.json({ items: (await listBank(db, viewer, access)).map(savedAnswer) }, 200);
  });
  api.openapi(save, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.valid("param").course);
    return c.json(savedAnswer(await saveComment(db, viewer, access, c.req.valid("json"))), 201);
  });
  api.openapi(forget, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { course, comment } = c.req.valid("param");
    await forgetComment(db, viewer, await findCourse(db, viewer, course), comment);
    return c.body(null, 204);
  });
}

const savedAnswer = ({ id, text, shared }: SavedComment) => ({ id, text, shared });
