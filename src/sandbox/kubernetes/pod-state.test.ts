import type { V1ContainerStatus, V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { afterEach, expect, test } from "vitest";
import { inUse, LABELS, thisWorker, workerLabel } from "../owner.ts";
import { allRunning, containerState, overSince, whyNotRunning } from "./pod-state.ts";
import { readProbe, serverPlace } from "./probe.ts";
import { isLeftOver } from "./reap-pods.ts";

const now = new Date("2026-10-01T12:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const pod = (status: V1PodStatus, metadata: V1Pod["metadata"] = {}): V1Pod => ({
  metadata: { name: "a", creationTimestamp: ago(60), ...metadata },
  spec: { containers: [{ name: "harness" }, { name: "student" }] },
  status,
});
const one = (name: string, state: V1ContainerStatus["state"]): V1ContainerStatus => ({
  ...{ name, image: "", imageID: "", ready: true, restartCount: 0 },
  ...(state ? { state } : {}),
});
const ended = (exitCode: number, reason: string, finishedAt = ago(1)) => ({
  terminated: { exitCode, reason, finishedAt },
});
const running = { running: { startedAt: ago(5) } };

test.each<[string, V1Pod | null, object]>([
  ["runs", pod({ containerStatuses: [one("student", running)] }), { running: true }],
  ["has not begun", pod({ phase: "Pending" }), { running: true }],
  [
    "ended by itself",
    pod({ containerStatuses: [one("student", ended(3, "Error"))] }),
    { running: false, exitCode: 3 },
  ],
  [
    "was ended for its memory",
    pod({ containerStatuses: [one("student", ended(137, "OOMKilled"))] }),
    { running: false, exitCode: 137, oomKilled: true },
  ],
  ["is gone with its Pod", null, { running: false, exitCode: 137, oomKilled: false }],
  [
    "was evicted",
    pod({ phase: "Failed", reason: "Evicted" }),
    { running: false, exitCode: 137, oomKilled: false },
  ],
  [
    "is being removed",
    pod({ phase: "Running" }, { deletionTimestamp: now }),
    { running: false, exitCode: 137 },
  ],
])("a container that %s", (_, seen, state) => {
  expect(containerState(seen, "student")).toMatchObject(state);
});

test("a Pod runs when both of its containers do", () => {
  expect(allRunning(pod({ containerStatuses: [one("harness", running)] }))).toBe(false);
  expect(allRunning(pod({ containerStatuses: [one("harness", running), one("student", running)] }))).toBe(
    true,
  );
});

test.each<[string, V1Pod | null, boolean, RegExp]>([
  ["was removed", null, true, /removed/],
  [
    "has an image that nobody has",
    pod({
      containerStatuses: [one("student", { waiting: { reason: "ImagePullBackOff", message: "no such" } })],
    }),
    true,
    /student: ImagePullBackOff \(no such\)/,
  ],
  [
    "finds no room",
    pod({ conditions: [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }] }),
    false,
    /0\/3 nodes/,
  ],
  [
    "is being made",
    pod({ containerStatuses: [one("student", { waiting: { reason: "ContainerCreating" } })] }),
    false,
    /not begun/,
  ],
  ["ended at once", pod({ containerStatuses: [one("student", ended(1, "Error"))] }), true, /student: Error/],
  [
    "was refused by its node",
    pod({ phase: "Failed", reason: "OutOfcpu", message: "full" }),
    true,
    /OutOfcpu: full/,
  ],
])("whether to wait for a Pod that %s", (_, seen, final, words) => {
  expect(whyNotRunning(seen)).toEqual({ final, words: expect.stringMatching(words) });
});

test("a Pod is over since the last of its containers ended", () => {
  const statuses = [
    one("harness", ended(0, "Completed", ago(3))),
    one("student", ended(0, "Completed", ago(9))),
  ];
  expect(overSince(pod({ phase: "Succeeded", containerStatuses: statuses }))).toEqual(ago(3));
  expect(overSince(pod({ phase: "Running", containerStatuses: statuses }))).toBeNull();
});

afterEach(() => inUse.clear());
const mine = { labels: { [LABELS.owner]: "i" }, annotations: { [LABELS.worker]: workerLabel(thisWorker()) } };
const theirs = { labels: { [LABELS.owner]: "j" }, annotations: { [LABELS.worker]: "other" } };
const over = (minutes: number) => ({
  phase: "Succeeded",
  containerStatuses: [one("harness", ended(0, "Completed", ago(minutes)))],
});

test.each<[string, V1Pod, boolean]>([
  ["mine that I forgot", pod({ phase: "Running" }, mine), true],
  ["mine that was made just now", pod({}, { ...mine, creationTimestamp: ago(0) }), false],
  ["another's that runs, however old", pod({ phase: "Running" }, theirs), false],
  ["another's that has just ended", pod(over(1), theirs), false],
  ["another's that ended long ago", pod(over(11), theirs), true],
])("a leftover or not: %s", (_, seen, is) => {
  expect(isLeftOver(seen, "i", now, 60_000)).toBe(is);
});

test("what is in use is no leftover", () => {
  inUse.add("a");
  expect(isLeftOver(pod(over(60), mine), "i", now, 60_000)).toBe(false);
});

test.each([
  ["https://10.0.0.1:6443", ["10.0.0.1:6443"]],
  ["https://api.example.edu", ["api.example.edu:443"]],
  ["https://127.0.0.1:6443", []],
  ["http://localhost:8080", []],
])("the API server at %s is a place that a Pod tries: %j", (server, places) => {
  expect(serverPlace(server)).toEqual(places);
});

test.each([
  ["max", ["0", "0", "4294967295"], { pids: null, userNamespace: false }],
  ["512", ["0", "65536", "65536"], { pids: 512, userNamespace: true }],
  ["", [], { pids: null, userNamespace: false }],
])("the probe's words: %s processes, numbers %j", (pids, ids, read) => {
  expect(readProbe(JSON.stringify({ tried: ["a:1"], reached: [], pids, ids }))).toMatchObject(read);
});
