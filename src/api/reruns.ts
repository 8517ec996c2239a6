// Grading many submissions again: started with a reason, seen before it counts, accepted, cancelled or undone.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findAssignment } from "../assignments/assignments.ts";
import { streamRows } from "../http/live-rows.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import {
  acceptRerun,
  cancelRerun,
  findRerun,
  listReruns,
  RERUN_REASON_LIMIT_CHARACTERS,
  startRerun,
  undoRerun,
} from "../submissions/rerun.ts";
import { rerunOne } from "../submissions/rerun-one.ts";
import { countOutcomes, liveRerun } from "../submissions/rerun-progress.ts";
import { rerunRows, rowsShown } from "../submissions/rerun-rows.ts";
import { outcomeOf, previewOf } from "../submissions/rerun-rules.ts";
import { findSubmission } from "../submissions/submissions.ts";
import { batchScopes, type Rerun, rerunPolicies, rerunScopes, rerunStates } from "../submissions/tables.ts";
import { body, hundredths, id, iso, moment, refusals, security, text } from "./answers.ts";
import { assignmentParam } from "./assignments.ts";

const tags = ["re-runs"];
const rerun = z
  .object({
    id,
    assignmentId: id,
    versionId: id,
    scope: z.enum(rerunScopes),
    reason: z.string(),
    state: z.enum(rerunStates),
    policy: z.enum(rerunPolicies).nullable(),
    createdAt: moment,
    decidedAt: moment.nullable(),
  })
  .openapi("Rerun");
const outcome = z.enum(["open", "failed", "new", "same", "higher", "lower"]);
const compared = z.object({
  submissionId: id,
  name: z.string(),
  number: z.int(),
  before: hundredths.nullable(),
  after: hundredths.nullable(),
  outcome,
  otherDevice: z
    .object({ was: z.string().nullable(), is: z.string().nullable() })
    .nullable()
    .openapi({ description: "Graded on another model of GPU than before; null in it is a CPU." }),
  applied: z.boolean(),
});
const details = rerun
  .extend({
    outcomes: z.record(outcome, z.int()),
    preview: z.string().openapi({ description: "Names what you see here: send it when you accept." }),
    rows: z.array(compared),
  })
  .openapi("RerunDetails");
const params = z.object({ rerun: id });

const start = createRoute({
  method: "post",
  path: "/assignments/{assignment}/reruns",
  tags,
  security,
  summary: "Grade submissions again with the version in use (instructors)",
  description: "While a re-run of the assignment is open, that one is the answer (200).",
  request: {
    params: assignmentParam,
    ...body(
      z.object({
        scope: z.enum(batchScopes),
        versionId: id.nullable().default(null).openapi({ description: "For the scope `version`." }),
        reason: z.string().max(RERUN_REASON_LIMIT_CHARACTERS),
      }),
    ),
  },
  responses: {
    200: text(rerun, "One is open."),
    201: text(rerun, "Started."),
    ...refusals(401, 403, 404, 409, 422),
  },
});
const startOne = createRoute({
  method: "post",
  path: "/submissions/{submission}/rerun",
  tags,
  security,
  summary: "Grade one submission again with the version in use (staff)",
  description:
    "Its old result stays until the new one is accepted. While one of it is open, that one is the answer.",
  request: {
    params: z.object({ submission: id }),
    ...body(z.object({ reason: z.string().max(RERUN_REASON_LIMIT_CHARACTERS) })),
  },
  responses: {
    200: text(rerun, "One is open."),
    201: text(rerun, "Started."),
    ...refusals(401, 403, 404, 409, 422),
  },
});
const list = createRoute({
  method: "get",
  path: "/assignments/{assignment}/reruns",
  tags,
  security,
  summary: "An assignment's re-runs, newest first (staff)",
  request: { params: assignmentParam },
  responses: { 200: text(z.object({ items: z.array(rerun) }), "Re-runs."), ...refusals(401, 403, 404) },
});
const get = createRoute({
  method: "get",
  path: "/reruns/{rerun}",
  tags,
  security,
  summary: "Old and new scores side by side (staff)",
  request: { params },
  responses: { 200: text(details, "The re-run."), ...refusals(401, 403, 404) },
});
const events = createRoute({
  method: "get",
  path: "/reruns/{rerun}/events",
  tags,
  security,
  summary: "A re-run as it happens, over Server-Sent Events (staff)",
  request: { params },
  responses: {
    200: { description: "A stream.", content: { "text/event-stream": { schema: z.string() } } },
    ...refusals(401, 403, 404, 429),
  },
});
const accept = createRoute({
  method: "post",
  path: "/reruns/{rerun}/accept",
  tags,
  security,
  summary: "Let the new scores count (instructors; of one submission, staff)",
  request: { params, ...body(z.object({ preview: z.string().max(64), policy: z.enum(rerunPolicies) })) },
  responses: {
    200: text(z.object({ replaced: z.int() }), "How many results were replaced."),
    ...refusals(401, 403, 404, 409, 422),
  },
});
const act = (verb: "cancel" | "undo", summary: string) =>
  createRoute({
    method: "post",
    path: `/reruns/{rerun}/${verb}`,
    tags,
    security,
    summary,
    request: { params },
    responses: { 204: { description: "Done." }, ...refusals(401, 403, 404, 409) },
  });
const cancel = act("cancel", "End a re-run; every old score stays (instructors; of one submission, staff)");
const undo = act("undo", "Put back what counted before a re-run (instructors; of one submission, staff)");

export function addReruns(api: OpenAPIHono<AppEnv>): void {
  api.openapi(start, async (c) => {
    const { db, queue } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const made = await startRerun(db, queue, viewer, access, c.req.valid("json"));
    return c.json(rerunAnswer(made.rerun), made.known ? 200 : 201);
  });
  api.openapi(startOne, async (c) => {
    const { db, queue } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findSubmission(db, viewer, c.req.valid("param").submission);
    const made = await rerunOne(db, queue, viewer, access, c.req.valid("json").reason);
    return c.json(rerunAnswer(made.rerun), made.known ? 200 : 201);
  });
  api.openapi(list, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    return c.json({ items: (await listReruns(db, viewer, access)).map(rerunAnswer) }, 200);
  });
  addOne(api);
}

function addOne(api: OpenAPIHono<AppEnv>): void {
  api.openapi(get, async (c) => {
    const { db } = c.var.services;
    const access = await findRerun(db, viewerOf(c), c.req.valid("param").rerun);
    const { rerun } = access;
    const rows = rowsShown(access, await rerunRows(db, rerun));
    const shown = rows.map((row) => {
      const { submissionId, name, number, applied, otherDevice, before, after } = row;
      const scores = { before: before.score, after: after.score, outcome: outcomeOf(row) };
      return { submissionId, name, number, applied, otherDevice, ...scores };
    });
    const answer = { outcomes: countOutcomes(rows), preview: previewOf(rows), rows: shown };
    return c.json({ ...rerunAnswer(rerun), ...answer }, 200);
  });
  api.openapi(events, async (c) => {
    const { db } = c.var.services;
    const { rerun } = c.req.valid("param");
    await findRerun(db, viewerOf(c), rerun);
    return streamRows(c, viewerOf(c), rerun, async (viewer) =>
      liveRerun(db, await findRerun(db, viewer, rerun)),
    ) as never;
  });
  api.openapi(accept, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const found = await findRerun(db, viewer, c.req.valid("param").rerun);
    return c.json(await acceptRerun(db, viewer, found, c.req.valid("json")), 200);
  });
  api.openapi(cancel, async (c) => {
    const { db, queue } = c.var.services;
    const viewer = viewerOf(c);
    await cancelRerun(db, queue, viewer, await findRerun(db, viewer, c.req.valid("param").rerun));
    return c.body(null, 204);
  });
  api.openapi(undo, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    await undoRerun(db, viewer, await findRerun(db, viewer, c.req.valid("param").rerun));
    return c.body(null, 204);
  });
}

function rerunAnswer({ requestedBy: _, ...row }: Rerun) {
  return { ...row, createdAt: row.createdAt.toISOString(), decidedAt: iso(row.decidedAt) };
}
