// What was handed in, read back from the manifest and the canonical archive; pictures that a grading made.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { fail } from "../http/errors.ts";
import { downloadHeaders } from "../http/headers.ts";
import type { AppEnv } from "../http/services.ts";
import { streamed } from "../http/streamed.ts";
import { viewerOf } from "../http/viewer.ts";
import { downloadZip, listFiles, MANIFEST_PAGE, openFile, openOriginal } from "../submissions/files.ts";
import { findSubmission, noteLook } from "../submissions/submissions.ts";
import { viewReport } from "../submissions/view-report.ts";
import { page, pageOf, refusals, security, text } from "./answers.ts";
import { submissionParam } from "./submissions.ts";

const tags = ["files"];
const file = z.object({ path: z.string(), bytes: z.int(), sha256: z.string() }).openapi("File");
const download = {
  200: { description: "The bytes.", content: { "application/octet-stream": { schema: z.string() } } },
  ...refusals(401, 403, 404, 410),
};

const list = createRoute({
  method: "get",
  path: "/submissions/{submission}/files",
  tags,
  security,
  summary: "The manifest",
  request: { params: submissionParam, query: z.object({ after: z.coerce.number().int().min(0).optional() }) },
  responses: { 200: text(pageOf(file), "A page, by path."), ...refusals(401, 403, 404) },
});
const one = createRoute({
  method: "get",
  path: "/submissions/{submission}/file",
  tags,
  security,
  summary: "One file",
  request: { params: submissionParam, query: z.object({ path: z.string().min(1).max(1000) }) },
  responses: download,
});
const zip = createRoute({
  method: "get",
  path: "/submissions/{submission}/zip",
  tags,
  security,
  summary: "All files as a ZIP: what was graded",
  request: { params: submissionParam },
  responses: download,
});
const original = createRoute({
  method: "get",
  path: "/submissions/{submission}/original",
  tags,
  security,
  summary: "The upload, byte for byte",
  request: { params: submissionParam },
  responses: download,
});
const artifact = createRoute({
  method: "get",
  path: "/submissions/{submission}/artifacts/{hash}",
  tags,
  security,
  summary: "A picture or plot of the report",
  request: { params: submissionParam.extend({ hash: z.string().regex(/^[0-9a-f]{64}$/) }) },
  responses: download,
});

export function addFiles(api: OpenAPIHono<AppEnv>): void {
  api.openapi(list, async (c) => {
    const access = await look(c, c.req.valid("param").submission, "files");
    const rows = await listFiles(c.var.services.db, access, c.req.valid("query").after);
    const answer = page(
      rows,
      MANIFEST_PAGE,
      (row) => String(row.position),
      ({ path, bytes, sha256 }) => ({ path, bytes, sha256 }),
    );
    return c.json(answer, 200);
  });
  api.openapi(one, async (c) => {
    const { path } = c.req.valid("query");
    const access = await look(c, c.req.valid("param").submission, `file ${path}`);
    const { db, blobs } = c.var.services;
    const { entry, bytes } = await openFile(db, blobs, access, path);
    return streamed(bytes, downloadHeaders(path.split("/").at(-1) ?? "file", entry.bytes)) as never;
  });
  api.openapi(zip, async (c) => {
    const access = await look(c, c.req.valid("param").submission, "zip");
    const { db, blobs } = c.var.services;
    const name = `${access.assignment.slug}-${access.submission.number}.zip`;
    return streamed(await downloadZip(db, blobs, access), downloadHeaders(name, null)) as never;
  });
  api.openapi(original, async (c) => {
    const access = await look(c, c.req.valid("param").submission, "original");
    const { originalName, originalBytes } = access.submission;
    return streamed(
      await openOriginal(c.var.services.blobs, access),
      downloadHeaders(originalName, originalBytes),
    ) as never;
  });
  api.openapi(artifact, async (c) => {
    const { submission, hash } = c.req.valid("param");
    const { db, blobs } = c.var.services;
    const access = await findSubmission(db, viewerOf(c), submission);
    // Only what stands in the report that this viewer sees; a hash alone opens nothing.
    const view = await viewReport(db, viewerOf(c), access);
    const tests = view?.staff?.tests ?? view?.student.tests ?? [];
    const shown = tests.flatMap((test) => test.artifacts).find(({ blob }) => blob === hash);
    if (!shown) throw fail("not_found");
    const headers = downloadHeaders(shown.name, shown.bytes);
    // Encoded by the harness from numbers, and still of two types only.
    const known = ["image/png", "application/vnd.assay.plot+json"].includes(shown.mediaType);
    const type = known ? { "Content-Type": shown.mediaType, "Content-Disposition": "inline" } : {};
    return streamed(await blobs.open(hash), { ...headers, ...type }) as never;
  });
}

async function look(c: Context<AppEnv>, id: string, what: string) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const access = await findSubmission(db, viewer, id);
  await noteLook(db, viewer, access, what);
  return access;
}
