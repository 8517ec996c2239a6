// The gradebook. With a script only the table is fetched anew; without, the page.
import type { Hono } from "hono";
import { findCourse } from "../../courses/courses.ts";
import { gradebookPage, gradebookQuery, setWeights } from "../../gradebook/gradebook.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { GradebookPage, Rows } from "./page.tsx";

export function addGradebook(web: Hono<AppEnv>): void {
  web.get("/courses/:course/gradebook", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.param("course"));
    const query = gradebookQuery.parse(c.req.query());
    const gradebook = await gradebookPage(db, viewer, access, query);
    const props = { at: pageContext(c), access, query, gradebook };
    return c.html(c.req.header("hx-request") ? <Rows {...props} /> : <GradebookPage {...props} />);
  });
  web.post("/courses/:course/gradebook/weights", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.param("course"));
    const form = await c.req.parseBody();
    const wish = Object.entries(form).flatMap(([name, value]) =>
      typeof value === "string" && name.startsWith("weight-") ? [[name.slice("weight-".length), value]] : [],
    );
    await setWeights(db, viewer, access, Object.fromEntries(wish));
    setFlash(c, "gradebook.weights.saved");
    return c.redirect(`/courses/${access.course.slug}/gradebook`, 303);
  });
}
