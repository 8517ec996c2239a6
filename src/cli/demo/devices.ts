// The final project through the queue for GPUs. On a machine without one, a worker of its own asks an engine of its own
// whose container toolkit is the stand-in: the request, the container's device and the report are real, the GPU is not.
import { setTimeout as sleep } from "node:timers/promises";
import { filesUnder, type Suite } from "../../judge/read-suite.ts";
import { zipOf } from "../../storage/zip-write.ts";
import { openGpuEngine, whyNoGpuEngine } from "./gpu-engine.ts";
import { type Cast, fallback } from "./life.ts";
import type { PrivateEngine } from "./own-engine.ts";
import { startWorker, stopProcess } from "./processes.ts";
import { type Graded, handIn, reportOf } from "./session.ts";

/** As ASSAY_GPUS names it. */
const SIMULATED = "simulated:GPU-demo-0=stand-in=8GiB";
const ANSWER_MS = 180_000;
const POLL_MS = 200;

/** A stand-in engine on its way: its first start copies the images, while the rows are graded. */
export interface StandIn {
  /** In a word why there is none; null where it comes. */
  why: string | null;
  engine(): Promise<PrivateEngine>;
  stop(): Promise<void>;
}

export function openStandIn(folder: string, say: (line: string) => void): StandIn {
  const why = whyNoGpuEngine();
  const opening = why === null ? openGpuEngine(folder, say) : Promise.reject(new Error(why));
  const settled = opening.then(
    (engine) => engine,
    () => null,
  );
  return { why, engine: () => opening, stop: async () => (await settled)?.stop() };
}

/** The reference of `suite`, handed in by a student and graded on a device; its report as staff see it. */
export async function throughDevices(
  { instructor, students }: Cast,
  home: string,
  suite: Suite,
  standIn: StandIn,
): Promise<Graded> {
  const { host } = await standIn.engine();
  // A CPU would take it otherwise, while no worker has a device.
  await fallback(instructor, suite.config.id, false);
  const worker = startWorker(home, ["--lanes", "gpu"], {
    DOCKER_HOST: host,
    ASSAY_GPUS: SIMULATED,
    ASSAY_SLOTS: "1",
  });
  try {
    const zip = await zipOf(filesUnder(suite.files, "reference"));
    const id = await handIn(students.at(-1)!, suite.config.id, zip, "reference on a GPU");
    return await reportWithin(ANSWER_MS, () => reportOf(instructor, id));
  } finally {
    await stopProcess(worker);
    await fallback(instructor, suite.config.id, true);
  }
}

async function reportWithin(ms: number, ask: () => Promise<Graded | null>): Promise<Graded> {
  for (const until = Date.now() + ms; Date.now() < until; await sleep(POLL_MS)) {
    const report = await ask();
    if (report) return report;
  }
  throw new Error(`no report from the queue for GPUs within ${ms / 1000} s`);
}
