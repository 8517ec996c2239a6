import { expect, test } from "vitest";
import { installed, type RuntimeFacts, runtimeOutcome } from "./runtime.ts";

const plain: RuntimeFacts = { wanted: null, runtimes: ["runc"], rootless: false, cgroupVersion: "2" };

test.each<[string, Partial<RuntimeFacts>, string, RegExp]>([
  [
    "an engine as it comes: gVisor and rootless are recommended",
    {},
    "warning",
    /gVisor.*ASSAY_RUNTIME=runsc.*rootless/,
  ],
  [
    "gVisor is there and not used: the setting is named",
    { runtimes: ["runc", "runsc"] },
    "warning",
    /^ASSAY_RUNTIME=runsc$/,
  ],
  ["gVisor is used", { runtimes: ["runc", "runsc"], wanted: "runsc" }, "ok", /runsc, by ASSAY_RUNTIME/],
  [
    "a runtime that the engine does not know is refused",
    { wanted: "runsc" },
    "missing",
    /unset ASSAY_RUNTIME/,
  ],
  ["a rootless engine", { rootless: true }, "ok", /rootless/],
  [
    "a rootless engine that enforces nothing is refused",
    { rootless: true, cgroupVersion: "1" },
    "missing",
    /cgroup v2/,
  ],
])("%s", (_, facts, state, words) => {
  const outcome = runtimeOutcome({ ...plain, ...facts });
  expect(outcome.state).toBe(state);
  expect("mend" in outcome ? outcome.mend : outcome.found).toMatch(words);
});

test("of podman's runtimes those count that are there: it names some that nobody installed", () => {
  const runtimes = { runc: { path: "/usr/bin/runc" }, runsc: { path: "/usr/bin/runsc" }, kata: {} };
  expect(installed(runtimes, (path) => path === "/usr/bin/runc")).toEqual(["runc"]);
});
