// Regrade requests: a student's on one test or rubric item, the queue of a course, the answer.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findCourse } from "../courses/courses.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { REGRADE_REASON_LIMIT_CHARACTERS } from "../review/errors.ts";
import { regradeOutcomes, regradeStates } from "../review/regrade.ts";
import {
  answerRegrade,
  askRegrade,
  findRegrade,
  listRegrades,
  openRegrades,
  REGRADES_PAGE,
  withdrawRegrade,
} from "../review/regrades.ts";
import { type RegradeRequest, regradeKinds } from "../review/tables.ts";
import { findSubmission } from "../submissions/submissions.ts";
import { body, hundredths, id, iso, moment, page, pageOf, refusals, security, text } from "./answers.ts";
import { courseParam } from "./courses.ts";

const tags = ["regrade requests"];
const request = z
  .object({
    id,
    submissionId: id,
    kind: z.enum(regradeKinds),
    target: z.string().openapi({ description: "A test's name or a rubric item's id." }),
    round: z.int().openapi({ description: "1, or 2 for the appeal against the first answer." }),
    reason: z.string(),
    askedAt: moment,
    state: z.enum(regradeStates),
    answer: z.string(),
    points: hundredths,
    answeredAt: moment.nullable(),
  })
  .openapi("RegradeRequest");
const submissionParam = z.object({ submission: id });
const requestParam = z.object({ request: id });

const list = createRoute({
  method: "get",
  path: "/submissions/{submission}/regrade-requests",
  tags,
  security,
  summary: "A submission's regrade requests",
  request: { params: submissionParam },
  responses: {
    200: text(z.object({ items: z.array(request) }), "Oldest first."),
    ...refusals(401, 403, 404),
  },
});
const ask = createRoute({
  method: "post",
  path: "/submissions/{submission}/regrade-requests",
  tags,
  security,
  summary: "Ask that a person looks again at one test or rubric item of mine",
  request: {
    params: submissionParam,
    ...body(
      z.object({
        kind: z.enum(regradeKinds),
        target: z.string().min(1).max(200),
        reason: z.string().max(2 * REGRADE_REASON_LIMIT_CHARACTERS),
      }),
    ),
  },
  responses: { 201: text(request, "It waits for a person."), ...refusals(401, 403, 404, 409, 422) },
});
const queue = createRoute({
  method: "get",
  path: "/courses/{course}/regrade-requests",
  tags,
  security,
  summary: "A course's open regrade requests (staff)",
  request: { params: courseParam, query: z.object({ after: id.optional() }) },
  responses: { 200: text(pageOf(request), "Oldest first."), ...refusals(401, 403, 404) },
});
const answer = createRoute({
  method: "post",
  path: "/regrade-requests/{request}/answer",
  tags,
  security,
  summary: "Answer one (staff, another person than the one who graded)",
  request: {
    params: requestParam,
    ...body(
      z.object({
        outcome: z.enum(regradeOutcomes),
        points: hundredths.default(0),
        words: z.string().min(1).max(10_000),
      }),
    ),
  },
  responses: { 200: text(request, "As it is now."), ...refusals(401, 403, 404, 409, 422) },
});
const withdraw = createRoute({
  method: "post",
  path: "/regrade-requests/{request}/withdraw",
  tags,
  security,
  summary: "Take my request back while nobody has answered",
  request: { params: requestParam },
  responses: { 204: { description: "Taken back." }, ...refusals(401, 403, 404, 409) },
});

export function addRegrades(api: OpenAPIHono<AppEnv>): void {
  api.openapi(list, async (c) => {
    const { db } = c.var.services;
    const access = await findSubmission(db, viewerOf(c), c.req.valid("param").submission);
    return c.json({ items: (await listRegrades(db, access)).map(requestAnswer) }, 200);
  });
  api.openapi(ask, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findSubmission(db, viewer, c.req.valid("param").submission);
    return c.json(requestAnswer(await askRegrade(db, viewer, access, c.req.valid("json"))), 201);
  });
  api.openapi(queue, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.valid("param").course);
    const rows = await openRegrades(db, viewer, access, c.req.valid("query").after);
    return c.json(
      page(
        rows,
        REGRADES_PAGE,
        (row) => row.request.id,
        (row) => requestAnswer(row.request),
      ),
      200,
    );
  });
  api.openapi(answer, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findRegrade(db, viewer, c.req.valid("param").request);
    const { points, ...wish } = c.req.valid("json");
    await answerRegrade(db, viewer, access, { ...wish, points: String(points / 100) });
    return c.json(requestAnswer((await findRegrade(db, viewer, access.request.id)).request), 200);
  });
  api.openapi(withdraw, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    await withdrawRegrade(db, viewer, await findRegrade(db, viewer, c.req.valid("param").request));
    return c.body(null, 204);
  });
}

function requestAnswer(row: RegradeRequest): z.infer<typeof request> {
  const { id, submissionId, kind, target, round, reason, state, answer, points } = row;
  const moments = { askedAt: row.askedAt.toISOString(), answeredAt: iso(row.answeredAt) };
  return { id, submissionId, kind, target, round, reason, state, answer, points, ...moments };
}
