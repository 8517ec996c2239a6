// What is left on the machine after everything was told to end: by what only a run of our own can have.
import { readdir, readFile } from "node:fs/promises";

/** Command lines of living processes, but ours, that have `mark` in their command or environment. */
export async function processesOf(mark: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (command.includes(mark) || environment.includes(mark))
      found.push(`${pid} ${command.replaceAll("\0", " ").trim()}`);
  }
  return found;
}

/**
 * Processes in sandboxes of the engine on `folder`, whether it still knows these or not: each is a child of a shim, whose
 * command names the folder. A shim without a child is the engine's own leftover and holds nothing.
 */
export async function sandboxesOf(folder: string): Promise<string[]> {
  const shims = (await processesOf(folder)).filter((line) => line.includes("containerd-shim"));
  const pids = new Set(shims.map((line) => line.split(" ")[0]!));
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    if (!pids.has(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? "")) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command !== "") found.push(`${pid} ${command.replaceAll("\0", " ").trim()}`);
  }
  return found;
}
