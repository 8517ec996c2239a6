// What of a course waits for a person, claims on it, and flags that somebody looked at. For staff.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findCourse } from "../courses/courses.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { claim, unclaim } from "../review/claims.ts";
import {
  flaggedSubmissions,
  leftToGrade,
  settleFlags,
  stuckSubmissions,
  type Waiting,
} from "../review/needs-person.ts";
import { openRegrades } from "../review/regrades.ts";
import { findSubmission } from "../submissions/submissions.ts";
import { body, id, moment, refusals, security, text, words } from "./answers.ts";
import { courseParam } from "./courses.ts";

const tags = ["review"];
const waiting = z.object({ submissionId: id, number: z.int(), by: z.string(), receivedAt: moment });
const queueAnswer = z
  .object({
    ungraded: z.array(z.object({ assignmentId: id, all: z.int(), left: z.int() })),
    regradeRequests: z.array(id),
    flagged: z.array(waiting.extend({ flags: z.array(words) })),
    needsAttention: z.array(waiting.extend({ fault: z.string().nullable() })),
  })
  .openapi("StaffQueue");
const submissionParam = z.object({ submission: id });

const queue = createRoute({
  method: "get",
  path: "/courses/{course}/queue",
  tags,
  security,
  summary: "What waits for a person (staff)",
  request: { params: courseParam },
  responses: { 200: text(queueAnswer, "The oldest of each kind."), ...refusals(401, 403, 404) },
});
const take = createRoute({
  method: "put",
  path: "/submissions/{submission}/claim",
  tags,
  security,
  summary: "Say that I am at a submission (staff)",
  request: { params: submissionParam },
  responses: { 204: { description: "Others are not offered it for two hours." }, ...refusals(401, 403, 404) },
});
const release = createRoute({
  method: "delete",
  path: "/submissions/{submission}/claim",
  tags,
  security,
  summary: "Give my claim back (staff)",
  request: { params: submissionParam },
  responses: { 204: { description: "Given back." }, ...refusals(401, 403, 404) },
});
const settle = createRoute({
  method: "post",
  path: "/submissions/{submission}/flags",
  tags,
  security,
  summary: "Say what a flagged submission's flags came to (staff)",
  request: { params: submissionParam, ...body(z.object({ note: z.string().trim().min(1).max(5000) })) },
  responses: { 204: { description: "Noted." }, ...refusals(401, 403, 404, 422) },
});

export function addQueue(api: OpenAPIHono<AppEnv>): void {
  api.openapi(queue, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.valid("param").course);
    const regrades = await openRegrades(db, viewer, access);
    const flagged = await flaggedSubmissions(db, viewer, access);
    const stuck = await stuckSubmissions(db, viewer, access);
    const left = await leftToGrade(db, viewer, access);
    const answer = {
      ungraded: left.map(({ assignment, all, left }) => ({ assignmentId: assignment.id, all, left })),
      regradeRequests: regrades.map(({ request }) => request.id),
      flagged: flagged.map((row) => ({ ...waitingAnswer(row), flags: row.flags })),
      needsAttention: stuck.map((row) => ({ ...waitingAnswer(row), fault: row.fault })),
    };
    return c.json(answer, 200);
  });
  api.openapi(take, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    await claim(db, viewer, await findSubmission(db, viewer, c.req.valid("param").submission));
    return c.body(null, 204);
  });
  api.openapi(release, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    await unclaim(db, viewer, await findSubmission(db, viewer, c.req.valid("param").submission));
    return c.body(null, 204);
  });
  api.openapi(settle, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findSubmission(db, viewer, c.req.valid("param").submission);
    await settleFlags(db, viewer, access, c.req.valid("json").note);
    return c.body(null, 204);
  });
}

const waitingAnswer = ({ submissionId, number, by, at }: Waiting) => {
  return { submissionId, number, by, receivedAt: at.toISOString() };
};
