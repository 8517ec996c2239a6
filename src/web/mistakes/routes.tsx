// What an assignment's students did not understand, and one of them beside the reference; for staff.
import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { eq } from "drizzle-orm";
import type { Hono } from "hono";
import { findAssignment } from "../../assignments/assignments.ts";
import { permitSight } from "../../courses/access.ts";
import type { AppEnv, Services } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { mistakesOf } from "../../insight/mistakes.ts";
import { filesUnder } from "../../judge/read-suite.ts";
import { listFiles, openFile } from "../../submissions/files.ts";
import { findSubmission, noteLook, type SubmissionAccess } from "../../submissions/submissions.ts";
import { suiteVersions } from "../../suites/tables.ts";
import { versionFiles } from "../../suites/version-files.ts";
import { pageContext } from "../context.ts";
import { highlight, type Lines, languageOf } from "../source/highlight.ts";
import { readText, SHOWN_LIMIT_BYTES } from "../source/read-text.ts";
import { type BesideFile, BesidePage } from "./beside.tsx";
import { addGroup } from "./group-routes.tsx";
import { MistakesPage } from "./page.tsx";

const FILES_LIMIT = 20;

export function addMistakes(web: Hono<AppEnv>): void {
  addGroup(web);
  web.get("/assignments/:assignment/mistakes", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.param("assignment"));
    const mistakes = await mistakesOf(db, viewer, access);
    return c.html(<MistakesPage at={pageContext(c)} access={access} mistakes={mistakes} />);
  });
  web.get("/submissions/:submission/beside", async (c) => {
    const { services } = c.var;
    const viewer = viewerOf(c);
    const access = await findSubmission(services.db, viewer, c.req.param("submission"));
    permitSight(viewer, access, "gradebook.view");
    await noteLook(services.db, viewer, access, "beside the reference");
    return c.html(<BesidePage at={pageContext(c)} access={access} files={await beside(services, access)} />);
  });
}

/** The files that the reference has too, first; then the other sources. */
async function beside({ db, blobs }: Services, access: SubmissionAccess): Promise<BesideFile[]> {
  const [version] = await db
    .select({ blob: suiteVersions.blob })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, access.submission.suiteVersionId));
  const suite = version ? filesUnder((await versionFiles(blobs, version)).files, "reference") : [];
  const reference = new Map(suite.map(({ path, bytes }) => [path, bytes]));
  const sources = (await listFiles(db, access)).filter(({ path }) => languageOf(path) !== null);
  sources.sort((a, b) => Number(reference.has(b.path)) - Number(reference.has(a.path)));
  const files: BesideFile[] = [];
  for (const { path, bytes } of sources.slice(0, FILES_LIMIT)) {
    const right = reference.get(path);
    const theirs =
      bytes > SHOWN_LIMIT_BYTES ? null : await buffer((await openFile(db, blobs, access, path)).bytes);
    files.push({
      path,
      theirs: theirs && (await linesOf(path, theirs)),
      reference: right ? await linesOf(path, right) : null,
    });
  }
  return files;
}

async function linesOf(path: string, bytes: Buffer): Promise<Lines | null> {
  const shown = readText(bytes);
  if (shown.kind !== "text") return null;
  return highlight(createHash("sha256").update(bytes).digest("hex"), shown.text, languageOf(path));
}
