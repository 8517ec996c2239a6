// An assignment: its page, its starter, and handing in from a plain form. With a script the page sends the same
// form to the API instead, which can be watched on its way.
import { Readable } from "node:stream";
import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { findAssignment } from "../../assignments/assignments.ts";
import { downloadHeaders } from "../../http/headers.ts";
import type { AppEnv } from "../../http/services.ts";
import { withUpload } from "../../http/upload.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { canonicalToZip } from "../../storage/zip-write.ts";
import { stateContribution } from "../../submissions/contributions.ts";
import { fail } from "../../submissions/errors.ts";
import { checkMaySubmit, submit, suiteInUse } from "../../submissions/submit.ts";
import { builtAssets } from "../assets.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { loadAssignment } from "./load.ts";
import { AssignmentPage } from "./page.tsx";

export function addAssignment(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment", (c) => showAssignment(c, null));
  web.post("/assignments/:assignment/submissions", async (c) => {
    try {
      const made = await handIn(c);
      setFlash(c, made.repeated ? "upload.again" : "upload.done", made.repeated ? "info" : "success");
      return c.redirect(`/submissions/${made.submission.id}`, 303);
    } catch (error) {
      if (!(error instanceof UserError) || error.status === 401 || error.status === 404) throw error;
      return showAssignment(c, error);
    }
  });
  web.post("/assignments/:assignment/contribution", async (c) => {
    try {
      await keepStatement(c);
    } catch (error) {
      if (!(error instanceof UserError) || ![409, 422].includes(error.status)) throw error;
      return showAssignment(c, error);
    }
    setFlash(c, "contribution.saved");
    return c.redirect(`/assignments/${c.req.param("assignment")}#contribution`, 303);
  });
  web.get("/assignments/:assignment/starter.zip", async (c) => {
    const { blobs } = c.var.services;
    const view = await loadAssignment(c.var.services, viewerOf(c), c.req.param("assignment"), c.var.lang);
    if (!view.suite || view.suite.files.starter.length === 0) throw fail("not_found");
    const { blob, starter } = view.suite.files;
    const manifest = starter.map((file) => ({ ...file, sha256: "" }));
    const bytes = Readable.toWeb(canonicalToZip(blobs, blob, manifest)) as ReadableStream;
    const headers = downloadHeaders(`${view.access.assignment.slug}-starter.zip`, null);
    return new Response(bytes, { headers: { ...headers, "Content-Type": "application/zip" } });
  });
}

async function showAssignment(c: Context<AppEnv>, error: UserError | null) {
  const view = await loadAssignment(c.var.services, viewerOf(c), c.req.param("assignment")!, c.var.lang);
  const math = view.sheet?.hasMath ? builtAssets("math.ts").styles : [];
  const page = <AssignmentPage at={pageContext(c)} view={view} math={math} error={error} />;
  return c.html(page, (error?.status ?? 200) as ContentfulStatusCode);
}

async function keepStatement(c: Context<AppEnv>): Promise<void> {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const access = await findAssignment(db, viewer, c.req.param("assignment")!);
  const form = await c.req.parseBody();
  const share = String(form.share ?? "").trim();
  const wish = { text: String(form.text ?? ""), share: share === "" ? null : Number(share) };
  await stateContribution(db, viewer, access, wish);
}

async function handIn(c: Context<AppEnv>) {
  const { services } = c.var;
  const viewer = viewerOf(c);
  const access = await findAssignment(services.db, viewer, c.req.param("assignment")!);
  const agreed = z.coerce.number().int().min(0).max(365).catch(0).parse(c.req.query("acceptLate"));
  await checkMaySubmit(services.db, viewer, access, agreed);
  const { config } = await suiteInUse(services.db, access);
  return withUpload(c, viewer.id, config.limits.upload, (upload) =>
    submit(services, viewer, access, upload, null, agreed),
  );
}
