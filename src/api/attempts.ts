// Attempts: where one stands, what it was graded with, and taking a waiting one back.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { downloadHeaders } from "../http/headers.ts";
import type { AppEnv } from "../http/services.ts";
import { streamed } from "../http/streamed.ts";
import { viewerOf } from "../http/viewer.ts";
import { openBundle } from "../submissions/bundle.ts";
import { cancelAttempt, findSubmissionAttempt } from "../submissions/cancel.ts";
import { replaceWaiting } from "../submissions/replace.ts";
import { runStaffTests } from "../submissions/stage-runs.ts";
import { aheadOf, findSubmission } from "../submissions/submissions.ts";
import { wordOf } from "../submissions/view-report.ts";
import { id, refusals, security, text } from "./answers.ts";
import { attemptWord } from "./report.ts";

const tags = ["attempts"];
const params = z.object({ attempt: id });
const status = z
  .object({ id, submissionId: id, number: z.int(), state: attemptWord, ahead: z.int().nullable() })
  .openapi("AttemptStatus");

const get = createRoute({
  method: "get",
  path: "/attempts/{attempt}",
  tags,
  security,
  summary: "Where an attempt stands",
  request: { params },
  responses: { 200: text(status, "The attempt."), ...refusals(401, 403, 404) },
});
const cancel = createRoute({
  method: "post",
  path: "/attempts/{attempt}/cancel",
  tags,
  security,
  summary: "Take a waiting attempt back, at no cost",
  request: { params },
  responses: { 204: { description: "Taken back." }, ...refusals(401, 403, 404, 409) },
});
const replace = createRoute({
  method: "post",
  path: "/attempts/{attempt}/replace",
  tags,
  security,
  summary: "Let it take the place of older ones of the same people that wait for a GPU, at no cost",
  description: "The older ones are taken back; 409 where it does not wait for a GPU, or no older one does.",
  request: { params },
  responses: {
    200: text(z.object({ takenBack: z.int() }), "How many were taken back."),
    ...refusals(401, 403, 404, 409),
  },
});

const staffTests = createRoute({
  method: "post",
  path: "/submissions/{submission}/staff-tests",
  tags,
  security,
  summary: "Run the tests that only staff run (staff)",
  request: { params: z.object({ submission: id }) },
  responses: { 202: { description: "Under way, or so already." }, ...refusals(401, 403, 404) },
});

const bundle = createRoute({
  method: "get",
  path: "/attempts/{attempt}/bundle",
  tags,
  security,
  summary: "Everything that it was graded with, as a ZIP that `assay grade` and `assay debug` take (staff)",
  description:
    "The submission, the suite version with its hidden tests, seed, options, limits, what came of it. A look that is logged; 403 while it is graded without names.",
  request: { params },
  responses: {
    200: { description: "The ZIP.", content: { "application/octet-stream": { schema: z.string() } } },
    ...refusals(401, 403, 404),
  },
});

export function addAttempts(api: OpenAPIHono<AppEnv>): void {
  api.openapi(get, async (c) => {
    const { db } = c.var.services;
    const { attempt, submission } = await findSubmissionAttempt(
      db,
      viewerOf(c),
      c.req.valid("param").attempt,
    );
    const answer = {
      id: attempt.id,
      submissionId: submission.id,
      number: attempt.number,
      state: wordOf(attempt.state),
      ahead: attempt.state === "waiting" ? await aheadOf(db, attempt) : null,
    };
    return c.json(answer, 200);
  });
  api.openapi(bundle, async (c) => {
    const { db, blobs } = c.var.services;
    const viewer = viewerOf(c);
    const found = await findSubmissionAttempt(db, viewer, c.req.valid("param").attempt);
    const zip = await openBundle(db, blobs, viewer, found);
    const name = `${found.assignment.slug}-${found.submission.number}-attempt.zip`;
    return streamed(zip, downloadHeaders(name, null)) as never;
  });
  api.openapi(replace, async (c) => {
    const { db, queue } = c.var.services;
    const viewer = viewerOf(c);
    const found = await findSubmissionAttempt(db, viewer, c.req.valid("param").attempt);
    return c.json({ takenBack: await replaceWaiting(db, queue, viewer, found) }, 200);
  });
  api.openapi(staffTests, async (c) => {
    const { db, queue } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findSubmission(db, viewer, c.req.valid("param").submission);
    await runStaffTests(db, queue, viewer, access);
    return c.body(null, 202);
  });
  api.openapi(cancel, async (c) => {
    const { db, queue } = c.var.services;
    const viewer = viewerOf(c);
    await cancelAttempt(
      db,
      queue,
      viewer,
      await findSubmissionAttempt(db, viewer, c.req.valid("param").attempt),
    );
    return c.body(null, 204);
  });
}
