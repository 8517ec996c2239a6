// Every single control, and how exactly this one is taken away: for the hostile runner alone. Nothing of it can be
// reached from production code: the containers are changed on their way to the engine by a wrapper that only this
// folder makes, and changed Python is mounted over the image's own.
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ContainerCreateOptions, HostConfig } from "dockerode";
import type { Engine } from "../../src/sandbox/engine.ts";
import type { ImageKind } from "../../src/sandbox/image-recipe.ts";
import { LABELS } from "../../src/sandbox/owner.ts";

interface Removal {
  what: string;
  /** Changes a container's options. */
  container?(host: HostConfig, options: ContainerCreateOptions, kind: ImageKind): void;
  /** The side whose Python is changed by `removals/<name>.py`, run before its main(). */
  python?: ImageKind;
}

const table = {
  capabilities: {
    what: "no capability, not even in the bounding set",
    container: (host) => {
      host.CapDrop = [];
    },
  },
  "no-new-privileges": {
    what: "set-uid programs give nothing",
    container: (host) => {
      host.SecurityOpt = (host.SecurityOpt ?? []).filter((option: string) => option !== "no-new-privileges");
    },
  },
  seccomp: {
    what: "our own list of system calls",
    container: (host) => {
      host.SecurityOpt = ["no-new-privileges", "seccomp=unconfined"];
    },
  },
  sysctls: {
    what: "no System V and no POSIX objects",
    container: (host) => {
      delete host.Sysctls;
    },
  },
  pids: {
    what: "a limit on processes and threads",
    container: (host) => {
      host.PidsLimit = 0;
    },
  },
  memory: {
    what: "a limit on memory",
    container: (host) => {
      delete host.MemorySwappiness;
      host.Memory = 0;
      host.MemorySwap = 0;
    },
  },
  "tmpfs-caps": {
    what: "sizes and inodes of the writable places",
    container: (host) => {
      const places = Object.entries(host.Tmpfs ?? {});
      const uncapped = (text: string) => text.replace(/,(size|nr_inodes)=\d+/g, "");
      host.Tmpfs = Object.fromEntries(places.map(([place, text]) => [place, uncapped(text)]));
    },
  },
  network: {
    what: "no network",
    container: (host, options) => {
      host.NetworkMode = "host";
      options.NetworkDisabled = false;
    },
  },
  "read-only-root": {
    what: "nothing of the image can be written",
    container: (host) => {
      host.ReadonlyRootfs = false;
    },
  },
  "unprivileged-user": {
    what: "a user without rights",
    container: (_, options, kind) => {
      if (kind === "student") options.User = "0:0";
    },
  },
  "own-user": {
    what: "a user of its own for each sandbox",
    container: (_, options, kind) => {
      if (kind === "student") options.User = "1100000000:1100000000";
    },
  },
  "output-cap": { what: "64 KB of printed text a test", python: "student" },
  deadline: { what: "a deadline for every call, on the harness's clock", python: "harness" },
  "frame-caps": { what: "caps on what one answer may hold", python: "harness" },
  "fork-per-test": { what: "each test in a fresh fork", python: "student" },
  wipe: { what: "writable places are emptied between tests", python: "student" },
  "one-channel": { what: "a channel of its own for each test", python: "harness" },
  "student-view": { what: "the one function between a report and a student" },
  manifest: { what: "one strict reading of the archive" },
  wall: { what: "student and tests in two sandboxes", python: "harness" },
} satisfies Record<string, Removal>;

export type ControlName = keyof typeof table;
export const controlNames = Object.keys(table) as ControlName[];
export const controls: Record<ControlName, Removal> = table;

/** The engine as it is, but that containers are made without this control. */
export function engineWithout(engine: Engine, control: ControlName): Engine {
  const { container, python } = controls[control];
  const changed = python ? changedPython(control, python) : null;
  const create: Engine["create"] = (options) => {
    const mine = { ...options, HostConfig: { ...options.HostConfig } };
    const kind = (options.Labels?.[LABELS.kind] ?? "student") as ImageKind;
    container?.(mine.HostConfig, mine, kind);
    if (changed && kind === python) mine.HostConfig.Binds = [changed];
    return engine.create(mine);
  };
  return { ...engine, create };
}

const SANDBOX = fileURLToPath(new URL("../../sandbox/", import.meta.url));
const START = 'if __name__ == "__main__":';

/** A copy of that side's Python with the removal run before its main; answers the mount that lays it over. */
function changedPython(control: ControlName, kind: ImageKind): string {
  const part = kind === "student" ? "runner" : "harness";
  const folder = mkdtempSync(join(tmpdir(), "assay-without-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, part);
  cpSync(join(SANDBOX, part), copy, { recursive: true, filter: (path) => !path.includes("__pycache__") });
  // Without the wall the student's side is answered inside the harness.
  if (control === "wall") cpSync(join(SANDBOX, "runner", "answer.py"), join(copy, "answer.py"));
  const main = readFileSync(join(copy, "main.py"), "utf8");
  if (main.split(START).length !== 2) throw new Error(`${part}/main.py does not begin as it did`);
  const removal = readFileSync(new URL(`removals/${control}.py`, import.meta.url), "utf8");
  writeFileSync(
    join(copy, "main.py"),
    main.replace(START, () => `${removal}\n\n${START}`),
  );
  makeReadable(folder);
  return `${copy}:/opt/assay/${part}:ro`;
}

function makeReadable(folder: string) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(path);
    else chmodSync(path, 0o644);
  }
}
