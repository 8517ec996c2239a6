// Who has which device of this machine. One job has one alone, from before its container starts until its containers
// are gone and the device was found clean. A device that is not clean is out until it is; nobody resets it.
import type { DeviceDriver, Scrubbed } from "./device-drivers.ts";
import { choose, type Device, type DeviceNeed } from "./devices.ts";

/** Why this machine takes no job for devices; the sentences are in device-words.ts. */
export type DeviceProblem = "none" | "engine_cannot" | "toolkit_old" | "image_missing" | "listing";

/** What may be announced, or in one word why nothing is. */
export interface FoundDevices {
  devices: Device[];
  problem: DeviceProblem | null;
  detail: string;
}

export type Place =
  | { state: "free" }
  | { state: "busy"; job: string; since: string }
  | { state: "scrubbing"; since: string }
  | { state: "out"; why: string; since: string };

export interface DeviceView extends Device {
  place: Place;
  /** When it was last looked at after a job, and whether it was clean; null where none has run on it yet. */
  scrubbed: { at: string; clean: boolean } | null;
}

/** What the heartbeat tells of a machine's devices. */
export interface DeskView {
  devices: DeviceView[];
  problem: DeviceProblem | null;
  detail: string;
}

export interface DeskOptions {
  devices: Device[];
  problem?: DeviceProblem | null;
  detail?: string;
  driver(device: Device): DeviceDriver;
  /** Told when a device goes out, or is in again. */
  onOut?(device: Device, why: string): void;
  onBack?(device: Device): void;
  /** A device became free. */
  onFree?(): void;
  /** Devices that are out are looked at again so often. */
  againMs?: number;
  sampleMs?: number;
}

const AGAIN_MS = 60_000;
const SAMPLE_MS = 1_000;

/** Devices in one job's hands. */
export interface DeviceLease {
  readonly devices: readonly Device[];
  readonly ids: string[];
  /** What the host saw of them since the lease began; null where no driver tells. */
  seen(): { peakBytes: number | null; peakUtilisation: number | null };
  /**
   * The job's containers are gone. Resolves when the devices are clean, or out.
   * @param image the image to clean with: the job's own.
   */
  end(image: string | null): Promise<void>;
}

interface Slot {
  device: Device;
  place: Place;
  /** The last image that ran on it. */
  image: string | null;
  scrubbed: DeviceView["scrubbed"];
}

export class DeviceDesk {
  readonly #options: DeskOptions;
  readonly #slots: Slot[];
  readonly #work = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  onFree: () => void;

  constructor(options: DeskOptions) {
    this.#options = options;
    const fresh = { place: { state: "free" }, image: null, scrubbed: null } as const;
    this.#slots = options.devices.map((device) => ({ device, ...fresh }));
    this.onFree = options.onFree ?? (() => {});
    this.#timer = setInterval(() => this.lookAgain(), options.againMs ?? AGAIN_MS);
    this.#timer.unref();
  }

  /** What can be taken now. */
  offers(): Device[] {
    return this.#slots.filter(({ place }) => place.state === "free").map(({ device }) => device);
  }

  view(): DeskView {
    const devices = this.#slots.map(({ device, place, scrubbed }) => ({ ...device, place, scrubbed }));
    return { devices, problem: this.#options.problem ?? null, detail: this.#options.detail ?? "" };
  }

  /** Devices for a job, or null. Nothing is awaited in here, so no two jobs get one. */
  take(need: DeviceNeed, job: string): DeviceLease | null {
    const chosen = choose(this.offers(), need);
    if (!chosen) return null;
    const slots = this.#slots.filter(({ device }) => chosen.includes(device));
    const since = new Date().toISOString();
    for (const slot of slots) slot.place = { state: "busy", job, since };
    return new Lease(
      chosen,
      (device) => this.#options.driver(device),
      this.#options.sampleMs ?? SAMPLE_MS,
      async (image) => {
        await Promise.all(slots.map((slot) => this.#clean(slot, image)));
      },
    );
  }

  /** Looks whether devices that are out are clean by now. */
  lookAgain(): Promise<void> {
    const out = this.#slots.filter(({ place }) => place.state === "out");
    return this.#track(Promise.all(out.map((slot) => this.#clean(slot, slot.image))).then(() => {}));
  }

  /** Waits for what is being cleaned. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.allSettled([...this.#work]);
  }

  #clean(slot: Slot, image: string | null): Promise<void> {
    return this.#track(this.#cleaned(slot, image));
  }

  async #cleaned(slot: Slot, image: string | null): Promise<void> {
    const before = slot.place;
    const { device } = slot;
    slot.image = image ?? slot.image;
    slot.place = { state: "scrubbing", since: new Date().toISOString() };
    const found = await this.#scrub(device, slot.image);
    if (slot.image !== null) slot.scrubbed = { at: new Date().toISOString(), clean: found.clean };
    if (found.clean) {
      slot.place = { state: "free" };
      if (before.state === "out") this.#options.onBack?.(device);
      this.onFree();
      return;
    }
    const since = before.state === "out" ? before.since : new Date().toISOString();
    slot.place = { state: "out", why: found.why, since };
    if (before.state !== "out") this.#options.onOut?.(device, found.why);
  }

  /** A scrub that itself fails says nothing of the device, so the device is not believed to be clean. */
  async #scrub(device: Device, image: string | null): Promise<Scrubbed> {
    if (image === null) return { clean: true, zeroedBytes: 0 };
    try {
      return await this.#options.driver(device).scrub(device, image);
    } catch (error) {
      return { clean: false, why: error instanceof Error ? error.message : String(error) };
    }
  }

  #track(work: Promise<void>): Promise<void> {
    this.#work.add(work);
    return work.finally(() => this.#work.delete(work));
  }
}

class Lease implements DeviceLease {
  readonly devices: readonly Device[];
  readonly #driver: (device: Device) => DeviceDriver;
  readonly #done: (image: string | null) => Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #peakBytes: number | null = null;
  #peakUtilisation: number | null = null;
  #ended: Promise<void> | null = null;

  constructor(
    devices: Device[],
    driver: (device: Device) => DeviceDriver,
    sampleMs: number,
    done: (image: string | null) => Promise<void>,
  ) {
    this.devices = devices;
    this.#driver = driver;
    this.#done = done;
    this.#timer = setInterval(() => void this.#sample(), sampleMs);
    this.#timer.unref();
    void this.#sample();
  }

  get ids(): string[] {
    return this.devices.map(({ id }) => id);
  }

  seen() {
    return { peakBytes: this.#peakBytes, peakUtilisation: this.#peakUtilisation };
  }

  end(image: string | null): Promise<void> {
    clearInterval(this.#timer);
    this.#ended ??= this.#done(image);
    return this.#ended;
  }

  async #sample(): Promise<void> {
    const told = await Promise.all(
      this.devices.map((device) =>
        this.#driver(device)
          .usage(device)
          .catch(() => null),
      ),
    );
    for (const usage of told) {
      if (!usage) continue;
      this.#peakBytes = Math.max(this.#peakBytes ?? 0, usage.usedBytes);
      if (usage.utilisation !== null)
        this.#peakUtilisation = Math.max(this.#peakUtilisation ?? 0, usage.utilisation);
    }
  }
}
