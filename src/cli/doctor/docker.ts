import { openEngine } from "../../sandbox/engine.ts";
import { usesCluster } from "../../sandbox/kubernetes/settings.ts";
import type { Check } from "./check.ts";
import { engineAnswers, ensureDocker, INSTALL_ENGINE, onPath } from "./start-engine.ts";

export const dockerCheck: Check = {
  id: "docker",
  title: "Docker engine",
  required: true,
  async run() {
    if (usesCluster()) return { state: "skipped", found: "ASSAY_ENGINE=kubernetes" };
    if (await engineAnswers()) {
      const { Version, ApiVersion } = await openEngine().version();
      return { state: "ok", found: `running, ${Version}, API ${ApiVersion}` };
    }
    if (process.env.DOCKER_HOST) {
      const found = `nothing answers at DOCKER_HOST=${process.env.DOCKER_HOST}`;
      return { state: "missing", found, mend: "start that engine, or unset DOCKER_HOST" };
    }
    if (onPath("dockerd")) {
      return {
        state: "missing",
        found: "installed, not running",
        mend: "setsid dockerd >/var/log/assay-dockerd.log 2>&1 &",
        fix: ensureDocker,
      };
    }
    return { state: "missing", found: "not installed", mend: INSTALL_ENGINE, fix: ensureDocker };
  },
};
