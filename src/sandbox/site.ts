// What every sandbox of a worker has in common: the engine, its labels, its kind of cgroup, its runtime.
import { randomBytes } from "node:crypto";
import type { Engine } from "./engine.ts";
import type { ImageKind } from "./image-recipe.ts";
import { LABELS, thisWorker, workerLabel } from "./owner.ts";

export interface Site {
  engine: Engine;
  installation: string;
  cgroupVersion: string;
  /** From `ASSAY_RUNTIME`: another OCI runtime of the engine, e.g. gVisor's. */
  runtime?: string;
  /** Kills for memory by container id, where the kernel's counters cannot be read here. */
  oomEvents: Map<string, number>;
}

export async function openSite(engine: Engine, installation: string): Promise<Site> {
  const { CgroupVersion = "1" } = await engine.info();
  const runtime = process.env.ASSAY_RUNTIME;
  return {
    engine,
    installation,
    cgroupVersion: CgroupVersion,
    oomEvents: new Map(),
    ...(runtime ? { runtime } : {}),
  };
}

export function labelsFor(
  { installation }: Site,
  kind: ImageKind | "socket" | "autograder" | "device",
): Record<string, string> {
  return {
    [LABELS.owner]: installation,
    [LABELS.worker]: workerLabel(thisWorker()),
    [LABELS.created]: new Date().toISOString(),
    [LABELS.kind]: kind,
  };
}

/** A volume's name tells its installation too: the engine writes labels a moment later, and may be killed in between. */
export const freshName = ({ installation }: Pick<Site, "installation">) =>
  `${volumePrefix(installation)}${randomBytes(9).toString("hex")}`;
export const volumePrefix = (installation: string) => `assay-${installation.slice(0, 8)}-`;
