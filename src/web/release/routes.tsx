// Releasing an assignment's results: to all but those held back, and closing them again.
import type { Context, Hono } from "hono";
import { findAssignment } from "../../assignments/assignments.ts";
import {
  holdBack,
  letGo,
  listHoldBacks,
  publishResults,
  withdrawResults,
} from "../../assignments/release.ts";
import { releaseCounts } from "../../gradebook/release-counts.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { scoreCounts } from "../../lms/scores.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import type { MessageKey } from "../messages/translate.ts";
import { ReleasePage } from "./page.tsx";

export function addRelease(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/release", async (c) => {
    const { db, viewer, access } = await asked(c);
    const held = await listHoldBacks(db, viewer, access);
    const counts = await releaseCounts(db, viewer, access);
    const lms = await scoreCounts(db, viewer, access);
    return c.html(<ReleasePage at={pageContext(c)} {...{ access, held, counts, lms }} />);
  });
  web.post("/assignments/:assignment/release", async (c) => {
    const { db, viewer, access } = await asked(c);
    await publishResults(db, viewer, access);
    return back(c, "release.done");
  });
  web.post("/assignments/:assignment/release/withdraw", async (c) => {
    const { db, viewer, access } = await asked(c);
    await withdrawResults(db, viewer, access);
    return back(c, "release.withdrawn");
  });
  web.post("/assignments/:assignment/release/held", async (c) => {
    const { db, viewer, access } = await asked(c);
    const { email, reason } = await c.req.parseBody();
    await holdBack(db, viewer, access, { email: String(email ?? ""), reason: String(reason ?? "") });
    return back(c, "release.held.saved");
  });
  web.post("/assignments/:assignment/release/held/:person/delete", async (c) => {
    const { db, viewer, access } = await asked(c);
    await letGo(db, viewer, access, c.req.param("person"));
    return back(c, "release.held.saved");
  });
}

async function asked(c: Context<AppEnv>) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  return { db, viewer, access: await findAssignment(db, viewer, c.req.param("assignment")!) };
}

function back(c: Context<AppEnv>, said: MessageKey) {
  setFlash(c, said);
  return c.redirect(`/assignments/${c.req.param("assignment")}/release`, 303);
}
