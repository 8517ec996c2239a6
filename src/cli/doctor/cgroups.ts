import { openEngine } from "../../sandbox/engine.ts";
import { cgroupRootReadable } from "../../sandbox/oom.ts";
import type { Check } from "./check.ts";
import { engineAnswers } from "./start-engine.ts";

export const cgroupsCheck: Check = {
  id: "cgroups",
  title: "Kernel's memory counters",
  required: false,
  async run() {
    if (!(await engineAnswers())) return { state: "skipped", found: "no engine to ask" };
    const { CgroupVersion = "1", CgroupDriver = "cgroupfs" } = await openEngine().info();
    if (cgroupRootReadable(CgroupVersion)) {
      return { state: "ok", found: `cgroup v${CgroupVersion} (${CgroupDriver}), readable` };
    }
    return {
      state: "warning",
      found: `the counters of cgroup v${CgroupVersion} cannot be read here; the engine's own word is used`,
      mend: "run the worker on the engine's host, with /sys/fs/cgroup mounted",
    };
  },
};
