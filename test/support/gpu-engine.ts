// A Docker engine that hands out devices on a machine without a GPU: a real dockerd that finds the stand-in hook on its
// PATH. Everything of the way to a container is real but what a GPU's library would add inside it.
import { fileURLToPath } from "node:url";
import { onPath } from "../../src/cli/doctor/start-engine.ts";
import { openPrivateEngine, type PrivateEngine } from "../chaos/engine.ts";

const HOOK = fileURLToPath(new URL("stand-in", import.meta.url));
/** Kept from run to run: bringing the images over takes a minute. */
const FOLDER = fileURLToPath(new URL("../../.assay/test-gpu-engine", import.meta.url));

/** Why there can be none here; null where there can. */
export function whyNoGpuEngine(): string | null {
  if (process.getuid?.() !== 0) return "a second Docker engine needs root";
  return onPath("dockerd") && onPath("containerd") ? null : "dockerd is not on this machine";
}

export const openGpuEngine = (): Promise<PrivateEngine> =>
  openPrivateEngine(FOLDER, (line) => console.warn(line), HOOK);
