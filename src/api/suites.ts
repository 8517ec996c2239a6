// Suites of a course: register a version, prove it, publish it.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { permit } from "../courses/access.ts";
import { findCourseForAny } from "../courses/courses.ts";
import { type LiveRows, streamRows } from "../http/live-rows.ts";
import type { AppEnv } from "../http/services.ts";
import { withUpload } from "../http/upload.ts";
import { viewerOf } from "../http/viewer.ts";
import { type ProofProgress, proofProgress } from "../suites/proof-progress.ts";
import { cancelProof, startProof } from "../suites/prove.ts";
import { publishVersion } from "../suites/publish.ts";
import { registerVersion, SUITE_UPLOAD_LIMIT_BYTES } from "../suites/register.ts";
import { findVersion, listSuites, listVersions, type VersionRecord } from "../suites/suites.ts";
import { declaredTest, versionState } from "../suites/tables.ts";
import { body, hundredths, id, iso, moment, refusals, security, text, words } from "./answers.ts";
import { courseParam } from "./courses.ts";

const tags = ["suites"];
const version = z
  .object({
    id,
    suite: z.string(),
    title: words,
    number: z.int(),
    hash: z.string().openapi({ description: "SHA-256 over the suite's files." }),
    bytes: z.int(),
    state: versionState,
    unprovedReason: z.string().nullable(),
    tests: z.int().nullable(),
    max: hundredths.nullable(),
    problems: z.array(words).nullable(),
    createdAt: moment,
    publishedAt: moment.nullable(),
  })
  .openapi("SuiteVersion");
const versionParam = z.object({ version: id });

const list = createRoute({
  method: "get",
  path: "/courses/{course}/suites",
  tags,
  security,
  summary: "A course's suites, each with its newest version (staff)",
  request: { params: courseParam },
  responses: { 200: text(z.object({ items: z.array(version) }), "By name."), ...refusals(401, 403, 404) },
});
const register = createRoute({
  method: "post",
  path: "/courses/{course}/suites",
  tags,
  security,
  summary: "Register a version (instructors)",
  description:
    "Send the suite's folder as a ZIP: as the body (`application/zip`) or as a form's file. The same files are the " +
    "same version: then the answer is 200 with the one that is there.",
  request: { params: courseParam },
  responses: {
    200: text(version, "It was registered before."),
    201: text(version, "Registered."),
    ...refusals(401, 403, 404, 413, 415, 422, 429),
  },
});
const versions = createRoute({
  method: "get",
  path: "/courses/{course}/suites/{suite}/versions",
  tags,
  security,
  summary: "A suite's versions, newest first (staff)",
  request: { params: courseParam.extend({ suite: z.string().max(64) }) },
  responses: {
    200: text(z.object({ items: z.array(version) }), "The versions."),
    ...refusals(401, 403, 404),
  },
});
const get = createRoute({
  method: "get",
  path: "/suite-versions/{version}",
  tags,
  security,
  summary: "A version with its proof (staff)",
  request: { params: versionParam },
  responses: {
    200: text(
      version.extend({ proof: z.unknown().nullable(), declared: z.array(declaredTest).nullable() }),
      "The version.",
    ),
    ...refusals(401, 403, 404),
  },
});
const validation = {
  path: "/suite-versions/{version}/validation",
  tags,
  security,
  request: { params: versionParam },
} as const;
const prove = createRoute({
  method: "post",
  ...validation,
  summary: "Have a version proved by the workers (instructors)",
  description: "Asked again while a proof is under way, it is the same proof.",
  responses: { 200: text(version, "The version."), ...refusals(401, 403, 404) },
});
const endProof = createRoute({
  method: "delete",
  ...validation,
  summary: "End the proof that is under way (instructors)",
  responses: { 200: text(version, "The version."), ...refusals(401, 403, 404, 409) },
});
const events = createRoute({
  method: "get",
  path: "/suite-versions/{version}/events",
  tags,
  security,
  summary: "A proof as it happens, over Server-Sent Events (staff)",
  description: "`changed` with how many runs have ended of how many, `ended` at last.",
  request: { params: versionParam },
  responses: {
    200: { description: "A stream.", content: { "text/event-stream": { schema: z.string() } } },
    ...refusals(401, 403, 404, 429),
  },
});
const publish = createRoute({
  method: "post",
  path: "/suite-versions/{version}/publish",
  tags,
  security,
  summary: "Publish a version (instructors)",
  request: {
    params: versionParam,
    ...body(
      z.object({
        unproved: z.string().trim().min(1).max(1000).optional().openapi({
          description: "Why it may go without a proof that holds. Kept, and shown to everyone on the staff.",
        }),
      }),
    ),
  },
  responses: { 200: text(version, "Published."), ...refusals(401, 403, 404, 409) },
});

export function addSuites(api: OpenAPIHono<AppEnv>): void {
  addReads(api);
  api.openapi(register, async (c) => {
    const { db, blobs, archives } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourseForAny(db, viewer, c.req.valid("param").course);
    permit(viewer, access, "suite.register");
    const made = await withUpload(c, viewer.id, SUITE_UPLOAD_LIMIT_BYTES, (upload) =>
      registerVersion({ db, blobs, archives }, viewer, access, upload),
    );
    return c.json(versionAnswer(made.version), made.known ? 200 : 201);
  });
  api.openapi(prove, async (c) => {
    return c.json(
      versionAnswer(await startProof(c.var.services, viewerOf(c), c.req.valid("param").version)),
      200,
    );
  });
  api.openapi(endProof, async (c) => {
    const { db, queue } = c.var.services;
    return c.json(
      versionAnswer(await cancelProof(db, queue, viewerOf(c), c.req.valid("param").version)),
      200,
    );
  });
  api.openapi(events, async (c) => {
    const { db } = c.var.services;
    const { version } = c.req.valid("param");
    await findVersion(db, viewerOf(c), version);
    return streamRows(c, viewerOf(c), version, async (viewer) =>
      liveProof(await proofProgress(db, await findVersion(db, viewer, version))),
    ) as never;
  });
  api.openapi(publish, async (c) => {
    const { version } = c.req.valid("param");
    const reason = c.req.valid("json").unproved ?? null;
    return c.json(versionAnswer(await publishVersion(c.var.services.db, viewerOf(c), version, reason)), 200);
  });
}

function addReads(api: OpenAPIHono<AppEnv>): void {
  api.openapi(list, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const entries = await listSuites(
      db,
      viewer,
      await findCourseForAny(db, viewer, c.req.valid("param").course),
    );
    return c.json({ items: entries.map((entry) => versionAnswer(entry.version)) }, 200);
  });
  api.openapi(versions, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { course, suite } = c.req.valid("param");
    const found = await listVersions(db, viewer, await findCourseForAny(db, viewer, course), suite);
    return c.json({ items: found.versions.map(versionAnswer) }, 200);
  });
  api.openapi(get, async (c) => {
    const { version } = await findVersion(c.var.services.db, viewerOf(c), c.req.valid("param").version);
    const answer = { ...versionAnswer(version), proof: version.proof, declared: version.tests };
    return c.json(answer, 200);
  });
}

function versionAnswer({ id, config, number, hash, bytes, state, tests, proof, ...row }: VersionRecord) {
  return {
    ...{ id, suite: config.id, title: config.title, number, hash, bytes, state },
    unprovedReason: row.unprovedReason,
    tests: tests?.length ?? null,
    max: tests?.reduce((sum, test) => sum + test.max, 0) ?? null,
    problems: proof?.problems ?? null,
    createdAt: row.createdAt.toISOString(),
    publishedAt: iso(row.publishedAt),
  };
}

function liveProof(progress: ProofProgress | null): LiveRows {
  const runs = progress?.runs ?? [];
  const running = runs.flatMap(({ state, attemptId }) => (state === "running" ? [attemptId] : []));
  return {
    data: { state: progress?.proof.state ?? null, done: progress?.done ?? 0, total: runs.length, running },
    over: progress?.proof.state !== "running",
    watch: new Set(runs.map(({ attemptId }) => attemptId)),
  };
}
