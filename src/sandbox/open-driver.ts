// Which engine sandboxes are made by: Docker's, or with ASSAY_ENGINE=kubernetes a cluster.
import { dockerDriver } from "./docker-driver.ts";
import type { SandboxDriver } from "./driver.ts";
import { type Engine, openEngine } from "./engine.ts";
import { clusterSettings, usesCluster } from "./kubernetes/settings.ts";
import { installationId } from "./owner.ts";
import { openSite } from "./site.ts";

/** @throws EngineFault, or an Error that names a setting */
export async function openDriver({
  engine,
  home,
}: {
  engine?: Engine;
  home?: string;
}): Promise<SandboxDriver> {
  const installation = installationId(home);
  if (!engine && usesCluster()) {
    // Its library is large, and whoever has Docker never needs it.
    const { openCluster } = await import("./kubernetes/driver.ts");
    return openCluster(clusterSettings(), installation);
  }
  return dockerDriver(await openSite(engine ?? openEngine(), installation));
}
