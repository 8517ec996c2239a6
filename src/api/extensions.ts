// Extensions: asked for, answered, granted to one or to many.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { findAssignment } from "../assignments/assignments.ts";
import { fail } from "../assignments/errors.ts";
import {
  answerRequest,
  askExtension,
  findRequest,
  grantExtension,
  grantMany,
  listExtensions,
  listRequests,
  type RequestLine,
  withdrawRequest,
} from "../assignments/extensions.ts";
import { readExtensions } from "../assignments/extensions-csv.ts";
import { requestStates } from "../assignments/tables.ts";
import { permitSight } from "../courses/access.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { databaseNow } from "../platform/time.ts";
import { settleExtension } from "../submissions/settle-extension.ts";
import { wouldWait } from "../submissions/waiting.ts";
import { body, id, iso, moment, refusals, security, text } from "./answers.ts";
import { assignmentParam } from "./assignments.ts";

const tags = ["extensions"];
const reason = z.string().trim().min(1).max(500);
const request = z
  .object({
    id,
    assignmentId: id,
    person: z.object({ id, name: z.string(), email: z.string() }),
    wantedAt: moment,
    reason: z.string(),
    state: z.enum(requestStates),
    grantedUntil: moment.nullable(),
    answer: z.string(),
    askedAt: moment,
  })
  .openapi("ExtensionRequest");

const ask = createRoute({
  method: "post",
  path: "/assignments/{assignment}/extension-requests",
  tags,
  security,
  summary: "Ask for another due date",
  request: { params: assignmentParam, ...body(z.object({ wantedAt: moment, reason: reason.max(2000) })) },
  responses: { 201: text(z.object({ id }), "Asked."), ...refusals(401, 403, 404, 409, 422) },
});
const list = createRoute({
  method: "get",
  path: "/assignments/{assignment}/extension-requests",
  tags,
  security,
  summary: "My requests; for staff everybody's",
  request: { params: assignmentParam },
  responses: {
    200: text(z.object({ items: z.array(request) }), "Unanswered ones first."),
    ...refusals(401, 403, 404),
  },
});
const requestParam = z.object({ request: id });
const answer = createRoute({
  method: "post",
  path: "/extension-requests/{request}/answer",
  tags,
  security,
  summary: "Grant or refuse a request (staff)",
  request: {
    params: requestParam,
    ...body(z.object({ until: moment.nullable(), answer: z.string().max(2000).default("") })),
  },
  responses: { 204: { description: "Answered." }, ...refusals(401, 403, 404, 409, 422) },
});
const withdraw = createRoute({
  method: "delete",
  path: "/extension-requests/{request}",
  tags,
  security,
  summary: "Withdraw my own request",
  request: { params: requestParam },
  responses: { 204: { description: "Withdrawn." }, ...refusals(401, 404, 409) },
});
const holders = createRoute({
  method: "get",
  path: "/assignments/{assignment}/extensions",
  tags,
  security,
  summary: "Who has an extension (staff)",
  request: { params: assignmentParam },
  responses: {
    200: text(
      z.object({
        items: z.array(
          z.object({ personId: id, name: z.string(), email: z.string(), dueAt: moment, reason: z.string() }),
        ),
      }),
      "Latest first.",
    ),
    ...refusals(401, 403, 404),
  },
});
const wait = createRoute({
  method: "get",
  path: "/assignments/{assignment}/extensions/wait",
  tags,
  security,
  summary: "Whom another due date for somebody would keep from results (staff)",
  description: "Results of tests marked `after_due_date` open for all when the last extension has ended.",
  request: { params: assignmentParam, query: z.object({ until: moment, person: id.optional() }) },
  responses: {
    200: text(
      z.object({
        waiting: z
          .object({
            people: z.int().openapi({ description: "Who have handed in, but for `person`." }),
            tests: z.int(),
            from: moment.openapi({ description: "When they open without it." }),
            until: moment,
            closes: z.boolean().openapi({ description: "They are open now and would close again." }),
          })
          .nullable(),
      }),
      "Null: nobody would wait longer.",
    ),
    ...refusals(401, 403, 404),
  },
});
const one = createRoute({
  method: "put",
  path: "/assignments/{assignment}/extensions/{person}",
  tags,
  security,
  summary: "Give one person a later due date (instructors)",
  description: "An extension never shortens: an earlier date than they have is refused.",
  request: {
    params: assignmentParam.extend({ person: id }),
    ...body(z.object({ dueAt: moment, reason })),
  },
  responses: { 200: text(z.object({ dueAt: moment }), "Granted."), ...refusals(401, 403, 404, 409, 422) },
});
const many = createRoute({
  method: "post",
  path: "/assignments/{assignment}/extensions",
  tags,
  security,
  summary: "Give many a later due date (instructors)",
  description:
    "As JSON, or as CSV (`text/csv`, with `?reason=`) with the columns email and due; dates without an offset are in " +
    "the course's time zone. Whoever has as late a date already keeps it.",
  request: { params: assignmentParam, query: z.object({ reason: reason.optional() }) },
  responses: {
    200: text(z.object({ granted: z.int(), kept: z.array(z.string()) }), "Granted."),
    ...refusals(401, 403, 404, 409, 422),
  },
});
const manyBody = z.object({
  reason,
  people: z
    .array(z.object({ email: z.email().max(320), dueAt: moment }))
    .min(1)
    .max(2000),
});

export function addExtensions(api: OpenAPIHono<AppEnv>): void {
  api.openapi(ask, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const { wantedAt, reason } = c.req.valid("json");
    const asked = await askExtension(db, viewer, access, { wantedAt: new Date(wantedAt), reason });
    return c.json({ id: asked.id }, 201);
  });
  api.openapi(list, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    return c.json({ items: (await listRequests(db, viewer, access)).map(requestAnswer) }, 200);
  });
  api.openapi(answer, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findRequest(db, viewer, c.req.valid("param").request);
    const { until, answer } = c.req.valid("json");
    const given = { until: until === null ? null : new Date(until), words: answer };
    await answerRequest(db, viewer, access, given, settleExtension(viewer));
    return c.body(null, 204);
  });
  api.openapi(withdraw, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    await withdrawRequest(db, viewer, await findRequest(db, viewer, c.req.valid("param").request));
    return c.body(null, 204);
  });
  api.openapi(holders, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const items = (await listExtensions(db, viewer, access)).map(
      ({ personId, name, email, dueAt, reason }) => {
        return { personId, name, email, dueAt: dueAt.toISOString(), reason };
      },
    );
    return c.json({ items }, 200);
  });
  api.openapi(wait, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    permitSight(viewer, access, "submission.view_any");
    const { until, person } = c.req.valid("query");
    const wish = { people: person === undefined ? [] : [person], until: new Date(until) };
    const found = await wouldWait(db, access, wish, await databaseNow(db));
    if (!found) return c.json({ waiting: null }, 200);
    const moments = { from: found.from.toISOString(), until: found.until.toISOString() };
    return c.json({ waiting: { ...found, ...moments } }, 200);
  });
  api.openapi(one, async (c) => {
    const { assignment, person } = c.req.valid("param");
    const { dueAt, reason } = c.req.valid("json");
    const viewer = viewerOf(c);
    const wish = { personId: person, dueAt: new Date(dueAt), reason };
    const { db } = c.var.services;
    const granted = await grantExtension(db, viewer, assignment, wish, settleExtension(viewer));
    return c.json({ dueAt: granted.dueAt.toISOString() }, 200);
  });
  api.openapi(many, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const { lines, reason } = await linesOf(c, access.course.timeZone, c.req.valid("query").reason);
    return c.json(await grantMany(db, viewer, access, lines, reason, settleExtension(viewer)), 200);
  });
}

async function linesOf(c: Context<AppEnv>, timeZone: string, given: string | undefined) {
  if (c.req.header("content-type")?.startsWith("text/csv")) {
    const reading = readExtensions(await c.req.text(), timeZone);
    if ("problems" in reading) throw fail("bad_extensions", { problems: reading.problems.join("; ") });
    if (!given) throw fail("bad_extensions", { problems: "?reason=" });
    return { lines: reading.lines, reason: given };
  }
  const read = manyBody.safeParse(await c.req.json().catch(() => null));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw fail("bad_extensions", { problems: `${issue?.path.join(".")}: ${issue?.message}` });
  }
  const lines = read.data.people.map(({ email, dueAt }, at) => {
    return { line: at + 1, email: email.toLowerCase(), dueAt: new Date(dueAt) };
  });
  return { lines, reason: read.data.reason };
}

function requestAnswer(row: RequestLine) {
  return {
    id: row.id,
    assignmentId: row.assignmentId,
    person: { id: row.personId, name: row.name, email: row.email },
    wantedAt: row.wantedAt.toISOString(),
    reason: row.reason,
    state: row.state,
    grantedUntil: iso(row.grantedAt),
    answer: row.answer,
    askedAt: row.askedAt.toISOString(),
  };
}
