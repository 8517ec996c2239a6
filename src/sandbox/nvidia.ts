// Real devices, as the host sees them: found, measured and counted by nvidia-smi, never by a container.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Device } from "./devices.ts";

const run = promisify(execFile);
const ASK_MS = 10_000;
const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/** What a device does at one moment. */
export interface Usage {
  usedBytes: number;
  /** Percent; null where the driver does not tell (a slice). */
  utilisation: number | null;
  /** Processes that hold it, as the host counts them. */
  processes: number;
}

/** GPUs and slices of this machine; none where there is no nvidia-smi. */
export async function findNvidia(): Promise<Device[]> {
  const listed = await ask(["-L"]);
  if (listed === null) return [];
  const sizes = (await ask(["--query-gpu=uuid,memory.total", "--format=csv,noheader,nounits"])) ?? "";
  return parseDevices(listed, sizes);
}

/**
 * A GPU in slices is offered as its slices alone: it is no device of its own any more.
 * @param listed what `nvidia-smi -L` prints; `sizes` are lines of `uuid, MiB`.
 */
export function parseDevices(listed: string, sizes: string): Device[] {
  const memory = new Map(
    lines(sizes).map((line) => {
      const [uuid = "", mib = ""] = line.split(",").map((part) => part.trim());
      return [uuid, Number(mib) * MiB] as const;
    }),
  );
  const gpus: { device: Device; slices: Device[] }[] = [];
  for (const line of lines(listed)) {
    const gpu = /^GPU \d+: (.+) \(UUID: (GPU-[\w-]+)\)/.exec(line);
    const slice = /^\s*MIG (\S+)\s+Device\s+\d+: \(UUID: (MIG-[\w/-]+)\)/.exec(line);
    if (gpu) {
      const [, name = "", id = ""] = gpu;
      const vramBytes = memory.get(id) ?? 0;
      gpus.push({ device: { id, name, vramBytes, mig: false, kind: "nvidia" }, slices: [] });
    }
    const parent = gpus.at(-1);
    if (!slice || !parent) continue;
    const [, profile = "", id = ""] = slice;
    const vramBytes = Number(/(\d+)gb/.exec(profile)?.[1] ?? 0) * GiB;
    parent.slices.push({
      id,
      name: `${parent.device.name} ${profile}`,
      vramBytes,
      mig: true,
      kind: "nvidia",
    });
  }
  return gpus.flatMap(({ device, slices }) => (slices.length > 0 ? slices : [device]));
}

/** Null where the driver does not tell: nothing is claimed then. */
export async function usageOf(device: Device): Promise<Usage | null> {
  if (device.mig) return null;
  const query = ["--query-gpu=memory.used,utilization.gpu", "--format=csv,noheader,nounits", "-i", device.id];
  const apps = ["--query-compute-apps=pid", "--format=csv,noheader", "-i", device.id];
  const [told, held] = await Promise.all([ask(query), ask(apps)]);
  const [used, utilisation] = (told ?? "").split(",").map(Number);
  if (used === undefined || !Number.isFinite(used) || held === null) return null;
  return {
    usedBytes: used * MiB,
    utilisation: Number.isFinite(utilisation) ? (utilisation ?? null) : null,
    processes: lines(held).length,
  };
}

/** Version of the container toolkit; null where there is none. */
export async function toolkitVersion(): Promise<string | null> {
  for (const program of ["nvidia-ctk", "nvidia-container-cli"]) {
    const said = await run(program, ["--version"], { timeout: ASK_MS }).catch(() => null);
    const found = /version:?\s+v?(\d+\.\d+\.\d+)/i.exec(said?.stdout ?? "")?.[1];
    if (found) return found;
  }
  return null;
}

/** CVE-2025-23266: before it an image's ENV ran code on the host. CVE-2024-0132 and CVE-2025-23359 are fixed in it. */
export const TOOLKIT_FIXED = "1.17.8";

export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(".").map(Number));
  const at = [0, 1, 2].find((part) => a?.[part] !== b?.[part]);
  return at !== undefined && (a?.[at] ?? 0) < (b?.[at] ?? 0);
}

async function ask(args: string[]): Promise<string | null> {
  return run("nvidia-smi", args, { timeout: ASK_MS }).then(
    ({ stdout }) => stdout,
    () => null,
  );
}

const lines = (text: string) => text.split("\n").filter((line) => line.trim() !== "");
