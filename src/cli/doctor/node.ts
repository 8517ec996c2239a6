import type { Check } from "./check.ts";

const OLDEST = 24;

export const nodeCheck: Check = {
  id: "node",
  title: "Node.js",
  required: true,
  async run() {
    const found = `v${process.versions.node}`;
    if (Number(process.versions.node.split(".")[0]) >= OLDEST) return { state: "ok", found };
    return {
      state: "missing",
      found: `${found}, at least v${OLDEST} is needed`,
      mend: "npm ci (on Linux it brings Node 24 along), or install Node 24",
    };
  },
};
