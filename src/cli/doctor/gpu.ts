import { existsSync } from "node:fs";
import type { Check } from "./check.ts";
import { onPath } from "./start-engine.ts";

export const gpuCheck: Check = {
  id: "gpu",
  title: "GPU",
  required: false,
  async run() {
    const device = existsSync("/dev/nvidiactl");
    const hook = onPath("nvidia-container-runtime-hook");
    if (!device) return { state: "skipped", found: "none; suites that ask for one wait for another worker" };
    if (hook) return { state: "ok", found: "NVIDIA device, and the engine can hand it to a container" };
    const found = "an NVIDIA device, but containers cannot get it";
    return { state: "warning", found, mend: "install nvidia-container-toolkit and restart the engine" };
  },
};
