import { DEVICE_IMAGE } from "../../sandbox/device-images.ts";
import { deviceWords } from "../../sandbox/device-words.ts";
import { openEngine } from "../../sandbox/engine.ts";
import { findDevices } from "../../sandbox/find-devices.ts";
import { ensureImages } from "../../sandbox/images.ts";
import { usesCluster } from "../../sandbox/kubernetes/settings.ts";
import { TOOLKIT_FIXED, toolkitVersion } from "../../sandbox/nvidia.ts";
import { installationId } from "../../sandbox/owner.ts";
import { openSite } from "../../sandbox/site.ts";
import type { Check, Outcome } from "./check.ts";

const INSTALL = "install nvidia-container-toolkit (docs/gpu.md) and restart the engine";

/** The worker's own search: each device is given to a container, which says what it got. */
export const gpuCheck: Check = {
  id: "gpu",
  title: "GPU",
  required: false,
  async run(): Promise<Outcome> {
    if (usesCluster()) return { state: "skipped", found: "the cluster's own device plugin has them" };
    const site = await openSite(openEngine(), installationId());
    const { devices, problem, detail } = await findDevices(site, process.env.ASSAY_GPUS || "auto");
    if (problem === "none") return { state: "skipped", found: deviceWords.none.en };
    if (problem === "image_missing")
      return {
        ...{ state: "warning", found: deviceWords.image_missing.en, mend: "assay doctor --fix" },
        fix: ({ onProgress }) => ensureImages([DEVICE_IMAGE], onProgress),
      };
    if (problem)
      return { state: "warning", found: because(deviceWords[problem].en, detail), mend: mends[problem] };
    const toolkit = await toolkitVersion();
    const named = devices.map(({ id, name }) => `${name} (${id})`).join(", ");
    return { state: "ok", found: `${named}; container toolkit ${toolkit ?? "of unknown version"}` };
  },
};

const because = (sentence: string, detail: string) => (detail === "" ? sentence : `${sentence} (${detail})`);

const mends = {
  engine_cannot: INSTALL,
  toolkit_old: `update nvidia-container-toolkit to ${TOOLKIT_FIXED} or newer and restart the engine`,
  listing: "write ASSAY_GPUS as auto, none, or ID=NAME=24GiB by commas",
} as const;
