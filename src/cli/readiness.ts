// Keeps sandboxes waiting for the suites of open assignments, more of them as a deadline comes near.
import { type OpenSuite, openSuites } from "../assignments/open-suites.ts";
import { DEVICE_LANE } from "../grading/device-queue.ts";
import { needOf, preflightNeed } from "../judge/grade.ts";
import { asksForDevice } from "../judge/suite.ts";
import type { Db } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import type { SandboxPool } from "../sandbox/pool.ts";
import type { BlobStore } from "../storage/blobs.ts";

const LOOK_EVERY_MS = 30_000;
/** The rush of a deadline begins about so long before it. */
const RUSH_SECONDS = 2 * 3600;
export const RUSH_DEPTH = 24;

/** Pairs that should wait: one for each slot, and deep before a deadline; the pool keeps within its memory. */
export function depthFor({ secondsToDue }: Pick<OpenSuite, "secondsToDue">, slots: number): number {
  return secondsToDue !== null && secondsToDue < RUSH_SECONDS ? Math.max(slots, RUSH_DEPTH) : slots;
}

/** Looks at once and then every half minute. @returns how to end it */
export function keepReady(
  db: Db,
  pool: SandboxPool,
  blobs: BlobStore,
  slots: number,
  log: Logger,
  { lanes = [], hasDevices = () => false }: { lanes?: string[]; hasDevices?: () => boolean } = {},
): () => void {
  const look = async () => {
    // What waits for a device gets a pair of its own then, and nothing else comes here.
    if (hasDevices() && lanes.every((lane) => lane === DEVICE_LANE)) return;
    for (const suite of await openSuites(db)) {
      const { hash, blob, config } = suite;
      const parts = { config, hash, tar: () => blobs.read(blob) };
      const depth = depthFor(suite, slots);
      // A pair with a device cannot wait, but what runs before and without one can.
      if (config.preflight) pool.prepare(preflightNeed(parts), depth);
      if (!asksForDevice(config) || !hasDevices()) pool.prepare(needOf(parts), depth);
    }
  };
  const attempt = () => look().catch((error) => log.warn({ err: error }, "could not look for open suites"));
  void attempt();
  const timer = setInterval(attempt, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
