// A person's data as a file, its deletion by an administrator, and a course's retention date.
import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { fail as failOfDates } from "../../assignments/errors.ts";
import { readZoned } from "../../assignments/zoned.ts";
import { findCourse } from "../../courses/courses.ts";
import { downloadHeaders } from "../../http/headers.ts";
import type { AppEnv } from "../../http/services.ts";
import { streamed } from "../../http/streamed.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { databaseNow } from "../../platform/time.ts";
import { exportPerson } from "../../privacy/export.ts";
import { previewRemoval, removePerson } from "../../privacy/removal.ts";
import { setRetention, viewRetention } from "../../privacy/retention.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { PersonDataPage } from "./person.tsx";
import { RetentionPage } from "./retention.tsx";

export function addPrivacy(web: Hono<AppEnv>): void {
  web.get("/account/export", (c) => download(c, viewerOf(c).id));
  web.get("/admin/people/:person/export", (c) => download(c, c.req.param("person")));
  web.get("/admin/people/:person/privacy", (c) => showPerson(c, null));
  web.post("/admin/people/:person/removal", async (c) => {
    const { email, reason } = await c.req.parseBody();
    const wish = { email: String(email ?? ""), reason: String(reason ?? "") };
    const id = c.req.param("person");
    const error = await refusalOf(removePerson(c.var.services.db, viewerOf(c), id, wish));
    if (error) return showPerson(c, error);
    setFlash(c, "privacy.deleted");
    return c.redirect(`/admin/people/${id}/privacy`, 303);
  });
  web.get("/courses/:course/retention", (c) => showRetention(c, null));
  web.post("/courses/:course/retention", async (c) => {
    const error = await refusalOf(retain(c));
    if (error) return showRetention(c, error);
    setFlash(c, "retention.saved");
    return c.redirect(`/courses/${c.req.param("course")}/retention`, 303);
  });
}

async function retain(c: Context<AppEnv>): Promise<void> {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const access = await findCourse(db, viewer, c.req.param("course")!);
  const form = await c.req.parseBody();
  const until = form.clear ? null : readZoned(String(form.until ?? ""), access.course.timeZone);
  if (!form.clear && !until) throw failOfDates("bad_date");
  await setRetention(db, viewer, access, { until, reason: String(form.reason ?? "") });
}

/** What a form is shown again with; anything else is a page of its own. */
async function refusalOf(work: Promise<unknown>): Promise<UserError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof UserError && [409, 422].includes(error.status)) return error;
    throw error;
  }
}

async function download(c: Context<AppEnv>, id: string) {
  const { db, blobs } = c.var.services;
  const { person, zip } = await exportPerson(db, blobs, viewerOf(c), id);
  return streamed(zip, downloadHeaders(`assay-${person.id}.zip`, null));
}

async function showPerson(c: Context<AppEnv>, error: UserError | null) {
  const view = await previewRemoval(c.var.services.db, viewerOf(c), c.req.param("person")!);
  const page = <PersonDataPage at={pageContext(c)} view={view} error={error} />;
  return c.html(page, (error?.status ?? 200) as ContentfulStatusCode);
}

async function showRetention(c: Context<AppEnv>, error: UserError | null) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const access = await findCourse(db, viewer, c.req.param("course")!);
  const view = await viewRetention(db, viewer, access);
  const page = <RetentionPage at={pageContext(c)} {...{ access, view, error }} now={await databaseNow(db)} />;
  return c.html(page, (error?.status ?? 200) as ContentfulStatusCode);
}
