// Whether the kernel killed for memory in a sandbox: read from the container's own cgroup on the host. A process
// that kills itself moves no counter, so a student cannot write this verdict.
import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = "/sys/fs/cgroup";

/** A reading of the counter; null once the container is gone, or where the host's files cannot be read. */
export type OomCounter = () => number | null;

/** The counter of the container whose first process is `pid` (as the host numbers it). */
export function oomCounter(pid: number): OomCounter {
  const file = counterFile(pid);
  return () => {
    if (!file) return null;
    try {
      const found = /^oom_kill (\d+)$/m.exec(readFileSync(file, "utf8"));
      return found ? Number(found[1]) : null;
    } catch {
      return null;
    }
  };
}

/** Bytes in use by that container now; null where they cannot be read. */
export function memoryInUse(pid: number): number | null {
  const place = cgroupOf(pid);
  if (!place) return null;
  try {
    const file = place.version === 1 ? "memory.usage_in_bytes" : "memory.current";
    return Number(readFileSync(join(place.folder, file), "utf8"));
  } catch {
    return null;
  }
}

function counterFile(pid: number): string | null {
  const place = cgroupOf(pid);
  if (!place) return null;
  const file = join(place.folder, place.version === 1 ? "memory.oom_control" : "memory.events");
  return readable(file) ? file : null;
}

/** Where the process's memory cgroup lies: its v1 memory controller, else the one v2 tree. */
function cgroupOf(pid: number): { version: 1 | 2; folder: string } | null {
  try {
    const lines = readFileSync(`/proc/${pid}/cgroup`, "utf8").trim().split("\n");
    const paths = lines.map((line) => /^\d+:([^:]*):(.*)$/.exec(line)).filter((match) => match !== null);
    const v1 = paths.find(([, controllers]) => controllers?.split(",").includes("memory"));
    if (v1) return { version: 1, folder: join(ROOT, "memory", v1[2] ?? "") };
    const v2 = paths.find(([, controllers]) => controllers === "");
    return v2 ? { version: 2, folder: join(ROOT, v2[2] ?? "") } : null;
  } catch {
    return null;
  }
}

/** Whether this process sees the engine's cgroups at all. */
export function cgroupRootReadable(version: string): boolean {
  return version === "1"
    ? readable(join(ROOT, "memory", "memory.oom_control"))
    : readable(join(ROOT, "cgroup.controllers"));
}

function readable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
