// What each member of a group says their part was, where an assignment asks for it.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findAssignment } from "../assignments/assignments.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import {
  ownStatements,
  type Statement,
  stateContribution,
  statementsOfWork,
} from "../submissions/contributions.ts";
import { findSubmission } from "../submissions/submissions.ts";
import { body, id, iso, moment, refusals, security, text } from "./answers.ts";
import { assignmentParam } from "./assignments.ts";
import { submissionParam } from "./submissions.ts";

const tags = ["contributions"];
const said = { text: z.string().nullable(), share: z.int().nullable(), statedAt: moment.nullable() };
const statement = z
  .object({ person: z.object({ id, name: z.string() }), ...said })
  .openapi("ContributionStatement");

const own = createRoute({
  method: "get",
  path: "/assignments/{assignment}/contribution",
  tags,
  security,
  summary: "What I said my part was; my group's where the assignment lets us see it",
  request: { params: assignmentParam },
  responses: {
    200: text(
      z.object({
        state: z.enum(["none", "open", "over"]),
        own: z.object(said).nullable(),
        others: z.array(statement),
      }),
      "`none`: this assignment asks for none.",
    ),
    ...refusals(401, 403, 404),
  },
});
const state = createRoute({
  method: "put",
  path: "/assignments/{assignment}/contribution",
  tags,
  security,
  summary: "Say what my part was, as long as work is taken (students)",
  request: {
    params: assignmentParam,
    ...body(
      z.object({
        text: z.string().max(10_000),
        share: z
          .int()
          .min(0)
          .max(100)
          .nullable()
          .default(null)
          .openapi({ description: "Percent of the whole." }),
      }),
    ),
  },
  responses: { 204: { description: "Kept." }, ...refusals(401, 403, 404, 409, 422) },
});
const ofWork = createRoute({
  method: "get",
  path: "/submissions/{submission}/contributions",
  tags,
  security,
  summary: "What the members of a group said their parts were (staff)",
  request: { params: submissionParam },
  responses: {
    200: text(
      z.object({ items: z.array(statement).nullable() }),
      "Null: none are asked for, one person's work, or graded without names now.",
    ),
    ...refusals(401, 403, 404),
  },
});

export function addContributions(api: OpenAPIHono<AppEnv>): void {
  api.openapi(own, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const { state, own, others } = await ownStatements(db, viewer, access);
    const mine = own && { text: own.text, share: own.share, statedAt: own.statedAt.toISOString() };
    return c.json({ state, own: mine, others: others.map(answerOf) }, 200);
  });
  api.openapi(state, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    await stateContribution(db, viewer, access, c.req.valid("json"));
    return c.body(null, 204);
  });
  api.openapi(ofWork, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findSubmission(db, viewer, c.req.valid("param").submission);
    const items = await statementsOfWork(db, viewer, access);
    return c.json({ items: items?.map(answerOf) ?? null }, 200);
  });
}

const answerOf = ({ personId, name, text, share, statedAt }: Statement) => ({
  ...{ person: { id: personId, name }, text, share, statedAt: iso(statedAt) },
});
