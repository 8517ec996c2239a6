// Before an upload: the claim of its bytes. After it: the receipt.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findAssignment } from "../assignments/assignments.ts";
import { downloadHeaders } from "../http/headers.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { gradeRecord } from "../review/record.ts";
import { CLAIM_WINDOW_SECONDS, claimEnds } from "../submissions/arrival.ts";
import { claimUpload } from "../submissions/claim-upload.ts";
import { requireFiles } from "../submissions/files.ts";
import { receiptOf } from "../submissions/receipt.ts";
import { currentAttempts, findSubmission, noteLook } from "../submissions/submissions.ts";
import { body, id, moment, refusals, security, text } from "./answers.ts";
import { assignmentParam } from "./assignments.ts";
import { acceptLate, submissionParam } from "./submissions.ts";

const claim = createRoute({
  method: "post",
  path: "/assignments/{assignment}/claims",
  tags: ["submissions"],
  security,
  summary: "Say which bytes are about to come",
  description:
    `Bytes of exactly this size and hash whose upload ends within ${CLAIM_WINDOW_SECONDS / 60} minutes count at the ` +
    "time of this claim. All others count when their last byte is here.",
  request: {
    params: assignmentParam,
    ...body(
      z.object({
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        bytes: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
        acceptLate,
      }),
    ),
  },
  responses: {
    201: text(
      z.object({ id, claimedAt: moment, until: moment }).openapi("Claim"),
      "It counts from here on, if the bytes come until then.",
    ),
    ...refusals(401, 403, 404, 409, 413, 422, 429),
  },
});
const receiptBody = z
  .object({
    course: z.string(),
    assignment: z.string(),
    person: z.object({ name: z.string(), email: z.string() }),
    submission: id,
    number: z.int(),
    attempt: id.nullable(),
    file: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    receivedAt: moment.openapi({ description: "What counts, by the database's clock." }),
    claimedAt: moment.nullable(),
    completedAt: moment.openapi({ description: "When the last byte was here." }),
    timeZone: z.string(),
    movedFrom: z.string().nullable().openapi({
      description:
        "The system that it was handed in at, whose word the times are; null for what was handed in here.",
    }),
  })
  .openapi("SubmissionReceipt");
const receipt = createRoute({
  method: "get",
  path: "/submissions/{submission}/receipt",
  tags: ["submissions"],
  security,
  summary: "Its receipt, as a file",
  request: { params: submissionParam },
  responses: { 200: text(receiptBody, "Hash, times, size, attempt."), ...refusals(401, 403, 404, 410) },
});

const record = createRoute({
  method: "get",
  path: "/submissions/{submission}/record",
  tags: ["submissions"],
  security,
  summary: "The record of its published grade, as a file",
  description:
    "Files and hashes, what was run (suite, images, seed), points and rules, who gave what and when.",
  request: { params: submissionParam },
  responses: { 200: text(z.record(z.string(), z.unknown()), "The record."), ...refusals(401, 403, 404, 409) },
});

export function addReceipts(api: OpenAPIHono<AppEnv>): void {
  api.openapi(claim, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const { acceptLate: agreed, ...claimed } = c.req.valid("json");
    const made = await claimUpload(db, viewer, access, claimed, agreed);
    const { id, claimedAt } = made;
    return c.json({ id, claimedAt: claimedAt.toISOString(), until: claimEnds(claimedAt).toISOString() }, 201);
  });
  api.openapi(record, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findSubmission(db, viewer, c.req.valid("param").submission);
    await noteLook(db, viewer, access, "record");
    const made = await gradeRecord(db, viewer, access);
    const name = `${access.assignment.slug}-${access.submission.number}-record.json`;
    c.header("Content-Disposition", downloadHeaders(name, null)["Content-Disposition"]);
    return c.json({ ...made }, 200);
  });
  api.openapi(receipt, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findSubmission(db, viewer, c.req.valid("param").submission);
    requireFiles(access.submission);
    await noteLook(db, viewer, access, "receipt");
    const { id, number } = access.submission;
    const attempt = (await currentAttempts(db, [id])).get(id) ?? null;
    const name = `${access.assignment.slug}-${number}-receipt.json`;
    for (const [header, value] of Object.entries(downloadHeaders(name, null))) {
      if (header !== "Content-Type") c.header(header, value);
    }
    return c.json(receiptOf(access, attempt), 200);
  });
}
