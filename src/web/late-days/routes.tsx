// Late days of a course: everybody their own; staff everybody's, and instructors the budgets.
import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { allows } from "../../courses/access.ts";
import { findCourse } from "../../courses/courses.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import {
  budgetsOf,
  grantLateDays,
  lateDayBook,
  myLateDays,
  setBudget,
} from "../../submissions/late-day-book.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { LateDaysPage } from "./page.tsx";

export function addLateDays(web: Hono<AppEnv>): void {
  web.get("/courses/:course/late-days", (c) => show(c, null));
  web.post("/courses/:course/late-days/budgets", (c) =>
    done(c, "lateness.book.was-set", async (form) => {
      const { db } = c.var.services;
      const access = await findCourse(db, viewerOf(c), c.req.param("course"));
      await setBudget(db, viewerOf(c), access, { kind: textOf(form.kind), days: wholeOf(form.days) });
    }),
  );
  web.post("/courses/:course/late-days/grants", (c) =>
    done(c, "lateness.book.given", async (form) => {
      const { db } = c.var.services;
      const access = await findCourse(db, viewerOf(c), c.req.param("course"));
      await grantLateDays(db, viewerOf(c), access, {
        email: textOf(form.email),
        kind: textOf(form.kind),
        days: wholeOf(form.days),
        reason: textOf(form.reason),
      });
    }),
  );
}

const textOf = (value: unknown) => (typeof value === "string" ? value.trim() : "");
const wholeOf = (value: unknown) => (/^\d{1,4}$/.test(textOf(value)) ? Number(value) : Number.NaN);

async function done(
  c: Context<AppEnv>,
  flash: "lateness.book.was-set" | "lateness.book.given",
  work: (form: Record<string, unknown>) => Promise<void>,
) {
  try {
    await work(await c.req.parseBody());
    setFlash(c, flash);
    return c.redirect(`/courses/${c.req.param("course")}/late-days`, 303);
  } catch (error) {
    if (!(error instanceof UserError) || error.status !== 422) throw error;
    return show(c, error);
  }
}

async function show(c: Context<AppEnv>, error: UserError | null) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const access = await findCourse(db, viewer, c.req.param("course")!);
  const staff = allows(access.standing, "submission.view_any");
  const view = {
    access,
    budgets: await budgetsOf(db, access.course.id),
    mine: staff ? null : await myLateDays(db, viewer, access),
    book: staff ? await lateDayBook(db, viewer, access) : null,
    mayEdit: allows(access.standing, "late_days.edit"),
  };
  const page = <LateDaysPage at={pageContext(c)} view={view} error={error} />;
  return c.html(page, (error?.status ?? 200) as ContentfulStatusCode);
}
