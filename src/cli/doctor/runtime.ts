import { existsSync } from "node:fs";
import { openEngine } from "../../sandbox/engine.ts";
import type { Check, Outcome } from "./check.ts";
import { engineAnswers } from "./start-engine.ts";

/** Runtimes that put a second kernel, or a virtual machine, between a submission and the host. */
const STRONGER = ["runsc", "kata", "kata-runtime", "io.containerd.runsc.v1", "io.containerd.kata.v2"];
const GVISOR =
  "install gVisor (https://gvisor.dev/docs/user_guide/install/), `runsc install`, restart the engine, set ASSAY_RUNTIME=runsc";

/** What stands between a submission and the host's kernel, and what could. */
export const runtimeCheck: Check = {
  id: "runtime",
  title: "Sandbox runtime",
  // What only could be stronger is a warning; without limits, or with a runtime that is not there, nothing is graded.
  required: true,
  async run() {
    if (!(await engineAnswers())) return { state: "skipped", found: "no engine to ask" };
    const engine = openEngine();
    const [{ Components = [] }, info] = await Promise.all([engine.version(), engine.info()]);
    const { Runtimes = {}, SecurityOptions = [], CgroupVersion = "1" } = info;
    const podman = Components.some(({ Name }) => Name === "Podman Engine");
    const wanted = process.env.ASSAY_RUNTIME ?? null;
    const rootless = SecurityOptions.some((option) => option.includes("rootless"));
    return runtimeOutcome({
      wanted,
      runtimes: podman ? installed(Runtimes, existsSync) : Object.keys(Runtimes),
      rootless,
      cgroupVersion: CgroupVersion,
    });
  },
};

/** Podman names every runtime that it has heard of; those that are there are files. */
export function installed(
  runtimes: Record<string, { path?: string }>,
  exists: (path: string) => boolean,
): string[] {
  return Object.entries(runtimes).flatMap(([name, { path }]) => (path && exists(path) ? [name] : []));
}

export interface RuntimeFacts {
  /** ASSAY_RUNTIME. */
  wanted: string | null;
  /** What the engine was told of. */
  runtimes: string[];
  rootless: boolean;
  cgroupVersion: string;
}

export function runtimeOutcome({ wanted, runtimes, rootless, cgroupVersion }: RuntimeFacts): Outcome {
  const known = runtimes.join(", ") || "none";
  if (rootless && cgroupVersion === "1") {
    const found = "a rootless engine on cgroup v1 enforces no limits";
    return { state: "missing", found, mend: "boot with cgroup v2, or use an engine that runs as root" };
  }
  if (wanted && !runtimes.includes(wanted) && !wanted.includes("/") && !wanted.startsWith("io.containerd.")) {
    const found = `ASSAY_RUNTIME=${wanted}, which the engine does not know (it knows ${known})`;
    return {
      state: "missing",
      found,
      mend: "unset ASSAY_RUNTIME, or tell the engine of it in /etc/docker/daemon.json",
    };
  }
  if (wanted) return { state: "ok", found: `${wanted}, by ASSAY_RUNTIME` };
  const stronger = STRONGER.find((name) => runtimes.includes(name));
  if (stronger) {
    const found = `the engine's default, although it has ${stronger}`;
    return { state: "warning", found, mend: `ASSAY_RUNTIME=${stronger}` };
  }
  if (rootless) return { state: "ok", found: "a rootless engine: its root is nobody on the host" };
  const found = "one kernel for submissions and host: a hole in it is a hole in the wall";
  return { state: "warning", found, mend: `${GVISOR}; or run a rootless engine (cgroup v2)` };
}
