// Submissions from elsewhere, one at a time; `assay course import` reads another system's download and asks here.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findAssignment } from "../assignments/assignments.ts";
import { permit } from "../courses/access.ts";
import type { AppEnv } from "../http/services.ts";
import { withUpload } from "../http/upload.ts";
import { viewerOf } from "../http/viewer.ts";
import {
  beginImport,
  DOWNLOAD_LIMIT_BYTES,
  findImport,
  type ImportAccess,
  type LookedImport,
  lookAtDownload,
  lookAtImport,
} from "../submissions/imports.ts";
import { listMovedIn, MOVED_PAGE, moveIn } from "../submissions/move-in.ts";
import { suiteInUse } from "../submissions/submit.ts";
import { importStates } from "../submissions/tables.ts";
import { body, id, moment, page, pageOf, refusals, security, text, words } from "./answers.ts";
import { assignmentParam } from "./assignments.ts";
import { receipt, receiptAnswer } from "./submissions.ts";

const tags = ["moving in"];
const moved = z
  .object({ submissionId: id, origin: z.string(), personId: id, receivedAt: moment })
  .openapi("MovedSubmission");

const members = z
  .string()
  .max(2000)
  .default("")
  .transform((list) => list.split(",").filter((part) => part !== ""))
  .pipe(z.array(id).max(50));
const move = createRoute({
  method: "post",
  path: "/assignments/{assignment}/moved-in",
  tags,
  security,
  summary: "Take in work that was handed in elsewhere (instructors)",
  description:
    "Send the ZIP as the body (`application/zip`). It counts at `receivedAt`, whatever the dates here say, uses up no " +
    "attempt, and is graded when nobody waits for anything else. From the same origin with the same files a second " +
    "time it gives the first answer.",
  request: {
    params: assignmentParam,
    query: z.object({
      person: id.openapi({ description: "Who handed it in; on the roster." }),
      members: members.openapi({
        type: "string",
        description: "Who else did, by commas, where the assignment has groups.",
      }),
      receivedAt: moment,
      origin: z.string().max(220).openapi({
        description: "The system (gradescope, canvas, moodle), a colon, its id there.",
        example: "gradescope:123456789",
      }),
      name: z.string().max(300).optional(),
    }),
  },
  responses: {
    200: text(receipt, "It was moved here before: the earlier answer."),
    201: text(receipt, "Stored and waiting to be graded."),
    ...refusals(401, 403, 404, 409, 413, 415, 422, 429),
  },
});
const list = createRoute({
  method: "get",
  path: "/assignments/{assignment}/moved-in",
  tags,
  security,
  summary: "What was moved here from elsewhere (instructors)",
  request: { params: assignmentParam, query: z.object({ after: id.optional() }) },
  responses: { 200: text(pageOf(moved), "A page, oldest move first."), ...refusals(401, 403, 404) },
});

const planned = z.object({
  origin: z.string(),
  personId: id,
  memberIds: z.array(id),
  matchedBy: z.enum(["email", "number", "name", "choice"]),
  receivedAt: moment,
  known: z.boolean().openapi({ description: "From this origin something is here already." }),
  files: z.int(),
});
const reason = { origin: z.string(), who: z.string(), why: words };
const lookedAt = z
  .object({
    id,
    system: z.enum(["gradescope", "canvas", "moodle"]),
    state: z.enum(importStates),
    basis: z.string().openapi({ description: "Names what you see here: send it to have it done." }),
    take: z.array(planned),
    notTaken: z.array(z.object({ ...reason, code: z.string() })),
    leftOut: z.array(z.object({ path: z.string(), why: words })),
    outcomes: z.array(
      z.object({
        origin: z.string(),
        who: z.string(),
        outcome: z.enum(["added", "repeated", "refused", "failed"]),
        why: words.nullable(),
      }),
    ),
  })
  .openapi("SubmissionImport");
const importParam = z.object({ import: id });

const look = createRoute({
  method: "post",
  path: "/assignments/{assignment}/imports",
  tags,
  security,
  summary: "Look at another system's download of everybody's submissions (instructors)",
  description:
    "Send the ZIP as Gradescope, Canvas or Moodle hands it out (`application/zip`). Nothing is handed in: the answer " +
    "says what would be. Names that fit nobody, and files that say who and when, are given on the page of the import.",
  request: { params: assignmentParam, query: z.object({ name: z.string().max(300).optional() }) },
  responses: {
    201: text(lookedAt, "Read, and kept."),
    ...refusals(401, 403, 404, 413, 415, 422, 429),
  },
});

const see = createRoute({
  method: "get",
  path: "/imports/{import}",
  tags,
  security,
  summary: "What an import would do, or has done (instructors)",
  request: { params: importParam },
  responses: { 200: text(lookedAt, "The import."), ...refusals(401, 404) },
});

const carryOut = createRoute({
  method: "post",
  path: "/imports/{import}/apply",
  tags,
  security,
  summary: "Have an import carried out (instructors)",
  description:
    "However often it is asked for, each submission is here once. Look again to see how far it is.",
  request: { params: importParam, ...body(z.object({ basis: z.string() })) },
  responses: { 202: text(lookedAt, "It is worked on."), ...refusals(401, 403, 404, 409, 422) },
});

function importAnswer(
  { row }: ImportAccess,
  { download, plan, basis }: LookedImport,
): z.infer<typeof lookedAt> {
  return {
    ...{ id: row.id, system: download.system, state: row.state, basis },
    take: plan.take.map(({ person, members, by, receivedAt, files, origin, known }) => ({
      ...{ origin, known, matchedBy: by, personId: person.personId, files: files.length },
      memberIds: members.map(({ personId }) => personId),
      receivedAt: receivedAt.toISOString(),
    })),
    notTaken: plan.not.map(({ origin, who, why, code }) => ({ origin, who, why, code })),
    leftOut: download.leftOut,
    outcomes: row.outcomes.map((one) => ({ ...one, why: one.outcome === "refused" ? one.why : null })),
  };
}

function addImports(api: OpenAPIHono<AppEnv>): void {
  api.openapi(look, async (c) => {
    const { services } = c.var;
    const viewer = viewerOf(c);
    const access = await findAssignment(services.db, viewer, c.req.valid("param").assignment);
    permit(viewer, access, "submission.move_in");
    const row = await withUpload(c, viewer.id, DOWNLOAD_LIMIT_BYTES, (upload) =>
      lookAtDownload(services, viewer, access, upload),
    );
    const found = { ...access, row };
    return c.json(importAnswer(found, await lookAtImport(services.db, found)), 201);
  });
  api.openapi(see, async (c) => {
    const { db } = c.var.services;
    const found = await findImport(db, viewerOf(c), c.req.valid("param").import);
    return c.json(importAnswer(found, await lookAtImport(db, found)), 200);
  });
  api.openapi(carryOut, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { import: wanted } = c.req.valid("param");
    await beginImport(db, viewer, await findImport(db, viewer, wanted), c.req.valid("json").basis);
    const found = await findImport(db, viewer, wanted);
    return c.json(importAnswer(found, await lookAtImport(db, found)), 202);
  });
}

export function addMovingIn(api: OpenAPIHono<AppEnv>): void {
  addImports(api);
  api.openapi(move, async (c) => {
    const { services } = c.var;
    const viewer = viewerOf(c);
    const access = await findAssignment(services.db, viewer, c.req.valid("param").assignment);
    permit(viewer, access, "submission.move_in");
    const { person, members, receivedAt, origin } = c.req.valid("query");
    const wish = { personId: person, memberIds: members, receivedAt: new Date(receivedAt), origin };
    const { config } = await suiteInUse(services.db, access);
    const made = await withUpload(c, viewer.id, config.limits.upload, (upload) =>
      moveIn(services, viewer, access, upload, wish),
    );
    if (!made.repeated) c.header("Location", `/api/v1/submissions/${made.submission.id}`);
    return c.json(receiptAnswer(c, made), made.repeated ? 200 : 201);
  });
  api.openapi(list, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const rows = await listMovedIn(db, viewer, access, c.req.valid("query").after ?? null);
    const answer = page(
      rows,
      MOVED_PAGE,
      (row) => row.submissionId,
      (row) => ({ ...row, receivedAt: row.receivedAt.toISOString() }),
    );
    return c.json(answer, 200);
  });
}
