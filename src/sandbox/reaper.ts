// Removes what dead workers of this installation left behind. Never another installation's, and never a live
// worker's: a container that someone waits for must not vanish under a grading.
import type { Engine, Labelled } from "./engine.ts";
import { isGone, LABELS } from "./owner.ts";

export const REAP_EVERY_MS = 30_000;

/** Removes leftovers; how many containers and volumes those were. @throws EngineFault */
export async function reap(
  engine: Engine,
  installation: string,
  now = new Date(),
): Promise<{ containers: number; volumes: number }> {
  const mine = `${LABELS.owner}=${installation}`;
  const containers = (await engine.containers(mine)).filter((found) => isLeftOver(found, now));
  // One at a time and containers first: this runs beside gradings, and a volume in use cannot be removed.
  for (const { id } of containers) await engine.remove(id);
  const volumes = (await engine.volumes(mine)).filter((found) => isLeftOver(found, now));
  for (const { id } of volumes) await engine.removeVolume(id).catch(() => {});
  return { containers: containers.length, volumes: volumes.length };
}

function isLeftOver({ labels }: Labelled, now: Date): boolean {
  return isGone(labels[LABELS.worker] ?? "", new Date(labels[LABELS.created] ?? 0), now);
}
