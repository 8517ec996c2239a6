import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isRunning } from "./start-engine.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-pids-"));
const pidFile = (pid: string | number) => {
  writeFileSync(join(folder, "x.pid"), `${pid}\n`);
  return "x.pid";
};

test("a pid file of a killed engine whose number another program got is stale", async () => {
  const other = spawn("sleep", ["60"]);
  onTestFinished(() => {
    other.kill();
  });
  await once(other, "spawn");
  expect(isRunning(pidFile(other.pid ?? 0), "dockerd", folder)).toBe(false);
  expect(isRunning(pidFile(other.pid ?? 0), "sleep", folder)).toBe(true);
});

test.each([
  ["nobody's number", 4_194_300],
  ["an empty file", ""],
  ["nonsense", "x"],
])("%s is stale", (_, pid) => {
  expect(isRunning(pidFile(pid), "dockerd", folder)).toBe(false);
});

test("no pid file: not running", () => {
  expect(isRunning("missing.pid", "dockerd", folder)).toBe(false);
});
