// An assignment: its page, its starter, and handing in from a plain form. With a script the page sends the same
// form to the API instead, which can be watched on its way.
import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { findAssignment } from "../../assignments/assignments.ts";
import { seeAsStudent } from "../../courses/see-as.ts";
import { downloadHeaders } from "../../http/headers.ts";
import type { AppEnv } from "../../http/services.ts";
import { streamed } from "../../http/streamed.ts";
import { withUpload } from "../../http/upload.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { canonicalToZip } from "../../storage/zip-write.ts";
import { isBlind } from "../../submissions/blind.ts";
import { stateContribution } from "../../submissions/contributions.ts";
import { fail } from "../../submissions/errors.ts";
import { checkMaySubmit, submit, suiteInUse } from "../../submissions/submit.ts";
import { builtAssets } from "../assets.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { type AssignmentView, loadAssignment } from "./load.ts";
import { AssignmentPage } from "./page.tsx";

export function addAssignment(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment", (c) => showAssignment(c, null));
  web.get("/courses/:course/as/:person/:assignment", showAsStudent);
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
      return showAssignment(c, null, error);
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
    const headers = downloadHeaders(`${view.access.assignment.slug}-starter.zip`, null);
    const zip = canonicalToZip(blobs, blob, manifest);
    return streamed(zip, { ...headers, "Content-Type": "application/zip" });
  });
}

async function showAssignment(
  c: Context<AppEnv>,
  error: UserError | null,
  statementError: UserError | null = null,
) {
  const view = await loadAssignment(c.var.services, viewerOf(c), c.req.param("assignment")!, c.var.lang);
  const page = (
    <AssignmentPage at={pageContext(c)} view={view} math={mathOf(view)} {...{ error, statementError }} />
  );
  return c.html(page, ((error ?? statementError)?.status ?? 200) as ContentfulStatusCode);
}

const mathOf = (view: AssignmentView) => (view.sheet?.hasMath ? builtAssets("math.ts").styles : []);

/** With a student's eyes, read only; that somebody looked is in the log. */
async function showAsStudent(c: Context<AppEnv>) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const { course, person, assignment: slug } = c.req.param() as Record<string, string>;
  const staff = await findAssignment(db, viewer, `${course}.${slug}`);
  // Whose work is whose is what nobody is to know.
  if (isBlind(staff.standing, staff.assignment)) throw fail("blind_now");
  const eyes = await seeAsStudent(db, viewer, staff, person!, { assignment: staff.assignment.id });
  const view = await loadAssignment(c.var.services, eyes.viewer, staff.assignment.id, c.var.lang);
  const seenAs = { id: eyes.viewer.id, name: eyes.viewer.name };
  const page = { at: pageContext(c), view: { ...view, seenAs }, math: mathOf(view), error: null };
  return c.html(<AssignmentPage {...page} />);
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
