import { openEngine } from "../../sandbox/engine.ts";
import type { Check } from "./check.ts";
import { engineAnswers } from "./start-engine.ts";

/** The API of engine 20.10: the oldest on which the sandboxes were run. */
const OLDEST = "1.41";

export const engineApiCheck: Check = {
  id: "engine-api",
  title: "Engine's features",
  required: true,
  async run() {
    if (!(await engineAnswers())) return { state: "skipped", found: "no engine to ask" };
    const engine = openEngine();
    const [{ ApiVersion, Version }, info] = await Promise.all([engine.version(), engine.info()]);
    if (older(ApiVersion, OLDEST)) {
      const found = `${Version} speaks API ${ApiVersion}, at least ${OLDEST} is needed`;
      return { state: "missing", found, mend: "apt-get install -y --only-upgrade docker.io" };
    }
    const lacking = [
      info.MemoryLimit || "memory limits",
      info.PidsLimit || "limits on processes",
      info.CpuCfsQuota || "CPU limits",
      info.SecurityOptions?.some((option) => option.includes("seccomp")) || "seccomp",
    ].filter((item) => typeof item === "string");
    if (lacking.length > 0) {
      const found = `the engine cannot enforce: ${lacking.join(", ")}`;
      return {
        state: "missing",
        found,
        mend: "run the engine as root on a kernel with all cgroup controllers",
      };
    }
    if (!info.SwapLimit) {
      const found = "swap is not counted: a memory bomb could swap before it is stopped";
      return { state: "warning", found, mend: "boot with swapaccount=1, or: swapoff -a" };
    }
    return { state: "ok", found: `API ${ApiVersion}, memory, pids, cpu and seccomp are enforced` };
  },
};

function older(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = than.split(".").map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
