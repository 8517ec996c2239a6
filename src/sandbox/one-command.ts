// A container that runs one command of ours and prints a little: no submission is ever in it.
import { setTimeout as sleep } from "node:timers/promises";
import { containerOptions, freshUid } from "./container.ts";
import { listenTo } from "./container-output.ts";
import { SandboxFault } from "./fault.ts";
import { inUse } from "./owner.ts";
import { labelsFor, type Site } from "./site.ts";

const PRINTED_BYTES = 16 * 1024;
const MiB = 1024 ** 2;

/** What `command` prints in a container of `image` that has these devices. @throws EngineFault, SandboxFault */
export async function printedBy(
  site: Site,
  { image, command, devices, ms }: { image: string; command: string[]; devices: string[]; ms: number },
): Promise<string> {
  const { engine, cgroupVersion } = site;
  const limits = { cpus: 1, memoryBytes: 4096 * MiB, pids: 128 };
  const labels = labelsFor(site, "device");
  const uid = freshUid("student");
  const plan = { kind: "student" as const, uid, image, command, limits, volumes: [], labels, devices };
  const id = await engine.create(containerOptions({ ...plan, cgroupVersion }));
  inUse.add(id);
  try {
    const printed = listenTo(await engine.attach(id), PRINTED_BYTES, PRINTED_BYTES);
    await engine.start(id);
    const late = new AbortController();
    const deadline = sleep(ms, "late" as const, { signal: late.signal }).catch(() => "late" as const);
    const over = await Promise.race([printed.over, deadline]);
    late.abort();
    if (over === "late") throw new SandboxFault(`a command on a device did not end within ${ms} ms`);
    return printed.text().trim();
  } finally {
    inUse.delete(id);
    await engine.remove(id);
  }
}
