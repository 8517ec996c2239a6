// What was handed in, to read: the list of files, and one file with line numbers.
import { buffer } from "node:stream/consumers";
import type { Context, Hono } from "hono";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { viewReview } from "../../review/review.ts";
import { listFiles, MANIFEST_PAGE, openFile } from "../../submissions/files.ts";
import { findSubmission, noteLook } from "../../submissions/submissions.ts";
import { pageContext } from "../context.ts";
import { highlight, languageOf } from "./highlight.ts";
import { FilesPage, SourcePage } from "./page.tsx";
import { readText, SHOWN_LIMIT_BYTES } from "./read-text.ts";

export function addSource(web: Hono<AppEnv>): void {
  web.get("/submissions/:submission/files", async (c) => {
    const access = await look(c, "files");
    const after = Number(c.req.query("after") ?? -1);
    const files = await listFiles(c.var.services.db, access, Number.isSafeInteger(after) ? after : -1);
    const next = files.length === MANIFEST_PAGE ? files.at(-1)!.position : null;
    return c.html(<FilesPage at={pageContext(c)} access={access} files={files} next={next} />);
  });
  web.get("/submissions/:submission/source", async (c) => {
    const path = c.req.query("path") ?? "";
    const access = await look(c, `file ${path.slice(0, 300)}`);
    const { db, blobs } = c.var.services;
    const { entry, bytes } = await openFile(db, blobs, access, path);
    const review = await viewReview(db, access);
    const notes = review?.comments.filter((comment) => comment.path === entry.path) ?? [];
    if (entry.bytes > SHOWN_LIMIT_BYTES) {
      bytes.destroy();
      const props = { at: pageContext(c), access, entry, shown: { kind: "large" as const }, notes };
      return c.html(<SourcePage {...props} />);
    }
    const shown = readText(await buffer(bytes));
    const lines = shown.kind === "text" ? await highlight(entry.sha256, shown.text, languageOf(path)) : [];
    const props = { at: pageContext(c), access, entry, shown, lines, notes };
    return c.html(<SourcePage {...props} />);
  });
}

async function look(c: Context<AppEnv>, what: string) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const access = await findSubmission(db, viewer, c.req.param("submission")!);
  await noteLook(db, viewer, access, what);
  return access;
}
