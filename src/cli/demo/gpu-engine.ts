// A Docker engine that hands out devices on a machine without a GPU: a real dockerd that finds the stand-in hook on its
// PATH. Everything of the way to a container is real but what a GPU's library would add inside it.
import { fileURLToPath } from "node:url";
import { onPath } from "../doctor/start-engine.ts";
import { openPrivateEngine, type PrivateEngine } from "./own-engine.ts";

const HOOK = fileURLToPath(new URL("stand-in", import.meta.url));

/** Why there can be none here; null where there can. */
export function whyNoGpuEngine(): string | null {
  if (process.getuid?.() !== 0) return "a second Docker engine needs root";
  const missing = ["dockerd", "containerd", "unshare"].find((program) => !onPath(program));
  return missing ? `${missing} is not on this machine` : null;
}

/** @param folder kept from run to run: bringing the images over takes a minute. */
export const openGpuEngine = (folder: string, say: (line: string) => void): Promise<PrivateEngine> =>
  openPrivateEngine(folder, say, { programs: HOOK, apart: false });
