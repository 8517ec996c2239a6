// A course: for a student what is due, what counts and the score so far; for staff what has come in.
import type { Hono } from "hono";
import { allows } from "../../courses/access.ts";
import { findCourse } from "../../courses/courses.ts";
import { listGroups } from "../../courses/groups.ts";
import { seeAsStudent } from "../../courses/see-as.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { databaseNow } from "../../platform/time.ts";
import { isBlind } from "../../submissions/blind.ts";
import { pageContext } from "../context.ts";
import { CoursePage } from "./page.tsx";
import { staffRows, studentRows } from "./rows.ts";

export function addCourse(web: Hono<AppEnv>): void {
  web.get("/courses/:course", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.param("course"));
    const staff = allows(access.standing, "submission.view_any");
    const now = await databaseNow(db);
    const rows = await (staff ? staffRows : studentRows)(db, viewer, access, now);
    const groups = staff || (await listGroups(db, viewer, access)).length > 0;
    const page = { at: pageContext(c), access, rows, now, groups, seenAs: null };
    return c.html(<CoursePage {...page} />);
  });
  web.get("/courses/:course/as/:person", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const staff = await findCourse(db, viewer, c.req.param("course"));
    const eyes = await seeAsStudent(db, viewer, staff, c.req.param("person"));
    const now = await databaseNow(db);
    const all = await studentRows(db, eyes.viewer, eyes.access, now);
    // Whose work is whose is not told to those who grade it without names.
    const rows = all.map((row) => (isBlind(staff.standing, row.assignment) ? { ...row, mine: null } : row));
    const page = { at: pageContext(c), access: eyes.access, rows, now, groups: false };
    return c.html(<CoursePage {...page} seenAs={{ id: eyes.viewer.id, name: eyes.viewer.name }} />);
  });
}
