// A pair whose student sandbox has devices. It never waits in the pool: a container that exists holds the device, and
// a device is held by one job alone. So it is made when the job begins and is all gone before the device is anyone
// else's. The harness gets no device: what the suite measures, it measures where the student's code never was.

import { DEVICE_IMAGE } from "./device-images.ts";
import type { Device } from "./devices.ts";
import type { SandboxDriver } from "./driver.ts";
import { SandboxFault } from "./fault.ts";
import { Harness } from "./harness.ts";
import type { SandboxNeed } from "./need.ts";
import { type PairSource, SandboxPair, type Seats } from "./pair.ts";

export interface DevicePair {
  pair: SandboxPair;
  /** The student's image by id: what the device is cleaned with. */
  image: string;
  /** Resolves when no container that has the device is left. After `pair.release()`. @throws EngineFault */
  studentsGone(): Promise<void>;
  /** And when the harness is gone as well. @throws EngineFault */
  end(): Promise<void>;
}

/** @throws EngineFault, SandboxFault, or the signal's reason; nothing is left then */
export async function openDevicePair(
  driver: SandboxDriver,
  need: SandboxNeed,
  devices: readonly Device[],
  signal: AbortSignal,
): Promise<DevicePair> {
  const images = await imagesFor(driver, need, devices);
  const harnesses: Harness[] = [];
  const leaving: Promise<void>[] = [];
  const start = async (): Promise<Seats> => {
    const { cpus, memory, pids } = need.limits;
    const harness = await Harness.start(
      driver,
      {
        images,
        ...{ preload: need.preload, limits: { cpus, memoryBytes: memory, pids } },
        ...{ suiteTar: await need.suiteTar(), slots: driver.places.spare + 1 },
        devices: devices.map(({ id }) => id),
        env: real(devices) ? ["ASSAY_DEVICE=cuda"] : [],
      },
      signal,
    );
    harnesses.push(harness);
    const student = harness.takeStudent();
    if (!student) throw new SandboxFault("a sandbox with a device ended before it was used");
    harness.beginRun();
    return { harness, student };
  };
  const studentsGone = async () => {
    await Promise.all(leaving);
  };
  const end = async () => {
    await studentsGone();
    await Promise.all(harnesses.map((harness) => harness.remove()));
  };
  const source: PairSource = {
    replaces: driver.places.spare > 0,
    fresh: start,
    replacement: async (harness, aborts) => {
      await harness.startStudent(aborts);
      return harness.takeStudent();
    },
    used: (student, harness) => void leaving.push(harness.discard(student)),
    back: () => {},
  };
  try {
    const pair = new SandboxPair(source, need.limits, await start());
    return { pair, image: images.student, studentsGone, end };
  } catch (error) {
    await end().catch(() => {});
    throw error;
  }
}

const real = (devices: readonly Device[]) => devices.some(({ kind }) => kind === "nvidia");

async function imagesFor(driver: SandboxDriver, need: SandboxNeed, devices: readonly Device[]) {
  const own = await driver.images(need.image);
  if (!real(devices)) {
    await driver.allowDevice(own.student);
    return own;
  }
  const { student, sboms } = await driver.images(DEVICE_IMAGE);
  await driver.allowDevice(student);
  return { ...own, student, sboms: { ...own.sboms, student: sboms.student } };
}
