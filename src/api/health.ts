// For whoever watches the server: it lives; it can do its work.
import { sql } from "drizzle-orm";
import type { Hono } from "hono";
import type { AppEnv } from "../http/services.ts";

const DEADLINE_MS = 2000;

export function addHealth(app: Hono<AppEnv>): void {
  app.get("/healthz", (c) => c.json({ ok: true }));
  app.get("/readyz", async (c) => {
    const { db, log } = c.var.services;
    const deadline = new Promise<never>((_, late) => {
      setTimeout(() => late(new Error("the database does not answer")), DEADLINE_MS).unref();
    });
    try {
      await Promise.race([db.execute(sql`select 1 from people limit 1`), deadline]);
      return c.json({ ok: true });
    } catch (error) {
      log.warn({ err: error }, "not ready");
      return c.json({ ok: false, missing: ["database"] }, 503);
    }
  });
}
