// What changed between two submissions of one person.
import type { Hono } from "hono";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { pageContext } from "../context.ts";
import { loadCompare } from "./load.ts";
import { ComparePage } from "./page.tsx";

export function addCompare(web: Hono<AppEnv>): void {
  web.get("/submissions/:submission/compare/:before", async (c) => {
    const ids = { after: c.req.param("submission"), before: c.req.param("before") };
    const asStudent = c.req.query("as") === "student";
    const view = await loadCompare(c.var.services, viewerOf(c), ids, asStudent);
    return c.html(<ComparePage at={pageContext(c)} view={view} />);
  });
}
