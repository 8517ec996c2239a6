// A person's data as one file, its deletion, and until when a course keeps what was handed in.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findCourse } from "../courses/courses.ts";
import { downloadHeaders } from "../http/headers.ts";
import type { AppEnv } from "../http/services.ts";
import { streamed } from "../http/streamed.ts";
import { viewerOf } from "../http/viewer.ts";
import { exportPerson, type PersonExport } from "../privacy/export.ts";
import { previewRemoval, removePerson } from "../privacy/removal.ts";
import { type RetentionView, setRetention, viewRetention } from "../privacy/retention.ts";
import { kinds } from "../privacy/rules.ts";
import { body, id, iso, moment, refusals, security, text } from "./answers.ts";

const tags = ["privacy"];
const personParam = z.object({ person: id });
const courseParam = z.object({ course: z.string().min(1).max(100) });
const lines = z
  .array(
    z.object({
      table: z.string(),
      kind: z.enum(kinds),
      act: z.enum(["remove", "empty", "keep"]),
      rows: z.int(),
    }),
  )
  .openapi("PrivacyLines", { description: "Rows of each table: removed, emptied of words, or kept." });
const zip = {
  200: { description: "A ZIP.", content: { "application/octet-stream": { schema: z.string() } } },
};

const own = createRoute({
  method: "get",
  path: "/me/export",
  tags,
  security,
  summary: "All that is here of me, as a ZIP",
  description: "JSON and the files that were handed in, with results as far as they are open to me now.",
  responses: { ...zip, ...refusals(401, 403) },
});
const anybodys = createRoute({
  method: "get",
  path: "/people/{person}/export",
  tags,
  security,
  summary: "The same of anybody (administrators)",
  request: { params: personParam },
  responses: { ...zip, ...refusals(401, 403, 404) },
});
const preview = createRoute({
  method: "get",
  path: "/people/{person}/removal",
  tags,
  security,
  summary: "What deleting a person's data would remove and keep (administrators)",
  request: { params: personParam },
  responses: {
    200: text(
      z.object({
        lines,
        submissions: z.int().openapi({ description: "Whose files go." }),
        shared: z.int().openapi({ description: "Handed in with others: their files stay." }),
        hindrance: z.string().nullable().openapi({ description: "The code of what stands against it now." }),
      }),
      "Nothing is changed.",
    ),
    ...refusals(401, 403, 404),
  },
});
const removal = createRoute({
  method: "post",
  path: "/people/{person}/removal",
  tags,
  security,
  summary: "Delete a person's data; points and decisions stay under a pseudonym (administrators)",
  request: {
    params: personParam,
    ...body(
      z.object({
        email: z.string().max(300).openapi({ description: "The person's, as a confirmation." }),
        reason: z.string().max(2000),
      }),
    ),
  },
  responses: {
    200: text(z.object({ lines }), "What was done. It cannot be undone."),
    ...refusals(401, 403, 404, 409, 422),
  },
});
const retentionBody = z
  .object({
    until: moment.nullable(),
    clearedAt: moment.nullable(),
    state: z.enum(["none", "ahead", "waiting", "due", "done"]),
    submissions: z.int().openapi({ description: "Whose files the date removes." }),
    unfinished: z.int().openapi({ description: "Gradings that it waits for." }),
    openRequests: z.int().openapi({ description: "Regrade requests that it waits for." }),
    lines,
  })
  .openapi("Retention");
const retention = createRoute({
  method: "get",
  path: "/courses/{course}/retention",
  tags,
  security,
  summary: "Until when files and words are kept, and what the date removes (instructors)",
  request: { params: courseParam },
  responses: { 200: text(retentionBody, "With a preview."), ...refusals(401, 403, 404) },
});
const retain = createRoute({
  method: "put",
  path: "/courses/{course}/retention",
  tags,
  security,
  summary: "Set that date, or take it back (instructors)",
  request: {
    params: courseParam,
    ...body(z.object({ until: moment.nullable(), reason: z.string().max(2000) })),
  },
  responses: { 200: text(retentionBody, "As it stands now."), ...refusals(401, 403, 404, 422) },
});

export function addPrivacy(api: OpenAPIHono<AppEnv>): void {
  api.openapi(own, async (c) => {
    const { db, blobs } = c.var.services;
    const viewer = viewerOf(c);
    return download(await exportPerson(db, blobs, viewer, viewer.id));
  });
  api.openapi(anybodys, async (c) => {
    const { db, blobs } = c.var.services;
    return download(await exportPerson(db, blobs, viewerOf(c), c.req.valid("param").person));
  });
  api.openapi(preview, async (c) => {
    const { person } = c.req.valid("param");
    const { lines, work, shared, hindrance } = await previewRemoval(c.var.services.db, viewerOf(c), person);
    return c.json({ lines, submissions: work, shared, hindrance }, 200);
  });
  api.openapi(removal, async (c) => {
    const { person } = c.req.valid("param");
    const lines = await removePerson(c.var.services.db, viewerOf(c), person, c.req.valid("json"));
    return c.json({ lines }, 200);
  });
  api.openapi(retention, async (c) => {
    const { db } = c.var.services;
    const access = await findCourse(db, viewerOf(c), c.req.valid("param").course);
    return c.json(retentionAnswer(await viewRetention(db, viewerOf(c), access)), 200);
  });
  api.openapi(retain, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.valid("param").course);
    const { until, reason } = c.req.valid("json");
    await setRetention(db, viewer, access, { until: until === null ? null : new Date(until), reason });
    return c.json(retentionAnswer(await viewRetention(db, viewer, access)), 200);
  });
}

function download({ person, zip }: PersonExport) {
  return streamed(zip, downloadHeaders(`assay-${person.id}.zip`, null)) as never;
}

const retentionAnswer = ({
  retainUntil,
  clearedAt,
  state,
  work,
  unfinished,
  open,
  lines,
}: RetentionView) => ({
  ...{ until: iso(retainUntil), clearedAt: iso(clearedAt), state, lines },
  ...{ submissions: work, unfinished, openRequests: open },
});
