// Submissions from elsewhere, one at a time; `assay course import` reads another system's download and asks here.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findAssignment } from "../assignments/assignments.ts";
import { permit } from "../courses/access.ts";
import type { AppEnv } from "../http/services.ts";
import { withUpload } from "../http/upload.ts";
import { viewerOf } from "../http/viewer.ts";
import { listMovedIn, MOVED_PAGE, moveIn } from "../submissions/move-in.ts";
import { suiteInUse } from "../submissions/submit.ts";
import { id, moment, page, pageOf, refusals, security, text } from "./answers.ts";
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

export function addMovingIn(api: OpenAPIHono<AppEnv>): void {
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
