// Similarity: asking for a comparison, its pairs, and two files side by side. Each look at a pair is a look at two
// people's work, and is noted as such.

import { buffer } from "node:stream/consumers";
import type { Context, Hono } from "hono";
import type { Viewer } from "../../accounts/viewer.ts";
import { findAssignment } from "../../assignments/assignments.ts";
import type { AppEnv, Services } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { findPair, latestReport, listPairs, startComparison } from "../../similarity/similarity.ts";
import { isBlind } from "../../submissions/blind.ts";
import { fail } from "../../submissions/errors.ts";
import { openFile } from "../../submissions/files.ts";
import { findSubmission, noteLook } from "../../submissions/submissions.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { highlight, type Lines } from "../source/highlight.ts";
import { readText, SHOWN_LIMIT_BYTES } from "../source/read-text.ts";
import { SimilarityPage } from "./page.tsx";
import { PairPage } from "./pair.tsx";

export function addSimilarity(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/similarity", async (c) => {
    const { viewer, access } = await asked(c);
    const { db } = c.var.services;
    const report = await latestReport(db, viewer, access);
    const pairs = report ? await listPairs(db, report) : [];
    return c.html(<SimilarityPage at={pageContext(c)} access={access} report={report} pairs={pairs} />);
  });
  web.post("/assignments/:assignment/similarity", async (c) => {
    const { viewer, access } = await asked(c);
    // It ends by itself and keeps its own end.
    await startComparison(c.var.services, viewer, access);
    setFlash(c, "similarity.started", "info");
    return c.redirect(`/assignments/${c.req.param("assignment")}/similarity`, 303);
  });
  web.get("/assignments/:assignment/similarity/:report/:position", async (c) => {
    const { viewer, access } = await asked(c);
    const { services } = c.var;
    const { report, position } = c.req.param();
    const pair = await findPair(services.db, viewer, access, report, Number(position));
    const left = await sideOf(services, viewer, pair.left, pair.leftPath);
    const right = await sideOf(services, viewer, pair.right, pair.rightPath);
    return c.html(<PairPage at={pageContext(c)} access={access} pair={pair} left={left} right={right} />);
  });
}

async function asked(c: Context<AppEnv>) {
  const viewer = viewerOf(c);
  const access = await findAssignment(c.var.services.db, viewer, c.req.param("assignment")!);
  // Pairs are of people.
  if (isBlind(access.standing, access.assignment)) throw fail("blind_now");
  return { viewer, access };
}

/** The file's lines; null where it cannot be shown as text. */
async function sideOf(
  { db, blobs }: Services,
  viewer: Viewer,
  submissionId: string,
  path: string,
): Promise<Lines | null> {
  const access = await findSubmission(db, viewer, submissionId);
  await noteLook(db, viewer, access, `similarity ${path}`);
  const { entry, bytes } = await openFile(db, blobs, access, path);
  if (entry.bytes > SHOWN_LIMIT_BYTES) {
    bytes.destroy();
    return null;
  }
  const shown = readText(await buffer(bytes));
  return shown.kind === "text" ? highlight(entry.sha256, shown.text, "python") : null;
}
