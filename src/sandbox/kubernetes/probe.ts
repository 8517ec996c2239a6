// What a cluster's sandboxes can really reach: a Pod made like theirs, among them, tries. A NetworkPolicy is an object
// that any API server takes; whether it closes anything is the network plugin's affair, and only a try tells.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { z } from "zod";
import { SandboxFault } from "../fault.ts";
import type { ClusterApi } from "./cluster.ts";
import { containerSecurity, imageIn, resourcesOf, sandboxPod, uidFor } from "./pod.ts";
import { whyNotRunning } from "./pod-state.ts";
import type { ClusterSettings } from "./settings.ts";

const DEADLINE_MS = 120_000;
const LOOK_MS = 250;
const MiB = 1024 ** 2;

/** Tries to connect; says what answered, and what else a Pod's own files tell. */
const SCRIPT = `
import json, os, socket, sys
def reached(place):
    host, port = place.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), 3).close()
        return True
    except OSError:
        return False
def text(*paths):
    for path in paths:
        try:
            with open(path) as file:
                return file.read().strip()
        except OSError:
            pass
    return ""
places = sys.argv[1:]
if "KUBERNETES_SERVICE_HOST" in os.environ:
    places.append(os.environ["KUBERNETES_SERVICE_HOST"] + ":" + os.environ["KUBERNETES_SERVICE_PORT"])
told = {
    "tried": places,
    "reached": [place for place in places if reached(place)],
    "pids": text("/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max"),
    "ids": text("/proc/self/uid_map").split(),
}
with open("/dev/termination-log", "w") as file:
    json.dump(told, file)
`;

const told = z.object({
  tried: z.array(z.string()),
  reached: z.array(z.string()),
  pids: z.string(),
  ids: z.array(z.string()),
});

export interface Probed {
  /** Places that somebody in a cluster can reach, and those of them that a sandbox reached. */
  tried: string[];
  reached: string[];
  /** A sandbox's processes at most; null where the node sets none. */
  pids: number | null;
  userNamespace: boolean;
}

/** @throws EngineFault, SandboxFault where the Pod does not come to its end */
export async function probeCluster(
  api: ClusterApi,
  settings: ClusterSettings,
  image: string,
): Promise<Probed> {
  const name = `assay-probe-${randomBytes(5).toString("hex")}`;
  await api.create(probePod(settings, name, image, serverPlace(api.server)));
  try {
    const until = performance.now() + DEADLINE_MS;
    for (;;) {
      const pod = await api.pod(name);
      const message = pod?.status?.containerStatuses?.[0]?.state?.terminated?.message;
      if (message) return readProbe(message);
      const why = whyNotRunning(pod);
      if (why.final) throw new SandboxFault(`the probe's Pod does not run: ${why.words}`);
      if (performance.now() > until) throw new SandboxFault(`the probe's Pod did not end: ${why.words}`);
      await sleep(LOOK_MS);
    }
  } finally {
    await api.remove(name);
  }
}

export function probePod(settings: ClusterSettings, name: string, image: string, places: string[]): V1Pod {
  const labels = { "assay.kind": "probe" };
  return sandboxPod(
    settings,
    { name, labels, annotations: {} },
    {
      containers: [
        {
          name: "probe",
          image: imageIn(settings, image),
          imagePullPolicy: "IfNotPresent",
          command: ["python3", "-I", "-c", SCRIPT, ...places],
          resources: resourcesOf({ cpus: 0.5, memoryBytes: 128 * MiB, pids: 0 }),
          securityContext: containerSecurity(uidFor(settings, "student")),
        },
      ],
    },
  );
}

export function readProbe(message: string): Probed {
  const { tried, reached, pids, ids } = told.parse(JSON.parse(message));
  return {
    tried,
    reached,
    pids: /^\d+$/.test(pids) ? Number(pids) : null,
    userNamespace: ids[1] !== undefined && ids[1] !== "0",
  };
}

/** The API server as this process finds it; one on the machine's own loopback says nothing inside of a Pod. */
export function serverPlace(server: string): string[] {
  const { hostname, port, protocol } = new URL(server);
  const bare = hostname.replace(/^\[|\]$/g, "");
  if (bare === "localhost" || bare === "::1" || bare.startsWith("127.")) return [];
  return [`${bare}:${port || (protocol === "http:" ? 80 : 443)}`];
}
