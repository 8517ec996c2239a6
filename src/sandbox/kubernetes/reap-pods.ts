// Removes Pods that dead workers left behind. A worker's death closes its sandboxes' stdin, with which they end by
// themselves; what is left then is the Pod, which any worker may remove. One that goes on running is ended by its own
// deadline. Who is alive cannot be told from here: workers of a cluster see neither each other's processes nor hosts.
import type { V1Pod } from "@kubernetes/client-node";
import { inUse, LABELS, thisWorker, workerLabel } from "../owner.ts";
import type { ClusterApi } from "./cluster.ts";
import { overSince } from "./pod-state.ts";

/** What was made just now may not be known yet. */
const STRAY_MS = 60_000;
/** Of another worker's: it may still want to know how it ended. */
const OVER_MS = 10 * 60_000;

export async function reapPods(
  api: ClusterApi,
  installation: string,
  now: Date,
  strayMs = STRAY_MS,
): Promise<void> {
  const found = await api.pods(LABELS.kind);
  for (const pod of found.filter((one) => isLeftOver(one, installation, now, strayMs)))
    await api.remove(pod.metadata!.name!);
}

export function isLeftOver(pod: V1Pod, installation: string, now: Date, strayMs: number): boolean {
  const { name = "", labels = {}, annotations = {}, creationTimestamp = 0 } = pod.metadata ?? {};
  if (inUse.has(name)) return false;
  const mine =
    labels[LABELS.owner] === installation && annotations[LABELS.worker] === workerLabel(thisWorker());
  if (mine) return now.getTime() - new Date(creationTimestamp).getTime() >= strayMs;
  const over = overSince(pod);
  return over !== null && now.getTime() - over.getTime() >= OVER_MS;
}
