// What an administrator watches over: workers, queues, what needs a person, storage, the log, people's rights.
import { join } from "node:path";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { AUDIT_PAGE } from "../accounts/audit.ts";
import { auditQuery, searchAudit } from "../accounts/audit-search.ts";
import { changePerson } from "../accounts/change-person.ts";
import { requireAdmin } from "../accounts/viewer.ts";
import { listLanes, listWorkers } from "../grading/overview.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { spaceOf } from "../storage/space.ts";
import { ATTENTION_PAGE, needsAttention, retryAttempt } from "../submissions/needs-attention.ts";
import { storageUse } from "../submissions/storage-use.ts";
import { body, id, moment, page, pageOf, refusals, security, text, words } from "./answers.ts";
import { person, personAnswer } from "./me.ts";

const tags = ["administration"];
const worker = z.object({
  id,
  host: z.string(),
  pid: z.int(),
  lanes: z.array(z.string()),
  slots: z.int(),
  busy: z.int(),
  alive: z.boolean(),
  draining: z.boolean(),
  seenAt: moment,
});
const lane = z.object({
  lane: z.string(),
  waiting: z.int(),
  batch: z.int(),
  running: z.int(),
  oldestSeconds: z.int().nullable(),
});
const overview = createRoute({
  method: "get",
  path: "/admin/overview",
  tags,
  security,
  summary: "Workers, queues and storage (administrators)",
  responses: {
    200: text(
      z.object({
        workers: z.array(worker),
        lanes: z.array(lane),
        storage: z.object({
          submissionBytes: z.int(),
          submissions: z.int(),
          suiteBytes: z.int(),
          artifactBytes: z.int(),
          databaseBytes: z.int(),
          disk: z.object({ totalBytes: z.int(), freeBytes: z.int() }).nullable(),
        }),
      }),
      "As it is now.",
    ),
    ...refusals(401, 403),
  },
});
const attention = createRoute({
  method: "get",
  path: "/admin/attention",
  tags,
  security,
  summary: "Gradings that we failed and left to a person (administrators)",
  request: { query: z.object({ before: id.optional() }) },
  responses: {
    200: text(
      pageOf(
        z.object({
          attemptId: id,
          submissionId: id,
          person: z.string(),
          course: z.string(),
          assignment: z.string(),
          title: words,
          lane: z.string(),
          fault: z.string(),
          at: moment,
        }),
      ),
      "A page, newest first.",
    ),
    ...refusals(401, 403),
  },
});
const retry = createRoute({
  method: "post",
  path: "/attempts/{attempt}/retry",
  tags,
  security,
  summary: "Try a grading again that we failed (instructors)",
  request: { params: z.object({ attempt: id }) },
  responses: { 204: { description: "It waits again." }, ...refusals(401, 403, 404, 409) },
});
const log = createRoute({
  method: "get",
  path: "/admin/audit",
  tags,
  security,
  summary: "The audit log of the installation (administrators)",
  request: {
    query: z.object({
      action: z.string().max(100).optional(),
      actor: z.string().max(254).optional().openapi({ description: "An e-mail, or `system`." }),
      subject: z.string().max(100).optional(),
      before: z.coerce.number().int().positive().optional(),
    }),
  },
  responses: {
    200: text(
      pageOf(
        z.object({
          id: z.int(),
          at: moment,
          actor: z.object({ name: z.string(), email: z.string() }).nullable(),
          action: z.string(),
          courseId: id.nullable(),
          subject: z.object({ kind: z.string(), id: z.string() }),
          detail: z.record(z.string(), z.unknown()),
        }),
      ),
      "A page, newest first.",
    ),
    ...refusals(401, 403),
  },
});
const change = createRoute({
  method: "patch",
  path: "/people/{person}",
  tags: ["people"],
  security,
  summary: "Make somebody an administrator or not, let them sign in or not",
  request: {
    params: z.object({ person: id }),
    ...body(z.object({ admin: z.boolean().optional(), disabled: z.boolean().optional() })),
  },
  responses: { 200: text(person, "As it is now."), ...refusals(401, 403, 404, 409) },
});

export function addAdmin(api: OpenAPIHono<AppEnv>): void {
  api.openapi(overview, async (c) => {
    const { db, uploads } = c.var.services;
    const viewer = viewerOf(c);
    requireAdmin(viewer);
    const workers = (await listWorkers(db)).map((row) => {
      const { startedAt: _, sandboxes: __, seenAt, ...shown } = row;
      return { ...shown, seenAt: seenAt.toISOString() };
    });
    const storage = { ...(await storageUse(db, viewer)), disk: await spaceOf(join(uploads, "..")) };
    return c.json({ workers, lanes: await listLanes(db), storage }, 200);
  });
  api.openapi(attention, async (c) => {
    const rows = await needsAttention(c.var.services.db, viewerOf(c), c.req.valid("query").before);
    const answer = page(
      rows,
      ATTENTION_PAGE,
      (row) => row.attemptId,
      ({ at, ...row }) => ({ ...row, at: at.toISOString() }),
    );
    return c.json(answer, 200);
  });
  api.openapi(retry, async (c) => {
    const { db, queue } = c.var.services;
    await retryAttempt(db, queue, viewerOf(c), c.req.valid("param").attempt);
    return c.body(null, 204);
  });
  api.openapi(log, async (c) => {
    requireAdmin(viewerOf(c));
    const rows = await searchAudit(c.var.services.db, null, auditQuery.parse(c.req.valid("query")));
    const answer = page(
      rows,
      AUDIT_PAGE,
      (row) => String(row.id),
      ({ id, at, actor, action, courseId, subjectKind, subjectId, detail }) => {
        const subject = { kind: subjectKind, id: subjectId };
        return { id, at: at.toISOString(), actor, action, courseId, subject, detail };
      },
    );
    return c.json(answer, 200);
  });
  api.openapi(change, async (c) => {
    const wish = c.req.valid("json");
    const given = Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
    const changed = await changePerson(c.var.services.db, viewerOf(c), c.req.valid("param").person, given);
    return c.json(personAnswer(changed), 200);
  });
}
