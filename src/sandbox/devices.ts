// What a device is, which of them a suite may have, and how an operator names them. A device is a whole GPU or a MIG
// slice: one job has it alone. How real ones are found is nvidia.ts; who has which is device-desk.ts.

export interface Device {
  /** What the engine is given: `GPU-…` or `MIG-…`, as nvidia-smi names it. */
  id: string;
  /** The model; scores are compared between equal ones. */
  name: string;
  vramBytes: number;
  /** A slice of a GPU. */
  mig: boolean;
  /** `simulated`: no GPU is behind it. It exercises the engine's part of the way and says so in its name. */
  kind: "nvidia" | "simulated";
}

/** The parts of a suite's `limits.gpu` that choose devices. */
export interface DeviceNeed {
  count: number;
  /** Bytes. */
  min_vram: number;
  /** A slice is enough. */
  mig: boolean;
}

export type Offer = Pick<Device, "vramBytes" | "mig">;

export const suits = (offer: Offer, { min_vram, mig }: DeviceNeed): boolean =>
  offer.vramBytes >= min_vram && (mig || !offer.mig);

/** The devices for a job out of those that are free, the smallest first; null where they do not do. */
export function choose<T extends Offer>(free: T[], need: DeviceNeed): T[] | null {
  const fit = free.filter((offer) => suits(offer, need)).sort((a, b) => a.vramBytes - b.vramBytes);
  return fit.length < need.count ? null : fit.slice(0, need.count);
}

const GiB = 1024 ** 3;
const WRITTEN = /^(simulated:)?([A-Za-z0-9][\w./-]{0,99})=([^=,]{1,60})=(\d{1,4})GiB$/;

/**
 * `ASSAY_GPUS`: `auto`, `none`, or devices by commas as `ID=NAME=24GiB`. An id that begins with `MIG-` is a slice;
 * `simulated:` before the id makes one without a GPU. @throws Error that names what cannot be read
 */
export function readDevices(text: string): "auto" | Device[] {
  if (text === "auto") return "auto";
  if (text === "none" || text === "") return [];
  const devices = text.split(",").map((part): Device => {
    const [, simulated, id = "", name = "", size = ""] = WRITTEN.exec(part.trim()) ?? [];
    if (!id)
      throw new Error(`ASSAY_GPUS: "${part}" is not of the form ID=NAME=24GiB; or write auto, or none`);
    return {
      id,
      name: simulated ? `simulated (no GPU): ${name}` : name,
      vramBytes: Number(size) * GiB,
      mig: id.startsWith("MIG-"),
      kind: simulated ? "simulated" : "nvidia",
    };
  });
  const twice = devices.find(({ id }, at) => devices.findIndex((other) => other.id === id) !== at);
  if (twice) throw new Error(`ASSAY_GPUS: ${twice.id} stands there twice; one job has a device alone`);
  return devices;
}
