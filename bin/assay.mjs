#!/usr/bin/env node
// Runs the CLI on Node 24: `npm ci` puts that Node beside this project (the package `node`),
// so a machine whose own Node is older still runs the version that Assay is tested on.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const major = Number(process.versions.node.split(".")[0]);
const local = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
if (major < 24 && existsSync(local) && !process.env.ASSAY_NODE_CHOSEN) {
  const run = spawnSync(local, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, ASSAY_NODE_CHOSEN: "1" },
  });
  process.exit(run.status ?? 1);
}
const { register } = await import("tsx/esm/api");
register();
await import("../src/main.ts");
