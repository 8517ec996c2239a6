// Finds this machine's devices and makes sure, before anything is announced, that the engine really gives each one:
// a container is started with it and asked which device it has.
import type { DeviceProblem, FoundDevices } from "./device-desk.ts";
import { DEVICE_IMAGE } from "./device-images.ts";
import { type Device, readDevices } from "./devices.ts";
import { EngineFault } from "./engine.ts";
import { imageDigests, missingImages } from "./images.ts";
import { findNvidia, isOlder, TOOLKIT_FIXED, toolkitVersion } from "./nvidia.ts";
import { printedBy } from "./one-command.ts";
import type { Site } from "./site.ts";

const PROBE_MS = 30_000;
const PROBE_IMAGE = "python-ml";
const ASK = ["python3", "-I", "-c", "import os; print(os.environ.get('NVIDIA_VISIBLE_DEVICES', ''))"];

/** What may be announced, or in one word why nothing is. */
export async function findDevices(site: Site, gpus: string): Promise<FoundDevices> {
  const nothing = (problem: DeviceProblem, detail = ""): FoundDevices => ({ devices: [], problem, detail });
  let named: Device[] | "auto";
  try {
    named = readDevices(gpus);
  } catch (error) {
    return nothing("listing", (error as Error).message);
  }
  const devices = named === "auto" ? await findNvidia() : named;
  if (devices.length === 0) return nothing("none");
  if (devices.some(({ kind }) => kind === "nvidia")) {
    const version = await toolkitVersion();
    if (version && isOlder(version, TOOLKIT_FIXED)) return nothing("toolkit_old", version);
    if ((await missingImages([DEVICE_IMAGE], site.engine)).length > 0) return nothing("image_missing");
  }
  try {
    await probe(site, devices);
  } catch (error) {
    return nothing("engine_cannot", (error as Error).message);
  }
  return { devices, problem: null, detail: "" };
}

/** @throws what the engine says where it gives none; where a container gets another device than asked for */
async function probe(site: Site, devices: Device[]): Promise<void> {
  const { student: image } = await imageDigests(PROBE_IMAGE, site.engine);
  for (const { id } of devices) {
    const got = await printedBy(site, { image, command: ASK, devices: [id], ms: PROBE_MS });
    if (got !== id) throw new EngineFault("refused", `asked for ${id}, a container got "${got}"`);
  }
}
