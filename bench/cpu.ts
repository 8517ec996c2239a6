// Where processor time goes: the sandboxes by the kernel's account of their cgroups, Node and PostgreSQL by their
// processes, and what is left of the machine's busy time: the engine, its runtime, the kernel's own work.
import { readdir, readFile } from "node:fs/promises";

/** Of /proc: the kernel counts in hundredths of a second. */
const HERTZ = 100;
const SANDBOXES = "/sys/fs/cgroup/cpuacct/docker/cpuacct.usage";

/** Seconds since the machine's start. */
export interface Spent {
  total: number;
  idle: number;
  /** NaN where the kernel keeps no such account (cgroup v2). */
  sandboxes: number;
  node: number;
  postgres: number;
}

/** @param own the server and the worker; their children (archive readers) count with them */
export async function processorTime(own: number[]): Promise<Spent> {
  const [line = ""] = (await readFile("/proc/stat", "utf8")).split("\n");
  // Guest time, from the eighth on, is counted in user time already.
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const nanoseconds = await readFile(SANDBOXES, "utf8").then(Number, () => Number.NaN);
  const { node, postgres } = await ofProcesses(own);
  return {
    total: ticks.reduce((sum, n) => sum + n, 0) / HERTZ,
    idle: (ticks[3]! + ticks[4]!) / HERTZ,
    sandboxes: nanoseconds / 1e9,
    node,
    postgres,
  };
}

export function difference(before: Spent, after: Spent): Spent {
  const entries = Object.entries(after).map(([key, value]) => [key, value - before[key as keyof Spent]]);
  return Object.fromEntries(entries) as Spent;
}

async function ofProcesses(own: number[]): Promise<{ node: number; postgres: number }> {
  const sums = { node: 0, postgres: 0 };
  const numbers = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const number of numbers) {
    // One that ends meanwhile is gone.
    const stat = await readFile(`/proc/${number}/stat`, "utf8").catch(() => "");
    const [, pid, name, rest = ""] = /^(\d+) \((.*)\) (.*)$/s.exec(stat) ?? [];
    const fields = rest.split(" ").map(Number);
    const seconds = (fields[11]! + fields[12]!) / HERTZ;
    if (own.includes(Number(pid)) || own.includes(fields[1]!)) sums.node += seconds;
    else if (name === "postgres") sums.postgres += seconds;
  }
  return sums;
}
