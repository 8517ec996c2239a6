// The pool's driver for a cluster: one Pod for each submission, with a harness and one student sandbox, which wait
// in it. A Pod's containers cannot be replaced, so a run that loses one goes on in another Pod.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Attached, type AttachedLimits } from "../attached.ts";
import type { DeviceDriver } from "../device-drivers.ts";
import { readDevices } from "../devices.ts";
import type { Bench, BenchPlan, RunningSandbox, SandboxDriver } from "../driver.ts";
import { EngineFault } from "../engine.ts";
import { SandboxFault } from "../fault.ts";
import { IMAGE_KINDS, type ImageKind, imageRecipe } from "../image-recipe.ts";
import { reference } from "../images.ts";
import { inUse, LABELS, thisWorker, workerLabel } from "../owner.ts";
import { type ClusterApi, openClusterApi } from "./cluster.ts";
import { pairPod, WORD } from "./pod.ts";
import { allRunning, containerState, statusOf, whyNotRunning } from "./pod-state.ts";
import { podPieces } from "./pod-stream.ts";
import { probeCluster } from "./probe.ts";
import { reapPods } from "./reap-pods.ts";
import type { ClusterSettings } from "./settings.ts";

/** A node may have to be started for it. */
const START_DEADLINE_MS = 300_000;
const LOOK_MS = 150;
/** A kubelet looks once a second whether its containers live. */
const DEATH_DEADLINE_MS = 10_000;
const PROBE_IMAGE = "python-ml";

/** @throws EngineFault where no API server answers; SandboxFault where sandboxes would reach a network */
export async function openCluster(
  settings: ClusterSettings,
  installation: string,
  api: ClusterApi = openClusterApi(settings.namespace),
): Promise<SandboxDriver> {
  await api.version();
  if (!settings.openNetworkAccepted) await assertClosed(api, settings);
  return {
    places: { most: 1, spare: 0 },
    waitingBytes: settings.waitingBytes,
    images: async (name) => referencesOf(name),
    bench: (plan) => PodBench.open(api, settings, installation, plan),
    devices: { find: async (gpus) => clusterDevices(gpus), driverOf: () => unseen },
    // The cluster's own device plugin decides; images come from the operator's registry.
    allowDevice: async () => {},
    answers: () =>
      api.version().then(
        () => true,
        () => false,
      ),
    reap: (strayMs) => reapPods(api, installation, new Date(), strayMs),
    get site(): never {
      throw new EngineFault(
        "refused",
        "this worker's engine is a cluster, and an autograder's image needs Docker",
      );
    },
    close: () => {},
  };
}

/** Nothing is graded where a submission could speak to others: that a policy exists says nothing. */
async function assertClosed(api: ClusterApi, settings: ClusterSettings): Promise<void> {
  const { reached } = await probeCluster(api, settings, referencesOf(PROBE_IMAGE).student);
  if (reached.length === 0) return;
  throw new SandboxFault(
    `a sandbox in ${settings.namespace} reaches ${reached.join(", ")}: the cluster's network plugin does not enforce ` +
      "NetworkPolicy, or deploy/kubernetes/sandboxes.yaml is not applied (docs/kubernetes.md)",
  );
}

/** By name: which image that is on a node, its Pod says when it runs. */
function referencesOf(name: string) {
  const [student = "", harness = ""] = IMAGE_KINDS.map((kind) => reference(imageRecipe(name, kind)));
  return { student, harness, sboms: { student: "", harness: "" } };
}

/** Places by name, of which the cluster decides which device each is: as many gradings at once have one. */
function clusterDevices(gpus: string) {
  const nothing = { devices: [], problem: "none" as const, detail: "" };
  try {
    const devices = readDevices(gpus);
    return devices === "auto" || devices.length === 0 ? nothing : { devices, problem: null, detail: "" };
  } catch (error) {
    return { devices: [], problem: "listing" as const, detail: (error as Error).message };
  }
}

/** Nobody here sees the device, and none of ours cleans it: docs/kubernetes.md says what that means. */
const unseen: DeviceDriver = {
  usage: async () => null,
  scrub: async () => ({ clean: true, zeroedBytes: 0 }),
};

class PodBench implements Bench {
  digests: BenchPlan["images"];
  readonly #api: ClusterApi;
  readonly #name: string;
  readonly #requested: number;
  readonly #running: Promise<void>;

  private constructor(api: ClusterApi, name: string, plan: BenchPlan) {
    this.#api = api;
    this.#name = name;
    this.digests = plan.images;
    this.#requested = plan.limits.memoryBytes;
    this.#running = this.#untilRunning();
    // Both containers wait for it and hear of it; before they do, nobody listens.
    this.#running.catch(() => {});
  }

  static async open(api: ClusterApi, settings: ClusterSettings, installation: string, plan: BenchPlan) {
    const name = `assay-${installation.slice(0, 8)}-${randomBytes(9).toString("hex")}`;
    inUse.add(name);
    try {
      await api.create(
        pairPod(settings, {
          ...{ name, images: plan.images, commands: plan.commands, limits: plan.limits },
          labels: { [LABELS.owner]: installation, [LABELS.kind]: "pair" },
          // Too long for a label, and nobody selects by them.
          annotations: {
            [LABELS.worker]: workerLabel(thisWorker()),
            [LABELS.created]: new Date().toISOString(),
          },
          ...(plan.devices ? { gpus: plan.devices.length } : {}),
          ...(plan.env ? { env: plan.env } : {}),
        }),
      );
    } catch (error) {
      inUse.delete(name);
      throw error;
    }
    return new PodBench(api, name, plan);
  }

  harness(limits: AttachedLimits): Promise<RunningSandbox> {
    return this.#open("harness", limits, () => this.remove());
  }

  /** It goes with its Pod. */
  student(_slot: number, limits: AttachedLimits): Promise<RunningSandbox> {
    return this.#open("student", limits, async () => {});
  }

  async remove(): Promise<void> {
    inUse.delete(this.#name);
    await this.#api.remove(this.#name);
  }

  async #open(kind: ImageKind, limits: AttachedLimits, remove: () => Promise<void>): Promise<RunningSandbox> {
    await this.#running;
    const stream = await this.#api.attach(this.#name, kind);
    const attached = new Attached(stream, limits, podPieces);
    await attached.write(WORD);
    const state = async () => containerState(await this.#api.pod(this.#name), kind);
    const settled = async () => {
      for (const until = performance.now() + DEATH_DEADLINE_MS; ; ) {
        const seen = await state();
        if (!seen.running || performance.now() > until) return seen;
        await sleep(LOOK_MS);
      }
    };
    return {
      attached,
      // Whatever it uses of them: its requests are nobody else's.
      memoryInUse: () => this.#requested,
      // Its streams close at once, and its end is told a moment later.
      state: () => (attached.ended ? settled() : state()),
      died: async () => !(await settled()).running,
      // Of a container that lives nothing is known, and each test would ask.
      oomKills: async () => (attached.ended && (await state()).oomKilled ? 1 : 0),
      // Its requests are its own; nobody else's wait for them.
      giveWay: async () => {},
      remove: async () => {
        attached.close();
        await remove();
      },
    };
  }

  async #untilRunning(): Promise<void> {
    const until = performance.now() + START_DEADLINE_MS;
    for (;;) {
      const pod = await this.#api.pod(this.#name);
      if (allRunning(pod)) {
        const idOf = (kind: ImageKind) => statusOf(pod, kind)?.imageID || this.digests[kind];
        this.digests = { ...this.digests, student: idOf("student"), harness: idOf("harness") };
        return;
      }
      const { words, final } = whyNotRunning(pod);
      if (final) throw new SandboxFault(`a sandbox's Pod does not run: ${words}`);
      if (performance.now() > until) throw new SandboxFault(`a sandbox's Pod has not begun: ${words}`);
      await sleep(LOOK_MS);
    }
  }
}
