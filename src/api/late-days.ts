// Late days of a course: budgets, balances, gifts.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { workKind } from "../assignments/tables.ts";
import { findCourse } from "../courses/courses.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import {
  BOOK_PAGE,
  grantLateDays,
  lateDayBook,
  myLateDays,
  setBudget,
} from "../submissions/late-day-book.ts";
import { body, id, moment, page, pageOf, refusals, security, text } from "./answers.ts";
import { courseParam } from "./courses.ts";

const tags = ["late days"];
const balance = z.object({ work: z.string(), budget: z.int(), left: z.int() }).openapi("LateDayBalance");
const entry = z
  .object({
    work: z.string(),
    kind: z.enum(["grant", "charge", "refund"]),
    days: z.int(),
    assignmentId: id.nullable(),
    submissionId: id.nullable(),
    reason: z.string(),
    madeAt: moment,
  })
  .openapi("LateDayEntry");

const mine = createRoute({
  method: "get",
  path: "/courses/{course}/late-days",
  tags,
  security,
  summary: "My late days",
  request: { params: courseParam },
  responses: {
    200: text(
      z.object({ balances: z.array(balance), entries: z.array(entry) }),
      "What is left by kind of work, and what happened, newest first.",
    ),
    ...refusals(401, 403, 404),
  },
});
const line = z
  .object({ personId: id, name: z.string(), email: z.string(), balances: z.array(balance) })
  .openapi("LateDayLine");
const all = createRoute({
  method: "get",
  path: "/courses/{course}/late-days/people",
  tags,
  security,
  summary: "Everybody's late days (staff)",
  request: { params: courseParam, query: z.object({ after: z.string().max(320).default("") }) },
  responses: { 200: text(pageOf(line), "A page, by e-mail."), ...refusals(401, 403, 404) },
});
const budget = createRoute({
  method: "put",
  path: "/courses/{course}/late-days/budgets/{kind}",
  tags,
  security,
  summary: "Set what everybody begins with (instructors)",
  request: {
    params: courseParam.extend({ kind: workKind }),
    ...body(z.object({ days: z.int().min(0).max(365) })),
  },
  responses: { 204: { description: "Set." }, ...refusals(401, 403, 404, 422) },
});
const grant = createRoute({
  method: "post",
  path: "/courses/{course}/late-days/grants",
  tags,
  security,
  summary: "Give one person late days (instructors)",
  request: {
    params: courseParam,
    ...body(
      z.object({
        email: z.string().max(320),
        kind: workKind,
        days: z.int().min(1).max(365),
        reason: z.string().trim().min(1).max(500),
      }),
    ),
  },
  responses: { 204: { description: "Given." }, ...refusals(401, 403, 404, 422) },
});

export function addLateDays(api: OpenAPIHono<AppEnv>): void {
  api.openapi(mine, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.valid("param").course);
    const { balances, entries } = await myLateDays(db, viewer, access);
    const shown = entries.map(({ work, kind, days, assignmentId, submissionId, reason, madeAt }) => {
      return { work, kind, days, assignmentId, submissionId, reason, madeAt: madeAt.toISOString() };
    });
    return c.json({ balances, entries: shown }, 200);
  });
  api.openapi(all, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.valid("param").course);
    const rows = await lateDayBook(db, viewer, access, c.req.valid("query").after);
    return c.json(
      page(
        rows,
        BOOK_PAGE,
        (row) => row.email,
        (row) => row,
      ),
      200,
    );
  });
  api.openapi(budget, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { course, kind } = c.req.valid("param");
    await setBudget(db, viewer, await findCourse(db, viewer, course), { kind, ...c.req.valid("json") });
    return c.body(null, 204);
  });
  api.openapi(grant, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.valid("param").course);
    await grantLateDays(db, viewer, access, c.req.valid("json"));
    return c.body(null, 204);
  });
}
