// The administration: what runs, what needs a person, who is here, and the log of a course or of everything.
import { join } from "node:path";
import type { Context, Hono } from "hono";
import { audit } from "../../accounts/audit.ts";
import { auditActions, auditQuery, searchAudit } from "../../accounts/audit-search.ts";
import { changePerson, type PersonChange } from "../../accounts/change-person.ts";
import { fail } from "../../accounts/errors.ts";
import { invite, listPeople, personById } from "../../accounts/people.ts";
import { requireAdmin } from "../../accounts/viewer.ts";
import { permit } from "../../courses/access.ts";
import { findCourse, isUuid } from "../../courses/courses.ts";
import { coursesOf } from "../../courses/courses-of.ts";
import { listDevices } from "../../grading/device-queue.ts";
import { listLanes, listWorkers } from "../../grading/overview.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { databaseNow } from "../../platform/time.ts";
import { spaceOf } from "../../storage/space.ts";
import { needsAttention, retryAttempt } from "../../submissions/needs-attention.ts";
import { storageUse } from "../../submissions/storage-use.ts";
import { AuditTable, type AuditView } from "../audit/page.tsx";
import { CourseNav } from "../components/course-nav.tsx";
import { Page } from "../components/page.tsx";
import { courseTrail } from "../components/trail.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { AdminFrame } from "./frame.tsx";
import { OverviewPage } from "./overview.tsx";
import { PeoplePage, type PeopleView } from "./people.tsx";

export function addAdmin(web: Hono<AppEnv>): void {
  web.get("/admin", async (c) => {
    const { db, uploads } = c.var.services;
    const viewer = viewerOf(c);
    requireAdmin(viewer);
    const view = {
      workers: await listWorkers(db),
      devices: await listDevices(db),
      lanes: await listLanes(db),
      attention: await needsAttention(db, viewer),
      storage: await storageUse(db, viewer),
      disk: await spaceOf(join(uploads, "..")),
      now: await databaseNow(db),
    };
    return c.html(<OverviewPage at={pageContext(c)} view={view} />);
  });
  web.post("/admin/attempts/:attempt/retry", async (c) => {
    const { db, queue } = c.var.services;
    const viewer = viewerOf(c);
    requireAdmin(viewer);
    await retryAttempt(db, queue, viewer, c.req.param("attempt"));
    setFlash(c, "admin.attention.retried");
    return c.redirect("/admin", 303);
  });
  addPeople(web);
  addAudit(web);
}

const changes: Record<string, PersonChange> = {
  "make-admin": { admin: true },
  "unmake-admin": { admin: false },
  enable: { disabled: false },
  disable: { disabled: true },
};

function addPeople(web: Hono<AppEnv>): void {
  web.get("/admin/people", (c) => showPeople(c, {}));
  web.post("/admin/people/:person/invite", async (c) => {
    const { db, auth, publicUrl } = c.var.services;
    const viewer = viewerOf(c);
    requireAdmin(viewer);
    const id = c.req.param("person");
    const found = isUuid(id) ? await personById(db, id) : null;
    if (!found) throw fail("not_found");
    await audit(db, { actorId: viewer.id, action: "person.invited", subject: { kind: "person", id } });
    const url = `${publicUrl}/set-password#${await invite(auth, id)}`;
    return showPeople(c, { search: found.email, link: { name: found.name, url } });
  });
  web.post("/admin/people/:person/:act", async (c) => {
    const viewer = viewerOf(c);
    const change = changes[c.req.param("act")];
    const id = c.req.param("person");
    requireAdmin(viewer);
    if (!change || !isUuid(id)) throw fail("not_found");
    try {
      const { email } = await changePerson(c.var.services.db, viewer, id, change);
      setFlash(c, "admin.people.changed");
      return c.redirect(`/admin/people?q=${encodeURIComponent(email)}`, 303);
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "last_admin") throw error;
      c.status(409);
      return showPeople(c, { error: error.sentence(c.var.lang) });
    }
  });
}

async function showPeople(c: Context<AppEnv>, said: Partial<PeopleView>) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  requireAdmin(viewer);
  const search = said.search ?? (c.req.query("q") ?? "").trim().slice(0, 100);
  const people = await listPeople(db, search, (c.req.query("after") ?? "").slice(0, 300));
  const courses = await coursesOf(
    db,
    viewer,
    people.map(({ id }) => id),
  );
  const view = { link: null, error: null, ...said, search, people, courses };
  return c.html(<PeoplePage at={pageContext(c)} view={view} />);
}

function addAudit(web: Hono<AppEnv>): void {
  web.get("/admin/audit", async (c) => {
    requireAdmin(viewerOf(c));
    const at = pageContext(c);
    const view = await auditView(c, "/admin/audit", null, "UTC");
    return c.html(
      <AdminFrame at={at} here="audit">
        <AuditTable at={at} view={view} />
      </AdminFrame>,
    );
  });
  web.get("/courses/:course/audit", async (c) => {
    const viewer = viewerOf(c);
    const access = await findCourse(c.var.services.db, viewer, c.req.param("course"));
    permit(viewer, access, "audit.view");
    const at = pageContext(c);
    const { id, slug, timeZone } = access.course;
    const view = await auditView(c, `/courses/${slug}/audit`, id, timeZone);
    return c.html(
      <Page
        at={at}
        title={at.t("audit.title")}
        lead={at.t("audit.lead")}
        wide
        trail={courseTrail(at, access.course)}
      >
        <CourseNav at={at} access={access} here="audit" />
        <AuditTable at={at} view={view} />
      </Page>,
    );
  });
}

async function auditView(
  c: Context<AppEnv>,
  address: string,
  courseId: string | null,
  zone: string,
): Promise<AuditView> {
  const { db } = c.var.services;
  const query = auditQuery.parse(c.req.query());
  const actions = await auditActions(db, courseId);
  return { address, zone, query, actions, entries: await searchAudit(db, courseId, query) };
}
