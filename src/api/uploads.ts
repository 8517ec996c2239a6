// Handing in what is large: uploads by tus 1.0 that go on after a break. Whoever's it is not, for them it is not there.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { findAssignment } from "../assignments/assignments.ts";
import type { AppEnv } from "../http/services.ts";
import { announced, serveTus } from "../http/tus.ts";
import { shownName } from "../http/upload.ts";
import { viewerOf } from "../http/viewer.ts";
import { fail } from "../submissions/errors.ts";
import {
  beginUpload,
  dropUpload,
  findUpload,
  finishUpload,
  receivedBytes,
  type UploadAccess,
} from "../submissions/resumable.ts";
import { KEPT_HOURS, RESUMABLE_LIMIT_BYTES } from "../submissions/upload-sizes.ts";
import { id, moment, refusals, security, text } from "./answers.ts";
import { assignmentParam } from "./assignments.ts";
import { acceptLate, receipt, receiptAnswer } from "./submissions.ts";

const tags = ["submissions"];
const uploadParam = z.object({ upload: id });
/** A part goes to whatever address a client kept: what cannot be one is not there. */
const keptAddress = z.object({ upload: z.string() });

const begin = createRoute({
  method: "post",
  path: "/assignments/{assignment}/uploads",
  tags,
  security,
  summary: "Begin an upload that can go on after a break (tus 1.0)",
  description:
    "Any tus client does it; this is its endpoint. `Upload-Length` says the whole size, at most " +
    `${RESUMABLE_LIMIT_BYTES / 1024 ** 3} GiB and the suite's own limit. \`Upload-Metadata\` gives \`filename\`, and ` +
    "`sha256` (64 hexadecimal digits): with it the bytes are claimed as by `/claims`, and count from here on. The " +
    `address in \`Location\` takes HEAD, PATCH and DELETE, for ${KEPT_HOURS} hours. The part that brings the last byte ` +
    "hands it in, and is answered with the receipt. Every request carries `Tus-Resumable: 1.0.0`.",
  request: { params: assignmentParam, query: z.object({ acceptLate }) },
  responses: {
    201: { description: "Begun; `Location` is its address." },
    ...refusals(400, 401, 403, 404, 409, 413, 422, 429, 503),
  },
});
const state = createRoute({
  method: "get",
  path: "/uploads/{upload}",
  tags,
  security,
  summary: "How far an upload of mine is",
  request: { params: uploadParam },
  responses: {
    200: text(
      z
        .object({
          id,
          name: z.string(),
          bytes: z.int(),
          receivedBytes: z.int(),
          expiresAt: moment,
          submissionId: id.nullable().openapi({ description: "What became of it." }),
        })
        .openapi("Upload"),
      "As it is now.",
    ),
    ...refusals(401, 403, 404, 410),
  },
});
const part = createRoute({
  method: "patch",
  path: "/uploads/{upload}",
  tags,
  security,
  summary: "Send the next part of an upload",
  description:
    "Of the type `application/offset+octet-stream`, from `Upload-Offset` on, which must be where the upload is.",
  request: { params: keptAddress },
  responses: {
    200: text(receipt, "It was the last part: handed in."),
    204: { description: "Kept; `Upload-Offset` is where the upload is now." },
    ...refusals(401, 403, 404, 409, 410, 413, 422, 429, 503),
  },
});
const drop = createRoute({
  method: "delete",
  path: "/uploads/{upload}",
  tags,
  security,
  summary: "Give up an upload",
  request: { params: keptAddress },
  responses: { 204: { description: "It is gone." }, ...refusals(401, 403, 404, 410) },
});
const finish = createRoute({
  method: "post",
  path: "/uploads/{upload}/submission",
  tags,
  security,
  summary: "Hand in an upload that is whole",
  description:
    "Its last part does so by itself; this is for whoever missed that answer, or first had to agree to lateness. " +
    "However often it is asked for, it is one submission.",
  request: { params: uploadParam, query: z.object({ acceptLate }) },
  responses: {
    200: text(receipt, "It was handed in before: the earlier answer."),
    201: text(receipt, "Stored and waiting to be graded."),
    ...refusals(401, 403, 404, 409, 410, 413, 422, 429),
  },
});

export function addUploads(api: OpenAPIHono<AppEnv>): void {
  api.openapi(begin, async (c) => {
    const { db, uploads } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const said = announced(c.req.raw.headers);
    if (!said) throw fail("upload_impossible");
    const agreed = c.req.valid("query").acceptLate;
    const wish = { bytes: said.bytes, sha256: said.sha256, name: shownName(said.name) };
    const upload = await beginUpload(db, viewer, access, wish, agreed, uploads);
    try {
      const exchange = { id: upload.id, finish: finisher(c, { ...access, upload }) };
      return (await serveTus(c, exchange)) as never;
    } catch (error) {
      // A part that came with the creation and is whole may be refused for its lateness alone: then it stays.
      if ((await receivedBytes(uploads, upload)) !== upload.bytes) await dropUpload(db, uploads, upload);
      throw error;
    }
  });
  api.openapi(state, async (c) => {
    const { db, uploads } = c.var.services;
    const access = await findUpload(db, viewerOf(c), c.req.valid("param").upload);
    const { id, name, bytes, expiresAt, submissionId } = access.upload;
    const here = await receivedBytes(uploads, access.upload);
    if (c.req.method === "HEAD") return head(c, access) as never;
    const answer = { id, name, bytes, receivedBytes: here, expiresAt: expiresAt.toISOString(), submissionId };
    return c.json(answer, 200);
  });
  api.openapi(part, async (c) => {
    const access = await findUpload(c.var.services.db, viewerOf(c), c.req.valid("param").upload);
    if (access.upload.submissionId !== null) return c.json((await finisher(c, access)()) as never, 200);
    return (await serveTus(c, { id: access.upload.id, finish: finisher(c, access) })) as never;
  });
  api.openapi(drop, async (c) => {
    const { db, uploads } = c.var.services;
    const { upload } = await findUpload(db, viewerOf(c), c.req.valid("param").upload);
    await dropUpload(db, uploads, upload);
    return c.body(null, 204, { "Tus-Resumable": "1.0.0" });
  });
  api.openapi(finish, async (c) => {
    const { services } = c.var;
    const viewer = viewerOf(c);
    const access = await findUpload(services.db, viewer, c.req.valid("param").upload);
    const made = await finishUpload(services, viewer, access, c.req.valid("query").acceptLate);
    return c.json(receiptAnswer(c, made), made.repeated ? 200 : 201);
  });
}

const finisher = (c: Context<AppEnv>, access: UploadAccess) => async () =>
  receiptAnswer(c, await finishUpload(c.var.services, viewerOf(c), access));

/** Of what was handed in the file is gone; its sender hears that all of it came. */
async function head(c: Context<AppEnv>, access: UploadAccess): Promise<Response> {
  const { id, bytes, submissionId } = access.upload;
  if (submissionId === null) return serveTus(c, { id, finish: finisher(c, access) });
  return c.body(null, 200, {
    "Tus-Resumable": "1.0.0",
    "Upload-Offset": String(bytes),
    "Upload-Length": String(bytes),
    "Cache-Control": "no-store",
  });
}
