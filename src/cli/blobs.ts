// Where this installation's blobs are: a folder of ASSAY_HOME, or an object store with that folder before it.
import { join } from "node:path";
import type { Config } from "../platform/config.ts";
import type { Executor } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import { type DiskBlobStore, diskBlobs, oldBlobs, removeIfOld, removeStaleDrafts } from "../storage/blobs.ts";
import { removeOrphanedBlobs } from "./orphaned-blobs.ts";

export interface InstallationBlobs {
  blobs: DiskBlobStore;
  /** Removes what no row names and what was left half written, if older than `before`. */
  sweep(db: Executor, before: Date): Promise<void>;
  close(): void;
}

const NEAR_DAYS = 7;
const LOOK_EVERY_MS = 60 * 60_000;

export async function openBlobs(
  { home, s3 }: Pick<Config, "home" | "s3">,
  log: Logger,
): Promise<InstallationBlobs> {
  const folder = join(home, "blobs");
  const near = diskBlobs(folder);
  const ofFolder = {
    oldBlobs: (before: Date) => oldBlobs(folder, before),
    removeIfOld: (hash: string, before: Date) => removeIfOld(folder, hash, before),
  };
  if (!s3) {
    return {
      blobs: near,
      async sweep(db, before) {
        await removeStaleDrafts(folder, before);
        await removeOrphanedBlobs(db, ofFolder, before);
      },
      close: () => {},
    };
  }
  // Loaded when it is needed: Amazon's library is large.
  const { s3Blobs } = await import("../storage/s3-blobs.ts");
  const store = s3Blobs(near, s3);
  /** What lies near is fetched again when it is needed; each machine looks after its own. */
  const forgetNear = async () => {
    const before = new Date(Date.now() - NEAR_DAYS * 86_400_000);
    for await (const hash of oldBlobs(folder, before)) await removeIfOld(folder, hash, before);
    await removeStaleDrafts(folder, before);
  };
  const timer = setInterval(() => {
    forgetNear().catch((error) => log.warn({ err: error }, "blobs near could not be forgotten"));
  }, LOOK_EVERY_MS).unref();
  return {
    blobs: store,
    sweep: async (db, before) => void (await removeOrphanedBlobs(db, store, before)),
    close() {
      clearInterval(timer);
      store.close();
    },
  };
}
