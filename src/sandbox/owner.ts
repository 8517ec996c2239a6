// Whose a container is: every one carries the installation and the worker process that made it, so that
// leftovers of a dead worker are removed and a live worker's never are.
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

export const LABELS = {
  owner: "assay.owner",
  worker: "assay.worker",
  created: "assay.created",
  kind: "assay.kind",
} as const;

/**
 * Containers (ids) and volumes (names) that this process still uses. What bears its label and is not in here was
 * given up while the engine did not answer, and is a leftover like a dead worker's.
 */
export const inUse = new Set<string>();

/** Where live and dead cannot be told apart (another host or process table), this age decides. */
const STRANGER_LIMIT_MS = 6 * 3600_000;

/** This installation's name for ever: a file in `ASSAY_HOME`. */
export function installationId(home = process.env.ASSAY_HOME || ".assay"): string {
  const file = join(home, "installation-id");
  const read = () => readFileSync(file, "utf8").trim();
  try {
    return read();
  } catch {
    mkdirSync(home, { recursive: true });
    try {
      writeFileSync(file, `${randomUUID()}\n`, { flag: "wx" });
    } catch {
      // Another process made it in the same moment; its answer is the one that counts.
    }
    return read();
  }
}

/** One worker process: where it runs, which process it is, and since when, since numbers come again. */
export interface WorkerIdentity {
  host: string;
  boot: string;
  pids: string;
  pid: number;
  since: string;
}

export function thisWorker(): WorkerIdentity {
  return {
    host: textOf("/etc/machine-id") || hostname(),
    boot: textOf("/proc/sys/kernel/random/boot_id"),
    pids: linkOf("/proc/self/ns/pid"),
    pid: process.pid,
    since: startOf(process.pid) ?? "",
  };
}

export const workerLabel = (worker: WorkerIdentity) =>
  [worker.host, worker.boot, worker.pids, worker.pid, worker.since].join("/");

/** Whether the worker that wrote `label` at `created` is gone. In doubt it is not, until hours have passed. */
export function isGone(label: string, created: Date, now: Date, me = thisWorker()): boolean {
  const [host, boot, pids, pid, since] = label.split("/");
  const old = now.getTime() - created.getTime() > STRANGER_LIMIT_MS;
  if (!host || host !== me.host) return old;
  if (boot !== me.boot) return true;
  if (pids !== me.pids) return old;
  return startOf(Number(pid)) !== (since || null);
}

/** A process's start in clock ticks since boot, null when there is none (zombies count as none). */
function startOf(pid: number): string | null {
  const stat = textOf(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (!stat || fields[0] === "Z" || fields[0] === "X") return null;
  return fields[19] ?? null;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}
