// A harness sandbox with its bank of sockets: collects one suite version once, then serves one submission at a
// time. Student sandboxes are tied to its slots; a slot is used once, so a harness wears out and is replaced.
import { setTimeout as sleep } from "node:timers/promises";
import type { Attached, Received } from "./attached.ts";
import type { ContainerLimits } from "./container.ts";
import type { Bench, RunningSandbox, SandboxDriver } from "./driver.ts";
import type { ContainerState } from "./engine.ts";
import { type Collected, collected, type DiagnosedTest, readDiagnosed } from "./events.ts";
import { SandboxFault, SuiteFault } from "./fault.ts";
import type { ImageDigests } from "./images.ts";
import { StudentSandbox } from "./student.ts";
import { encodeFrame, type Frame, MAGIC } from "./wire.ts";

const COLLECT_DEADLINE_MS = 120_000;
/** Over its whole life: 50 submissions with pictures. */
const OUTPUT_LIMIT_BYTES = 4 * 1024 ** 3;
export const RUNS_LIMIT = 50;
/** A worn harness stays for so long for the mistakes that are still looked for in it. */
const DIAGNOSES_LIMIT_MS = 120_000;
const DIAGNOSES_LOOK_MS = 100;

export interface HarnessPlan {
  images: ImageDigests;
  preload: string[];
  limits: ContainerLimits;
  suiteTar: Buffer;
  /** Students that would be good; the engine may allow fewer. */
  slots: number;
  /** Of the student's sandboxes; the harness itself gets none. */
  devices?: string[];
  /** Of the harness: what tells a suite's tests on what the student's code runs. */
  env?: string[];
}

export class Harness {
  readonly #plan: HarnessPlan;
  readonly #spare: number;
  readonly #bench: Bench;
  #running: RunningSandbox | null = null;
  #collected: Collected | null = null;
  #freeSlots: number[];
  readonly #startings = new Set<Promise<void>>();
  #ready: StudentSandbox[] = [];
  /** Student sandboxes being removed: a volume can go only when nothing holds it. */
  readonly #leaving = new Set<Promise<void>>();
  /** Runs whose report is whole and whose mistakes are still looked for, behind the runs that follow. */
  readonly #diagnoses = new Map<string, (tests: DiagnosedTest[]) => void>();
  #waitingBytes = 0;
  #runs = 0;
  #worn = false;
  #removed = false;
  busy = false;

  private constructor(bench: Bench, plan: HarnessPlan, spare: number) {
    this.#bench = bench;
    this.#plan = plan;
    this.#spare = spare;
    this.#freeSlots = Array.from({ length: plan.slots }, (_, slot) => slot);
  }

  /**
   * Starts a harness and, beside it, its first student sandbox.
   * @throws SuiteFault when the suite's tests cannot be collected; EngineFault, SandboxFault
   */
  static async start(driver: SandboxDriver, wanted: HarnessPlan, signal?: AbortSignal): Promise<Harness> {
    const { most, spare } = driver.places;
    const plan = { ...wanted, slots: Math.min(most, Math.max(wanted.slots, spare + 1)) };
    const bench = await driver.bench({ ...plan, commands: commandsOf(plan) });
    const harness = new Harness(bench, plan, spare);
    try {
      const first = harness.startStudent(signal);
      first.catch(() => {});
      await harness.#open(signal);
      await first;
      return harness;
    } catch (error) {
      await harness.remove();
      throw error;
    }
  }

  get digests(): ImageDigests {
    return this.#bench.digests;
  }

  get collected(): Collected {
    if (!this.#collected) throw new Error("the harness has not collected its suite");
    return this.#collected;
  }

  get attached(): Attached {
    if (!this.#running) throw new Error("the harness is not attached");
    return this.#running.attached;
  }

  /** Student sandboxes that wait. */
  get ready(): number {
    this.#dropDead();
    return this.#ready.length;
  }

  get starting(): number {
    return this.#startings.size;
  }

  get waitingBytes(): number {
    return this.#waitingBytes + this.#ready.reduce((sum, student) => sum + (student.waitingBytes ?? 0), 0);
  }

  /** Whether it may begin another run, its losses included. */
  get usable(): boolean {
    const slots = this.ready + this.starting + this.#freeSlots.length;
    return !this.#worn && !this.attached.ended && this.#runs < RUNS_LIMIT && slots > this.#spare;
  }

  get hasFreeSlot(): boolean {
    return this.#freeSlots.length > 0;
  }

  /** It has met something bad: it is replaced when its run is over. */
  wearOut() {
    this.#worn = true;
  }

  beginRun() {
    this.busy = true;
    this.#runs++;
  }

  /** What the run will have found; nothing where the harness ends before. */
  expectDiagnosis(run: string): Promise<DiagnosedTest[]> {
    if (this.attached.ended) return Promise.resolve([]);
    return new Promise((resolve) => this.#diagnoses.set(run, resolve));
  }

  /** The run found nothing to look for, or did not come to its end. */
  forgetDiagnosis(run: string): void {
    this.#diagnoses.get(run)?.([]);
    this.#diagnoses.delete(run);
  }

  #diagnosed(frame: Frame | null) {
    const read = frame && readDiagnosed(frame);
    for (const [run, resolve] of this.#diagnoses) {
      if (frame && run !== read?.run) continue;
      this.#diagnoses.delete(run);
      resolve(read?.tests ?? []);
    }
  }

  /** Looks on until what is looked for is found: a harness that is worn out is in no hurry to go, and its successor is at work. */
  async #untilDiagnosed(): Promise<void> {
    // Where the engine cannot, it is done all the same.
    if (this.#diagnoses.size > 0) await this.#running?.giveWay().catch(() => {});
    const until = performance.now() + DIAGNOSES_LIMIT_MS;
    while (this.#diagnoses.size > 0 && performance.now() < until) await sleep(DIAGNOSES_LOOK_MS);
  }

  /** Takes a waiting student sandbox; it never comes back. */
  takeStudent(): StudentSandbox | null {
    this.#dropDead();
    return this.#ready.shift() ?? null;
  }

  /** Lets a student sandbox end that is of no more use, and removes what is left of it `when` there is time. */
  discard(student: StudentSandbox, when: Promise<void> = Promise.resolve()): Promise<void> {
    student.letGo();
    const removed = when.then(() => student.remove());
    const left = removed.finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
    return left;
  }

  /** Starts a student sandbox in a free slot; it then waits in `ready`. */
  startStudent(signal?: AbortSignal): Promise<void> {
    const started = this.#startStudent(signal).finally(() => this.#startings.delete(started));
    this.#startings.add(started);
    return started;
  }

  async #startStudent(signal?: AbortSignal): Promise<void> {
    const slot = this.#freeSlots.shift();
    if (slot === undefined) throw new SandboxFault("the harness has no free slot");
    const student = await StudentSandbox.start(this.#bench, slot, signal);
    if (this.#removed) await this.discard(student);
    else this.#ready.push(student);
  }

  send(header: Record<string, unknown>): Promise<boolean> {
    return this.attached.write(encodeFrame(header));
  }

  receive(ms: number, signal: AbortSignal): Promise<Received | null> {
    return this.attached.receive(ms, signal);
  }

  state(): Promise<ContainerState> {
    if (!this.#running) throw new Error("the harness does not run");
    return this.#running.state();
  }

  /** Removes the harness, its waiting students and its places; `now` without what is still looked for. Safe to call twice. */
  async remove({ now = false } = {}): Promise<void> {
    this.#worn = true;
    this.#removed = true;
    for (const student of this.#ready.splice(0)) this.discard(student).catch(() => {});
    if (!now) await this.#untilDiagnosed();
    await Promise.allSettled([this.#running?.remove(), ...this.#startings]);
    await Promise.allSettled(this.#leaving);
    await this.#bench.remove();
  }

  async #open(signal?: AbortSignal): Promise<void> {
    const plan = this.#plan;
    this.#running = await this.#bench.harness({
      outputBytes: OUTPUT_LIMIT_BYTES,
      dropped: "connected",
      aside: { op: "diagnosed", take: (frame) => this.#diagnosed(frame) },
    });
    const { attached } = this.#running;
    await attached.write(MAGIC);
    await attached.write(encodeFrame({ op: "suite", preload: plan.preload }, [plan.suiteTar]));
    this.#collected = await this.#collect(attached, signal);
    this.#waitingBytes = this.#running.memoryInUse() ?? 0;
  }

  async #collect(attached: Attached, signal?: AbortSignal): Promise<Collected> {
    const answer = await attached.receive(COLLECT_DEADLINE_MS, signal);
    if (!answer) throw new SuiteFault(`the suite's tests were not collected in ${COLLECT_DEADLINE_MS} ms`);
    if (!("frame" in answer)) {
      throw new SandboxFault(`the harness ended while it collected (${answer.detail})`, attached.stderr);
    }
    const { header } = answer.frame;
    if (header.op === "suite_error") throw new SuiteFault(String(header.message));
    const read = collected.safeParse(header);
    if (!read.success) throw new SandboxFault(`the harness spoke nonsense: ${read.error.message}`);
    return { tests: read.data.tests, libraries: read.data.libraries };
  }

  #dropDead() {
    for (const dead of this.#ready.filter((student) => !student.waiting)) {
      this.#ready.splice(this.#ready.indexOf(dead), 1);
      this.discard(dead).catch(() => {});
    }
  }
}

function commandsOf({ preload }: HarnessPlan) {
  const modules = preload.length > 0 ? ["--preload", preload.join(",")] : [];
  return {
    harness: ["python3", "-I", "/opt/assay/harness/main.py", "--bank", "/bank"],
    student: ["python3", "-I", "/opt/assay/runner/main.py", ...modules, "--socket", "/run/assay/s"],
  };
}
