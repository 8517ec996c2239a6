// How a course goes, one assignment at a time; for staff.
import type { Hono } from "hono";
import { findAssignment, listAssignments } from "../../assignments/assignments.ts";
import { permitSight } from "../../courses/access.ts";
import { findCourse } from "../../courses/courses.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { type AssignmentLine, insightLines, insightOf } from "../../insight/course-insight.ts";
import { pageContext } from "../context.ts";
import { InsightPage } from "./page.tsx";

export function addInsight(web: Hono<AppEnv>): void {
  web.get("/courses/:course/insight", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.param("course"));
    permitSight(viewer, access, "gradebook.view");
    const lines = await insightLines(db, viewer, access, await listAssignments(db, viewer, access));
    const slug = c.req.query("assignment") ?? chosen(lines)?.slug;
    const found =
      slug === undefined ? null : await findAssignment(db, viewer, `${access.course.slug}.${slug}`);
    const looked = found && { access: found, insight: await insightOf(db, viewer, found) };
    return c.html(<InsightPage at={pageContext(c)} access={access} lines={lines} looked={looked} />);
  });
}

/** Where most happens now: the next that is due and has submissions, or the last that has any, or any. */
function chosen(lines: AssignmentLine[]): AssignmentLine | undefined {
  const begun = lines.filter(({ submissions }) => submissions > 0);
  const next = begun.find(({ dueAt }) => dueAt !== null && dueAt.getTime() > Date.now());
  return next ?? begun.at(-1) ?? lines[0];
}
