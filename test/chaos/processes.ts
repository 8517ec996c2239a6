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
