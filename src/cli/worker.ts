// `assay worker`: one process that grades. The only place besides serve.ts where rooms are put together; it alone
// holds the Docker socket.
import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import type { EndedHandler } from "../grading/announce.ts";
import { DEVICE_LANE } from "../grading/device-queue.ts";
import { tallied } from "../grading/tally.ts";
import { Worker } from "../grading/worker.ts";
import { type Config, readConfig } from "../platform/config.ts";
import { openInstallation } from "../platform/installation.ts";
import { createLogger, type Logger } from "../platform/log.ts";
import { openQueue, type Queue } from "../platform/queue.ts";
import { DEVICE_IMAGE } from "../sandbox/device-images.ts";
import { deviceWords } from "../sandbox/device-words.ts";
import { ensureImages } from "../sandbox/images.ts";
import { findNvidia } from "../sandbox/nvidia.ts";
import { openDesk } from "../sandbox/open-desk.ts";
import { openSandboxPool, type SandboxPool } from "../sandbox/pool.ts";
import { learnFromEnded } from "../submissions/attempt-ended.ts";
import { mergeStage } from "../submissions/stage-runs.ts";
import { weighWhenEnded } from "../suites/proof-ended.ts";
import { openBlobs } from "./blobs.ts";
import { gradeWith } from "./grade-attempt.ts";
import { keepReady } from "./readiness.ts";

/** What the course band does when an attempt ends; with the worker's grants (platform/grants.ts). */
export const endedHandlers = (queue: Queue): EndedHandler[] => [
  learnFromEnded,
  mergeStage,
  weighWhenEnded(queue),
];

export function workerCommand(): Command {
  return new Command("worker")
    .description("grade what is submitted, until SIGTERM")
    .option("--slots <n>", "gradings at once; ASSAY_SLOTS by default", wholeNumber)
    .option("--lanes <names>", "queues to take from, by commas; all of ASSAY_LANES by default", (text) =>
      text.split(","),
    )
    .option("--images", "make the sandbox images first where they are missing; minutes, once")
    .addHelpText(
      "after",
      "\nSIGTERM: takes nothing new and ends when what it has is graded. A second one gives up at once.",
    )
    .action(async (options: { slots?: number; lanes?: string[]; images?: boolean }) => {
      const config = readConfig();
      if (options.images) await makeImages();
      await work({ ...config, slots: options.slots ?? config.slots }, options.lanes ?? config.lanes);
    });
}

async function makeImages(): Promise<void> {
  const say = (line: string) => console.error(line);
  await ensureImages(undefined, say);
  // Without it this machine's GPUs are not announced, and everything else is graded all the same.
  if ((await findNvidia()).length > 0)
    await ensureImages([DEVICE_IMAGE], say).catch((error) => say(`no image for GPUs: ${error.message}`));
}

async function work(config: Config, lanes: string[]): Promise<void> {
  const log = createLogger(config.logLevel, { process: "worker", pid: process.pid });
  // What was opened is closed in the opposite order, also when a later part cannot be opened.
  const opened: (() => Promise<void>)[] = [];
  try {
    const database = await openInstallation(config, "worker");
    opened.unshift(() => database.close());
    const queue = await openQueue(database.url, { lanes: config.lanes, log });
    opened.unshift(() => queue.stop());
    const pool = await openSandboxPool({
      home: config.home,
      atOnce: config.slots,
      onFault: (error) => log.error({ err: error }, "a waiting sandbox failed"),
    });
    opened.unshift(() => pool.close());
    const store = await openBlobs(config, log);
    opened.unshift(async () => store.close());
    const { blobs } = store;
    const { slots, teamSlots } = config;
    const desk = await openDevices(pool, config, lanes, log);
    opened.unshift(() => desk.close());
    const hasDevices = () => desk.view().devices.length > 0;
    const stopLooking = keepReady(database.db, pool, blobs, slots, log, { lanes, hasDevices });
    opened.unshift(async () => stopLooking());
    const { grade, tally } = tallied(gradeWith(pool, blobs));
    const worker = await Worker.start({
      database,
      queue,
      grade,
      lanes,
      slots,
      teamSlots,
      log,
      onEnded: endedHandlers(queue),
      devices: desk,
      able: () => pool.engineAnswers(),
      detail: () => ({
        ...pool.stats(),
        tally,
        ...(lanes.includes(DEVICE_LANE) ? { gpu: desk.view() } : {}),
      }),
      onPulse: () => sayAlive(config.aliveFile, log),
    });
    log.info({ lanes, slots, worker: worker.id }, "the worker takes jobs");
    await untilTold(worker, log);
  } finally {
    for (const close of opened) await close().catch((error) => log.warn({ err: error }, "closing failed"));
  }
}

/** For deploy/health.mjs. A full disk beside it stops no grading. */
function sayAlive(file: string | undefined, log: Logger): void {
  if (file === undefined) return;
  try {
    writeFileSync(file, `${new Date().toISOString()}\n`);
  } catch (error) {
    log.warn({ err: error }, "ASSAY_ALIVE_FILE cannot be written");
  }
}

/** The machine's devices, each tried; where there are none, one sentence says why. */
async function openDevices({ driver }: SandboxPool, { gpus }: Config, lanes: string[], log: Logger) {
  const desk = await openDesk(driver, {
    gpus: lanes.includes(DEVICE_LANE) ? gpus : "none",
    onOut: ({ id, name }, why) => log.error({ device: id, name, why }, "a device is not clean: it is out"),
    onBack: ({ id, name }) => log.info({ device: id, name }, "a device is clean again"),
  });
  const { devices, problem, detail } = desk.view();
  if (problem && lanes.includes(DEVICE_LANE)) log.warn({ detail }, deviceWords[problem].en);
  for (const { id, name } of devices) log.info({ device: id, name }, "a device can be given");
  return desk;
}

const ONE_TELLING_MS = 1000;

/** Returns when the worker was told to end and has nothing left. */
function untilTold(worker: Worker, log: Logger): Promise<void> {
  return new Promise((resolve, reject) => {
    let told = 0;
    const onSignal = (signal: string) => {
      // A service manager tells the wrapper (bin/assay.mjs) and this process at once: that is one telling.
      if (told > 0 && performance.now() - told < ONE_TELLING_MS) return;
      if (told > 0) {
        log.warn({ signal }, "giving up what is being graded; it is repeated elsewhere");
        return worker.abandon();
      }
      told = performance.now();
      log.info({ signal, busy: worker.busy }, "taking nothing new");
      worker.drain().then(resolve, reject);
    };
    process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("a whole number from 1 to 999.");
  return Number(text);
}
