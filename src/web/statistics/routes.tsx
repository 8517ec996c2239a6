// How an assignment went, in figures; for staff.
import type { Hono } from "hono";
import { findAssignment } from "../../assignments/assignments.ts";
import { statisticsOf } from "../../gradebook/statistics.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { pageContext } from "../context.ts";
import { StatisticsPage } from "./page.tsx";

export function addStatistics(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/statistics", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.param("assignment"));
    const statistics = await statisticsOf(db, viewer, access);
    return c.html(<StatisticsPage at={pageContext(c)} access={access} statistics={statistics} />);
  });
}
