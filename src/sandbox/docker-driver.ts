// The pool's driver for a Docker engine: a harness with a bank of socket volumes, student sandboxes that come and go.
import { totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Attached, type AttachedLimits } from "./attached.ts";
import { containerOptions, freshUid, socketVolumeOptions } from "./container.ts";
import { driverFor } from "./device-drivers.ts";
import { allowDevice } from "./device-images.ts";
import type { Bench, BenchPlan, RunningSandbox, SandboxDriver } from "./driver.ts";
import { findDevices } from "./find-devices.ts";
import type { ImageKind } from "./image-recipe.ts";
import { imageDigests } from "./images.ts";
import { memoryInUse, oomCounter } from "./oom.ts";
import { watchOomKills } from "./oom-events.ts";
import { inUse } from "./owner.ts";
import { reap } from "./reaper.ts";
import { freshName, labelsFor, type Site } from "./site.ts";

const WAITING_SHARE = 0.25;
/** Slots that a run may still need when it begins: its sandbox may be lost three times. */
const SPARE_SLOTS = 3;
const DEATH_DEADLINE_MS = 2_000;

export function dockerDriver(site: Site): SandboxDriver {
  const { engine, installation } = site;
  const stopWatching = watchOomKills(site);
  return {
    site,
    places: { most: Number.POSITIVE_INFINITY, spare: SPARE_SLOTS },
    waitingBytes: totalmem() * WAITING_SHARE,
    images: (name) => imageDigests(name, engine),
    devices: { find: (gpus) => findDevices(site, gpus), driverOf: driverFor(site) },
    allowDevice: (image) => allowDevice(engine, image),
    bench: (plan) => DockerBench.open(site, plan),
    answers: () =>
      engine.ping().then(
        () => true,
        () => false,
      ),
    reap: async (strayMs) => {
      await reap(engine, installation, new Date(), strayMs);
    },
    close: stopWatching,
  };
}

class DockerBench implements Bench {
  readonly digests: BenchPlan["images"];
  readonly #site: Site;
  readonly #plan: BenchPlan;
  readonly #uid = freshUid("harness");
  readonly #volumes: string[];

  private constructor(site: Site, plan: BenchPlan) {
    this.#site = site;
    this.#plan = plan;
    this.digests = plan.images;
    this.#volumes = Array.from({ length: plan.slots }, () => freshName(site));
  }

  static async open(site: Site, plan: BenchPlan): Promise<DockerBench> {
    const bench = new DockerBench(site, plan);
    const labels = labelsFor(site, "socket");
    const options = socketVolumeOptions(bench.#uid);
    for (const name of bench.#volumes) inUse.add(name);
    try {
      await Promise.all(bench.#volumes.map((name) => site.engine.createVolume(name, labels, options)));
    } catch (error) {
      await bench.remove();
      throw error;
    }
    return bench;
  }

  harness(limits: AttachedLimits): Promise<RunningSandbox> {
    const volumes = this.#volumes.map((name, slot) => ({ name, at: `/bank/${slot}` }));
    const { env } = this.#plan;
    return this.#run("harness", this.#uid, limits, { volumes, ...(env ? { env } : {}) });
  }

  student(slot: number, limits: AttachedLimits): Promise<RunningSandbox> {
    const volumes = [{ name: this.#volumes[slot]!, at: "/run/assay" }];
    const { devices } = this.#plan;
    return this.#run("student", freshUid("student"), limits, { volumes, ...(devices ? { devices } : {}) });
  }

  async remove(): Promise<void> {
    for (const name of this.#volumes) inUse.delete(name);
    await Promise.allSettled(this.#volumes.map((name) => this.#site.engine.removeVolume(name)));
  }

  async #run(
    kind: ImageKind,
    uid: number,
    limits: AttachedLimits,
    more: Pick<Parameters<typeof containerOptions>[0], "volumes" | "env" | "devices">,
  ): Promise<RunningSandbox> {
    const { engine, cgroupVersion, runtime } = this.#site;
    const id = await engine.create(
      containerOptions({
        ...{ kind, uid, cgroupVersion, ...more },
        image: this.#plan.images[kind],
        command: this.#plan.commands[kind],
        limits: this.#plan.limits,
        labels: labelsFor(this.#site, kind),
        ...(runtime ? { runtime } : {}),
      }),
    );
    inUse.add(id);
    let attached: Attached | undefined;
    try {
      attached = new Attached(await engine.attach(id), limits);
      await engine.start(id);
      const { pid } = await engine.state(id);
      return runningAs(this.#site, id, pid, attached);
    } catch (error) {
      attached?.close();
      inUse.delete(id);
      await engine.remove(id).catch(() => {});
      throw error;
    }
  }
}

function runningAs(site: Site, id: string, pid: number, attached: Attached): RunningSandbox {
  const { engine, oomEvents } = site;
  const counter = oomCounter(pid);
  return {
    attached,
    memoryInUse: () => memoryInUse(pid),
    state: () => engine.state(id),
    died: async () => {
      const until = performance.now() + DEATH_DEADLINE_MS;
      for (;;) {
        if (!(await engine.state(id)).running) return true;
        if (performance.now() > until) return false;
        await sleep(20);
      }
    },
    // Without a counter to read, the engine's word on a container that has ended: killed for memory or not.
    oomKills: async () => counter() ?? oomEvents.get(id) ?? ((await engine.state(id)).oomKilled ? 1 : 0),
    giveWay: () => engine.giveWay(id),
    remove: async () => {
      attached.close();
      inUse.delete(id);
      await engine.remove(id);
    },
  };
}
