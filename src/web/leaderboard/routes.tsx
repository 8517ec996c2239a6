// The leaderboard, where the suite declares one and the assignment has it on.
import type { Context, Hono } from "hono";
import { findAssignment } from "../../assignments/assignments.ts";
import { leaderboardOf, showMyName, switchLeaderboard } from "../../gradebook/leaderboard.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { LeaderboardPage } from "./page.tsx";

export function addLeaderboard(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/leaderboard", async (c) => {
    const { db, viewer, access } = await asked(c);
    const column = Number(c.req.query("column"));
    const order = c.req.query("order") === "asc" ? ("asc" as const) : ("desc" as const);
    const sort =
      Number.isSafeInteger(column) && column >= 0 && c.req.query("column") ? { column, order } : null;
    const leaderboard = await leaderboardOf(db, viewer, access, sort);
    return c.html(
      <LeaderboardPage at={pageContext(c)} access={access} leaderboard={leaderboard} sort={sort} />,
    );
  });
  web.post("/assignments/:assignment/leaderboard", async (c) => {
    const { db, viewer, access } = await asked(c);
    await switchLeaderboard(db, viewer, access, (await c.req.parseBody()).on === "1");
    return back(c);
  });
  web.post("/assignments/:assignment/leaderboard/name", async (c) => {
    const { db, viewer, access } = await asked(c);
    await showMyName(db, viewer, access, (await c.req.parseBody()).named === "1");
    return back(c);
  });
}

async function asked(c: Context<AppEnv>) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  return { db, viewer, access: await findAssignment(db, viewer, c.req.param("assignment")!) };
}

function back(c: Context<AppEnv>) {
  setFlash(c, "leaderboard.saved");
  return c.redirect(`/assignments/${c.req.param("assignment")}/leaderboard`, 303);
}
