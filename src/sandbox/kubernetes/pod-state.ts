// What a Pod's status says: why it does not run yet, and how a container of it ended. Pure.
import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import type { ContainerState } from "../engine.ts";

/** Reasons that waiting does not mend. Images are tried again by the kubelet, but for minutes. */
const FINAL = new Set([
  ...["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"],
  ...["CreateContainerConfigError", "CreateContainerError", "RunContainerError"],
]);
const KILLED = 137;

export const statusOf = (pod: V1Pod | null, container: string): V1ContainerStatus | undefined =>
  pod?.status?.containerStatuses?.find(({ name }) => name === container);

/** A Pod that is gone has ended; one whose container has no state yet has not begun, which is not an end. */
export function containerState(pod: V1Pod | null, container: string): ContainerState {
  const ended = statusOf(pod, container)?.state?.terminated;
  if (ended) {
    const { exitCode, reason } = ended;
    return { running: false, exitCode, oomKilled: reason === "OOMKilled", pid: 0 };
  }
  // Removed or evicted from outside, as a killed container of Docker's is.
  const over =
    pod === null || pod.status?.phase === "Failed" || pod.metadata?.deletionTimestamp !== undefined;
  return { running: !over, exitCode: over ? KILLED : 0, oomKilled: false, pid: 0 };
}

export const allRunning = (pod: V1Pod | null): boolean =>
  pod !== null && pod.spec!.containers.every(({ name }) => statusOf(pod, name)?.state?.running !== undefined);

/** When the last of its containers ended; one that never had any, when it was made. Null while it lives. */
export function overSince({ metadata, status }: V1Pod): Date | null {
  if (status?.phase !== "Succeeded" && status?.phase !== "Failed") return null;
  const ends = (status.containerStatuses ?? []).map(({ state }) => state?.terminated?.finishedAt);
  const times = [metadata?.creationTimestamp, ...ends].map((time) => new Date(time ?? 0).getTime());
  return new Date(Math.max(...times));
}

/** In words for the log; `final` where it will not run whatever one waits. */
export function whyNotRunning(pod: V1Pod | null): { words: string; final: boolean } {
  if (!pod) return { words: "it was removed", final: true };
  const { phase, reason, message, conditions = [], containerStatuses = [] } = pod.status ?? {};
  if (phase === "Failed")
    return { words: [reason, message].filter(Boolean).join(": ") || "it failed", final: true };
  for (const { name, state } of containerStatuses) {
    const said = state?.waiting ?? state?.terminated;
    if (!said?.reason || said.reason === "ContainerCreating") continue;
    const words = `${name}: ${said.reason}${said.message ? ` (${said.message})` : ""}`;
    return { words, final: state?.terminated !== undefined || FINAL.has(said.reason) };
  }
  const unscheduled = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unscheduled) return { words: unscheduled.message ?? "no node has room", final: false };
  return { words: "its node has not begun", final: false };
}
