// How many workers a deadline needs: for whoever runs the installation, and for whoever leads a course, with its
// number of students.

import { and, eq } from "drizzle-orm";
import type { Context, Hono } from "hono";
import { requireAdmin } from "../../accounts/viewer.ts";
import { permitSight } from "../../courses/access.ts";
import { findCourse } from "../../courses/courses.ts";
import { roster } from "../../courses/tables.ts";
import { listWorkers } from "../../grading/overview.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { capacityPlan } from "../../insight/plan.ts";
import { AdminFrame } from "../admin/frame.tsx";
import { Page } from "../components/page.tsx";
import { courseTrail } from "../components/trail.ts";
import { pageContext } from "../context.ts";
import { planForm, wishOf } from "./form.ts";
import { PlanPart, type PlanView } from "./page.tsx";

const STUDENTS = 100;

export function addPlan(web: Hono<AppEnv>): void {
  web.get("/admin/plan", async (c) => {
    requireAdmin(viewerOf(c));
    const at = pageContext(c);
    const view = await planView(c, STUDENTS);
    return c.html(
      <AdminFrame at={at} here="plan">
        <PlanPart at={at} view={view} />
      </AdminFrame>,
    );
  });
  web.get("/courses/:course/plan", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.param("course"));
    permitSight(viewer, access, "capacity.view");
    const { course } = access;
    const students = and(eq(roster.courseId, course.id), eq(roster.role, "student"));
    const at = pageContext(c);
    const view = await planView(c, (await db.$count(roster, students)) || STUDENTS);
    return c.html(
      <Page
        at={at}
        title={at.t("plan.title")}
        lead={at.t("plan.lead")}
        wide
        trail={[...courseTrail(at, course), [at.t("insight.title"), `/courses/${course.slug}/insight`]]}
      >
        <PlanPart at={at} view={view} />
      </Page>,
    );
  });
}

async function planView(c: Context<AppEnv>, students: number): Promise<PlanView> {
  const { db } = c.var.services;
  const live = await listWorkers(db);
  const usual = { students, workers: Math.max(1, live.length), slots: live[0]?.slots ?? 1 };
  const form = planForm(c.req.query(), usual);
  return { form, plan: await capacityPlan(db, wishOf(form)) };
}
