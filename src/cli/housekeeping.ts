// What a server sweeps up after processes that were killed, and rows that have had their time.
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { lt, sql } from "drizzle-orm";
import { dropOldSignInLimits } from "../accounts/sign-in-limits.ts";
import { sessions, verifications } from "../accounts/tables.ts";
import type { Services } from "../http/services.ts";
import { forgetOldLaunches } from "../lms/launch.ts";
import { clearDueCourses } from "../privacy/retention.ts";
import { finishLeftUploads } from "../submissions/finish-left.ts";
import { SCRATCH_PREFIX } from "../submissions/moving-in/source.ts";
import { sweepUploads } from "../submissions/resumable.ts";
import type { InstallationBlobs } from "./blobs.ts";

const EVERY_MS = 60 * 60_000;
/** Longer than any upload may take: what is older belongs to nobody. */
const STALE_MS = 24 * 60 * 60_000;

/** Sweeps now and every hour. Returns how to end it. */
export function startHousekeeping(
  services: Services,
  blobs: Pick<InstallationBlobs, "sweep">,
): () => Promise<void> {
  let sweeping = Promise.resolve();
  const begin = () => {
    sweeping = sweep(services, blobs).catch((error) =>
      services.log.warn({ err: error }, "housekeeping failed"),
    );
  };
  begin();
  const timer = setInterval(begin, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await sweeping;
  };
}

async function sweep(services: Services, blobs: Pick<InstallationBlobs, "sweep">): Promise<void> {
  const { db, uploads } = services;
  const before = new Date(Date.now() - STALE_MS);
  await blobs.sweep(db, before);
  await removeOldFiles(uploads, before);
  await sweepUploads(db, uploads);
  await finishLeftUploads(services);
  await dropOldSignInLimits(db);
  await forgetOldLaunches(db);
  await clearDueCourses(db);
  await db.delete(sessions).where(lt(sessions.expiresAt, sql`now()`));
  await db.delete(verifications).where(lt(verifications.expiresAt, sql`now()`));
}

async function removeOldFiles(folder: string, before: Date): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    const left = found?.isFile() || (found?.isDirectory() && name.startsWith(SCRATCH_PREFIX));
    if (left && found!.mtime < before) await rm(path, { recursive: true, force: true });
  }
}
