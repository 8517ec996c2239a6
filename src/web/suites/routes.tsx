// Suites: what there is, a version with its proof as it happens, and the acts on it. Plain forms, so that all of it
// works without scripts; uploads go past the API's own checks.
import type { Context, Hono } from "hono";
import { changeAssignment, findAssignment } from "../../assignments/assignments.ts";
import { permit } from "../../courses/access.ts";
import { findCourse } from "../../courses/courses.ts";
import type { AppEnv } from "../../http/services.ts";
import { withUpload } from "../../http/upload.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { countOlderGraded } from "../../submissions/older-graded.ts";
import { bundledSuites, registerBundled } from "../../suites/bundled.ts";
import { cancelProof, startProof } from "../../suites/prove.ts";
import { publishVersion } from "../../suites/publish.ts";
import { registerVersion, SUITE_UPLOAD_LIMIT_BYTES } from "../../suites/register.ts";
import { findVersion, listSuites } from "../../suites/suites.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { SuitesPage } from "./list.tsx";
import { loadVersion } from "./load.ts";
import { VersionPage } from "./page.tsx";
import { ProofPart } from "./proof.tsx";

export function addSuites(web: Hono<AppEnv>): void {
  web.get("/courses/:course/suites", (c) => showSuites(c, null));
  web.post("/courses/:course/suites", async (c) => {
    const { db, blobs, archives } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.param("course"));
    permit(viewer, access, "suite.register");
    try {
      const { version } = await withUpload(c, viewer.id, SUITE_UPLOAD_LIMIT_BYTES, (upload) =>
        registerVersion({ db, blobs, archives }, viewer, access, upload),
      );
      setFlash(c, "suite.registered");
      return c.redirect(`/suite-versions/${version.id}`, 303);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      c.status(422);
      return showSuites(c, error);
    }
  });
  web.post("/courses/:course/suites/bundled", async (c) => {
    const viewer = viewerOf(c);
    const access = await findCourse(c.var.services.db, viewer, c.req.param("course"));
    const { name } = await c.req.parseBody();
    const { version } = await registerBundled(c.var.services, viewer, access, String(name));
    setFlash(c, "suite.registered");
    return c.redirect(`/suite-versions/${version.id}`, 303);
  });
  addVersion(web);
  addUse(web);
}

function addVersion(web: Hono<AppEnv>): void {
  web.get("/suite-versions/:version", async (c) => {
    const view = await loadVersion(c.var.services.db, viewerOf(c), c.req.param("version"));
    return c.html(<VersionPage at={pageContext(c)} view={view} />);
  });
  web.get("/suite-versions/:version/proof", async (c) => {
    const view = await loadVersion(c.var.services.db, viewerOf(c), c.req.param("version"));
    return c.html(<ProofPart at={pageContext(c)} view={view} />);
  });
  web.post("/suite-versions/:version/validation", async (c) => {
    await startProof(c.var.services, viewerOf(c), c.req.param("version"));
    setFlash(c, "suite.proof-started");
    return c.redirect(`/suite-versions/${c.req.param("version")}`, 303);
  });
  web.post("/suite-versions/:version/validation/cancel", async (c) => {
    const { db, queue } = c.var.services;
    await cancelProof(db, queue, viewerOf(c), c.req.param("version"));
    setFlash(c, "suite.proof-ended");
    return c.redirect(`/suite-versions/${c.req.param("version")}`, 303);
  });
  web.post("/suite-versions/:version/publish", async (c) => {
    const { unproved } = await c.req.parseBody();
    const reason = typeof unproved === "string" ? unproved.trim().slice(0, 1000) || null : null;
    await publishVersion(c.var.services.db, viewerOf(c), c.req.param("version"), reason);
    setFlash(c, "suite.published");
    return c.redirect(`/suite-versions/${c.req.param("version")}`, 303);
  });
}

/** From now on this version grades an assignment; what others have graded is offered for a re-run. */
function addUse(web: Hono<AppEnv>): void {
  web.post("/suite-versions/:version/use", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { version } = await findVersion(db, viewer, c.req.param("version"));
    const { assignment: wanted } = await c.req.parseBody();
    const access = await findAssignment(db, viewer, typeof wanted === "string" ? wanted : "");
    await changeAssignment(db, viewer, access.assignment.id, { suiteVersionId: version.id });
    setFlash(c, "suites.used");
    const ref = `${access.course.slug}.${access.assignment.slug}`;
    const { assignment } = await findAssignment(db, viewer, access.assignment.id);
    const older = await countOlderGraded(db, viewer, { ...access, assignment });
    return c.redirect(`/assignments/${ref}/${older > 0 ? "rerun" : "settings"}`, 303);
  });
}

async function showSuites(c: Context<AppEnv>, error: UserError | null) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const access = await findCourse(db, viewer, c.req.param("course")!);
  const entries = await listSuites(db, viewer, access);
  const bundled = await bundledSuites();
  return c.html(
    <SuitesPage at={pageContext(c)} access={access} entries={entries} bundled={bundled} error={error} />,
  );
}
