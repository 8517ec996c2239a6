import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installationId, isGone, thisWorker, workerLabel } from "./owner.ts";

const now = new Date();
const me = thisWorker();
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3600_000);

test("an installation keeps its name", () => {
  const home = join(mkdtempSync(join(tmpdir(), "assay-")), "home");
  expect(installationId(home)).toBe(installationId(home));
  expect(installationId(home)).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  ["this worker lives", workerLabel(me), hoursAgo(100), false],
  ["its number was given to another process since", workerLabel({ ...me, since: "1" }), now, true],
  ["the machine was started again since", workerLabel({ ...me, boot: "other" }), now, true],
  ["another host: it may live", workerLabel({ ...me, host: "other" }), hoursAgo(5), false],
  ["another host, and hours have passed", workerLabel({ ...me, host: "other" }), hoursAgo(7), true],
  ["another process table on this host: it may live", workerLabel({ ...me, pids: "pid:[1]" }), now, false],
  ["no label of ours", "", now, false],
])("%s", (_, label, created, gone) => {
  expect(isGone(label, created, now, me)).toBe(gone);
});

test("a worker that was killed is gone", async () => {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
  await once(child, "spawn");
  const { readFileSync } = await import("node:fs");
  const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
  const since = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  const label = workerLabel({ ...me, pid: child.pid ?? 0, since });
  expect(isGone(label, now, now, me)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isGone(label, now, now, me)).toBe(true);
});
