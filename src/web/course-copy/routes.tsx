// A course made from another: looked at first, then made. Plain forms, so that all of it works without scripts.
import type { Context, Hono } from "hono";
import { personByEmail } from "../../accounts/people.ts";
import { requireAdmin } from "../../accounts/viewer.ts";
import { copyCourse } from "../../assignments/copy-course.ts";
import { previewCopy } from "../../assignments/copy-preview.ts";
import { type CourseAccess, permit } from "../../courses/access.ts";
import { findCourse } from "../../courses/courses.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { databaseNow } from "../../platform/time.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { type CopyWish, readCopy, typedIn } from "./form.ts";
import { CopyPage } from "./page.tsx";

export function addCourseCopy(web: Hono<AppEnv>): void {
  web.get("/courses/:course/copy", async (c) => show(c, await originalOf(c), c.req.query()));
  web.post("/courses/:course/copy", async (c) => {
    const { db } = c.var.services;
    const access = await originalOf(c);
    const form = await c.req.parseBody();
    const { wish, instructorId } = await wished(c, access, form);
    const { slug, title, shiftDays, wrong } = wish;
    if (wrong.length > 0 || shiftDays === null) return show(c, access, form, 422);
    try {
      await copyCourse(db, viewerOf(c), access, { slug, title, shiftDays, instructorId });
    } catch (error) {
      // The page says of a name that is taken where it stands.
      if (error instanceof UserError && error.code === "course_exists") return show(c, access, form, 409);
      throw error;
    }
    setFlash(c, "copy.done");
    return c.redirect(`/courses/${slug}`, 303);
  });
}

/** @throws not_found, not_allowed, admin_only */
async function originalOf(c: Context<AppEnv>): Promise<CourseAccess> {
  const viewer = viewerOf(c);
  const access = await findCourse(c.var.services.db, viewer, c.req.param("course")!);
  permit(viewer, access, "course.edit");
  requireAdmin(viewer);
  return access;
}

/** What was typed, read, and who teaches it. */
async function wished(c: Context<AppEnv>, { course }: CourseAccess, given: Record<string, unknown>) {
  const typed = typedIn(given, course);
  const wish: CopyWish = readCopy(typed);
  const asked = wish.instructor !== "" && !wish.wrong.includes("instructor");
  const person = asked ? await personByEmail(c.var.services.db, wish.instructor) : null;
  if (asked && !person) wish.wrong.push("instructor");
  return { typed, wish, instructorId: person?.id ?? null };
}

async function show(
  c: Context<AppEnv>,
  access: CourseAccess,
  given: Record<string, unknown>,
  status: 200 | 409 | 422 = 200,
) {
  const { db } = c.var.services;
  const { typed, wish } = await wished(c, access, given);
  const { slug, shiftDays } = wish;
  const preview = shiftDays === null ? null : await previewCopy(db, viewerOf(c), access, { slug, shiftDays });
  // Before anything was typed nothing is wrong; dates are shown all the same.
  const first = given.slug === undefined;
  const now = await databaseNow(db);
  const view = { access, typed, preview, shiftDays, first, now, wrong: first ? [] : wish.wrong };
  return c.html(<CopyPage at={pageContext(c)} view={view} />, status);
}
