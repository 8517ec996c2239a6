// Jobs for devices through a real engine: the request goes to a dockerd that finds the stand-in hook, a container gets
// its own device's id, and no two containers have one device at a time.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGpuEngine, whyNoGpuEngine } from "../../src/cli/demo/gpu-engine.ts";
import type { PrivateEngine } from "../../src/cli/demo/own-engine.ts";
import { gradeWith } from "../../src/cli/grade-attempt.ts";
import { attempts, testResults } from "../../src/grading/tables.ts";
import { Worker } from "../../src/grading/worker.ts";
import { tarOf } from "../../src/judge/read-suite.ts";
import { suiteConfig } from "../../src/judge/suite.ts";
import { DeviceDesk } from "../../src/sandbox/device-desk.ts";
import { driverFor } from "../../src/sandbox/device-drivers.ts";
import { deviceWords } from "../../src/sandbox/device-words.ts";
import type { Device } from "../../src/sandbox/devices.ts";
import { type Engine, openEngine } from "../../src/sandbox/engine.ts";
import { findDevices } from "../../src/sandbox/find-devices.ts";
import { openSandboxPool, type SandboxPool } from "../../src/sandbox/pool.ts";
import { openSite } from "../../src/sandbox/site.ts";
import { whyNoSandbox } from "../../src/sandbox/testing/fixtures.ts";
import { diskBlobs } from "../../src/storage/blobs.ts";
import { enqueue } from "../support/attempts.ts";
import { freshDatabase, freshQueue, testLog } from "../support/database.ts";
import { until } from "../support/until.ts";

const skipped = (await whyNoSandbox()) ?? whyNoGpuEngine();
if (skipped) console.warn(`skipped: ${skipped}`);

const ENGINE = fileURLToPath(new URL("../../.assay/test-gpu-engine", import.meta.url));
const TWO = "simulated:GPU-one=test=8GiB,simulated:GPU-two=test=8GiB";
const text = (lines: string) => Buffer.from(lines);
const files = {
  tests: `
from assay import points

@points(1)
def test_device(student):
    got = student.work.device()
    assert got.startswith("GPU-"), f"no device: {got}"
    assert False, got

@points(1)
def test_none_here(student):
    import os
    assert "NVIDIA_VISIBLE_DEVICES" not in os.environ, "the harness has a device"
    student.work.device()
`,
  work: "import os\ndef device(): return os.environ.get('NVIDIA_VISIBLE_DEVICES', 'none')\n",
};

describe.skipIf(skipped)("jobs for devices on a real engine", { timeout: 300_000 }, () => {
  let gpu: PrivateEngine;
  let pool: SandboxPool;
  let home: string;
  /** Of each container with a device: which, and from when to when it ran, by the engine's own clock. */
  const ran = new Map<string, { device: string; from: number; to: number }>();
  /** As the worker finds them: each has to be tried once only. */
  let found: Device[] = [];
  const stop = new AbortController();

  beforeAll(async () => {
    gpu = await openGpuEngine(ENGINE, (line) => console.warn(line));
    home = await mkdtemp(join(tmpdir(), "assay-devices-"));
    pool = await openSandboxPool({ engine: watched(gpu.engine), home, background: false });
    await listenToEngine(gpu.engine);
  }, 300_000);
  afterAll(async () => {
    stop.abort();
    await pool?.close();
    await gpu?.stop();
    if (home) await rm(home, { recursive: true, force: true });
  }, 120_000);

  /** The engine, noting which container was made for which device. */
  function watched(engine: Engine): Engine {
    const create: Engine["create"] = async (options) => {
      const id = await engine.create(options);
      const [request] = options.HostConfig?.DeviceRequests ?? [];
      if (request) ran.set(id, { device: String(request.DeviceIDs), from: 0, to: Number.POSITIVE_INFINITY });
      return id;
    };
    return { ...engine, create };
  }

  async function listenToEngine({ docker }: Engine): Promise<void> {
    const filters = { type: ["container"], event: ["start", "die"] };
    const events = await docker.getEvents({ filters, abortSignal: stop.signal } as object);
    events.setEncoding("utf8").on("error", () => {});
    events.on("data", (lines: string | Buffer) => {
      for (const line of String(lines).split("\n").filter(Boolean)) {
        const { id, Action, timeNano } = JSON.parse(line);
        const one = ran.get(id);
        if (one) one[Action === "start" ? "from" : "to"] = timeNano / 1e6;
      }
    });
  }

  test("the worker tries each device before it announces it: a container says which one it got", async () => {
    const { devices, problem } = await findDevices(pool.driver.site, TWO);
    found = devices;
    expect([problem, devices.map(({ id }) => id)]).toEqual([null, ["GPU-one", "GPU-two"]]);
  });

  test("an engine that cannot give a GPU: one sentence, from its own answer, and no device is announced", async () => {
    const site = await openSite(openEngine(), "test");
    const { devices, problem, detail } = await findDevices(site, TWO);
    expect([devices, problem]).toEqual([[], "engine_cannot"]);
    expect(detail).toMatch(/could not select device driver/);
    expect(deviceWords.engine_cannot.en).toMatch(
      /cannot give a GPU to a container.*wait for a worker that can/,
    );
  });

  test("two devices, six jobs: each container has its own device's id, none shares one, the harness has none", async () => {
    const database = await freshDatabase();
    const queue = await freshQueue(database);
    const blobs = diskBlobs(join(home, "blobs"));
    const tar = tarOf([
      { path: "tests/test_device.py", bytes: text(files.tests) },
      { path: "reference/work.py", bytes: text(files.work) },
    ]);
    const archive = tarOf([{ path: "work.py", bytes: text(files.work) }]);
    const [suiteBlob, workBlob] = [await blobs.put(tar), await blobs.put(archive)];
    const limits = { memory: "256MiB", wall: "60s", gpu: { min_vram: "4GiB" } };
    const config = suiteConfig.parse({ id: "device", title: "Device", preload: ["numpy"], limits });
    expect(found, "the devices of the first test").toHaveLength(2);
    const desk = new DeviceDesk({ devices: found, driver: driverFor(pool.driver.site) });
    ran.clear();
    const worker = await Worker.start({
      ...{ database, queue, lanes: ["gpu"], slots: 2, teamSlots: 2, log: testLog, devices: desk },
      grade: gradeWith(pool, blobs),
      detail: () => ({ gpu: desk.view() }),
    });
    const { hash, bytes } = workBlob;
    const wanted = {
      ...{ lane: "gpu", archive: { blob: hash, hash, bytes } },
      suite: { blob: suiteBlob.hash, hash: suiteBlob.hash, config },
    };
    await Promise.all(Array.from({ length: 6 }, () => enqueue(database, queue, wanted)));
    const done = await until(
      "six finished",
      async () => {
        const rows = await database.db.select().from(attempts);
        return rows.every(({ state }) => state === "finished") && rows;
      },
      240_000,
    );
    await worker.drain();
    await desk.close();
    const results = await database.db.select().from(testResults);
    const said = (id: string, name: string) =>
      results.find((row) => row.attemptId === id && row.name === name)?.result;
    for (const { id, report } of done) {
      const gpuSaid = report?.circumstances.gpu;
      expect(said(id, "test_device")?.message?.en).toBe(gpuSaid?.id);
      expect(said(id, "test_none_here")?.verdict).toBe("passed");
      expect(gpuSaid).toMatchObject({ name: "simulated (no GPU): test", peakBytes: null });
    }
    const uses = [...ran.values()];
    expect(uses).toHaveLength(6);
    expect(new Set(uses.map(({ device }) => device))).toEqual(new Set(["GPU-one", "GPU-two"]));
    for (const one of uses)
      for (const other of uses.filter((use) => use !== one && use.device === one.device))
        expect(one.to <= other.from || other.to <= one.from).toBe(true);
  });
});
