// What the pool needs of an engine, whichever it is: a harness's place with those of its students, their standard
// streams, how they ended, and that nothing is left. The Docker engine's is docker-driver.ts, a cluster's is in
// kubernetes/.
import type { Attached, AttachedLimits } from "./attached.ts";
import type { ContainerLimits } from "./container.ts";
import type { FoundDevices } from "./device-desk.ts";
import type { DeviceDriver } from "./device-drivers.ts";
import type { Device } from "./devices.ts";
import type { ContainerState } from "./engine.ts";
import type { ImageKind } from "./image-recipe.ts";
import type { ImageDigests } from "./images.ts";
import type { Site } from "./site.ts";

export interface BenchPlan {
  images: ImageDigests;
  limits: ContainerLimits;
  /** Places of students. */
  slots: number;
  commands: Record<ImageKind, string[]>;
  /** Of the student's sandboxes; the harness itself gets none. */
  devices?: string[];
  /** Of the harness: what tells a suite's tests on what the student's code runs. */
  env?: string[];
}

/** A container that runs and is listened to. */
export interface RunningSandbox {
  readonly attached: Attached;
  /** What it holds now, or has been promised; null where nobody can tell. */
  memoryInUse(): number | null;
  /** @throws EngineFault */
  state(): Promise<ContainerState>;
  /** Whether it has ended, giving a dying one a moment. @throws EngineFault */
  died(): Promise<boolean>;
  /** Kills for memory in it, over its whole life. @throws EngineFault */
  oomKills(): Promise<number>;
  /** Leaves the processors to others that want them, where the engine can. @throws EngineFault */
  giveWay(): Promise<void>;
  /** Ends it. @throws EngineFault */
  remove(): Promise<void>;
}

/** One harness and the places of its students. */
export interface Bench {
  /** What runs; complete when the harness and a student do. */
  readonly digests: ImageDigests;
  harness(limits: AttachedLimits): Promise<RunningSandbox>;
  student(slot: number, limits: AttachedLimits): Promise<RunningSandbox>;
  /** What is left when its containers are removed. Safe to call twice. */
  remove(): Promise<void>;
}

export interface SandboxDriver {
  /** Students of one harness at most, and those that a run may still need when it begins. */
  readonly places: { most: number; spare: number };
  /** Ceiling on what waiting sandboxes hold. */
  readonly waitingBytes: number;
  /** The images of a name in sandbox/images, as a plan takes them. */
  images(name: string): Promise<ImageDigests>;
  readonly devices: {
    /** @param gpus `ASSAY_GPUS` */
    find(gpus: string): Promise<FoundDevices>;
    driverOf(device: Device): DeviceDriver;
  };
  /** Before a container with devices is made of it. @throws EngineFault */
  allowDevice(image: string): Promise<void>;
  /** @throws EngineFault, SandboxFault */
  bench(plan: BenchPlan): Promise<Bench>;
  answers(): Promise<boolean>;
  /** Removes leftovers of dead workers; of this one, those older than `strayMs` that it does not use. */
  reap(strayMs?: number): Promise<void>;
  /** The Docker engine's own, for what only it can do. @throws EngineFault where there is none */
  readonly site: Site;
  close(): void;
}
