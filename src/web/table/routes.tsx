// Staff's table of an assignment's submissions. With a script only the table is fetched anew; without, the page.
import type { Hono } from "hono";
import { findAssignment } from "../../assignments/assignments.ts";
import { allows } from "../../courses/access.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { submissionTable, tableQuery } from "../../submissions/table.ts";
import { pageContext } from "../context.ts";
import { Rows, TablePage } from "./page.tsx";

export function addTable(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/submissions", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const ref = c.req.param("assignment");
    const access = await findAssignment(db, viewer, ref);
    // A student's list is on the assignment's own page.
    if (!allows(access.standing, "submission.view_any")) return c.redirect(`/assignments/${ref}`, 303);
    const query = tableQuery.parse(c.req.query());
    const table = await submissionTable(db, viewer, access, query);
    const props = { at: pageContext(c), access, query, ...table };
    return c.html(c.req.header("hx-request") ? <Rows {...props} /> : <TablePage {...props} />);
  });
}
