// The queue for GPUs: looked at, its part alone while it is looked at, moved in, and a move undone.
import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { may } from "../../courses/access.ts";
import { findCourse } from "../../courses/courses.ts";
import { moves } from "../../grading/rota.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { fail } from "../../submissions/errors.ts";
import { rotaFor } from "../../submissions/rota.ts";
import { listMoves, moveInRota, undoMove } from "../../submissions/rota-moves.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { RotaPage, RotaPart } from "./page.tsx";
import type { RotaPageView } from "./view.ts";

export function addRota(web: Hono<AppEnv>): void {
  web.get("/courses/:course/rota", (c) => show(c, null, ""));
  web.get("/courses/:course/rota/part", async (c) =>
    c.html(<RotaPart at={pageContext(c)} view={await load(c, null, "")} />),
  );
  web.post("/courses/:course/rota", async (c) => {
    const { move, reason } = await c.req.parseBody();
    const said = typeof reason === "string" ? reason : "";
    return changed(c, said, "rota.done", async () => {
      const { db } = c.var.services;
      const [attemptId = "", wanted = ""] = String(move).split(" ");
      const access = await findCourse(db, viewerOf(c), c.req.param("course"));
      const known = moves.find((one) => one === wanted);
      if (!known) throw fail("not_in_rota");
      await moveInRota(db, viewerOf(c), access, { attemptId, move: known, reason: said });
    });
  });
  web.post("/courses/:course/rota/undo", (c) =>
    changed(c, "", "rota.undone", async () => {
      const { db } = c.var.services;
      await undoMove(db, viewerOf(c), await findCourse(db, viewerOf(c), c.req.param("course")));
    }),
  );
}

async function changed(
  c: Context<AppEnv>,
  reason: string,
  flash: "rota.done" | "rota.undone",
  work: () => Promise<void>,
) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError) || ![409, 422].includes(error.status)) throw error;
    return show(c, error, reason);
  }
  setFlash(c, flash);
  return c.redirect(`/courses/${c.req.param("course")}/rota`, 303);
}

async function show(c: Context<AppEnv>, error: UserError | null, reason: string) {
  const page = <RotaPage at={pageContext(c)} view={await load(c, error, reason)} />;
  return c.html(page, (error?.status ?? 200) as ContentfulStatusCode);
}

async function load(c: Context<AppEnv>, error: UserError | null, reason: string): Promise<RotaPageView> {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const access = await findCourse(db, viewer, c.req.param("course") ?? "");
  const rota = await rotaFor(db, viewer, access);
  const moves = await listMoves(db, access);
  return { ...{ access, rota, moves, error, reason }, mayMove: may(viewer, access, "rota.move") };
}
