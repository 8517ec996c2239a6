// A harness sandbox with its bank of sockets: collects one suite version once, then serves one submission at a
// time. Student sandboxes are tied to its slots; a slot is used once, so a harness wears out and is replaced.
import { setTimeout as sleep } from "node:timers/promises";
import { Attached, type Received } from "./attached.ts";
import { type ContainerLimits, containerOptions, freshUid, socketVolumeOptions } from "./container.ts";
import type { ContainerState } from "./engine.ts";
import { type Collected, collected, type DiagnosedTest, readDiagnosed } from "./events.ts";
import { SandboxFault, SuiteFault } from "./fault.ts";
import type { ImageDigests } from "./images.ts";
import { memoryInUse } from "./oom.ts";
import { inUse } from "./owner.ts";
import { freshName, labelsFor, type Site } from "./site.ts";
import { StudentSandbox } from "./student.ts";
import { encodeFrame, type Frame, MAGIC } from "./wire.ts";

const COLLECT_DEADLINE_MS = 120_000;
/** Over its whole life: 50 submissions with pictures. */
const OUTPUT_LIMIT_BYTES = 4 * 1024 ** 3;
/** Slots that a run may still need when it begins: its sandbox may be lost three times. */
export const SPARE_SLOTS = 3;
export const RUNS_LIMIT = 50;
/** A worn harness stays for so long for the mistakes that are still looked for in it. */
const DIAGNOSES_LIMIT_MS = 120_000;
const DIAGNOSES_LOOK_MS = 100;

export interface HarnessPlan {
  images: ImageDigests;
  preload: string[];
  limits: ContainerLimits;
  suiteTar: Buffer;
  slots: number;
  /** Of the student's sandboxes; the harness itself gets none. */
  devices?: string[];
  /** Of the harness: what tells a suite's tests on what the student's code runs. */
  env?: string[];
}

export class Harness {
  readonly digests: ImageDigests;
  readonly #site: Site;
  readonly #plan: HarnessPlan;
  readonly #uid = freshUid("harness");
  readonly #volumes: string[];
  #id: string | null = null;
  #attached: Attached | null = null;
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

  private constructor(site: Site, plan: HarnessPlan) {
    this.#site = site;
    this.#plan = plan;
    this.digests = plan.images;
    this.#volumes = Array.from({ length: plan.slots }, () => freshName(site));
    this.#freeSlots = this.#volumes.map((_, slot) => slot);
  }

  /**
   * Starts a harness and, beside it, its first student sandbox.
   * @throws SuiteFault when the suite's tests cannot be collected; EngineFault, SandboxFault
   */
  static async start(site: Site, plan: HarnessPlan, signal?: AbortSignal): Promise<Harness> {
    const harness = new Harness(site, plan);
    try {
      const labels = labelsFor(site, "socket");
      const options = socketVolumeOptions(harness.#uid);
      for (const name of harness.#volumes) inUse.add(name);
      await Promise.all(harness.#volumes.map((name) => site.engine.createVolume(name, labels, options)));
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

  get collected(): Collected {
    if (!this.#collected) throw new Error("the harness has not collected its suite");
    return this.#collected;
  }

  get attached(): Attached {
    if (!this.#attached) throw new Error("the harness is not attached");
    return this.#attached;
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
    return !this.#worn && !this.attached.ended && this.#runs < RUNS_LIMIT && slots > SPARE_SLOTS;
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
    if (this.#diagnoses.size > 0 && this.#id) await this.#site.engine.giveWay(this.#id).catch(() => {});
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
    const { images, preload, limits, devices = [] } = this.#plan;
    const plan = { slot, volume: this.#volumes[slot]!, image: images.student, preload, limits, devices };
    const student = await StudentSandbox.start(this.#site, plan, signal);
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
    return this.#site.engine.state(this.#id ?? "");
  }

  /** Removes the harness, its waiting students and its volumes; `now` without what is still looked for. Safe to call twice. */
  async remove({ now = false } = {}): Promise<void> {
    this.#worn = true;
    this.#removed = true;
    const { engine } = this.#site;
    for (const student of this.#ready.splice(0)) this.discard(student).catch(() => {});
    if (!now) await this.#untilDiagnosed();
    this.#attached?.close();
    for (const name of [this.#id ?? "", ...this.#volumes]) inUse.delete(name);
    await Promise.allSettled([this.#id ? engine.remove(this.#id) : null, ...this.#startings]);
    await Promise.allSettled(this.#leaving);
    await Promise.allSettled(this.#volumes.map((name) => engine.removeVolume(name)));
  }

  async #open(signal?: AbortSignal): Promise<void> {
    const { engine } = this.#site;
    const plan = this.#plan;
    this.#id = await engine.create(
      containerOptions({
        kind: "harness",
        uid: this.#uid,
        image: plan.images.harness,
        command: ["python3", "-I", "/opt/assay/harness/main.py", "--bank", "/bank"],
        limits: plan.limits,
        volumes: this.#volumes.map((name, slot) => ({ name, at: `/bank/${slot}` })),
        labels: labelsFor(this.#site, "harness"),
        cgroupVersion: this.#site.cgroupVersion,
        ...(plan.env ? { env: plan.env } : {}),
        ...(this.#site.runtime ? { runtime: this.#site.runtime } : {}),
      }),
    );
    inUse.add(this.#id);
    this.#attached = new Attached(await engine.attach(this.#id), {
      outputBytes: OUTPUT_LIMIT_BYTES,
      dropped: "connected",
      aside: { op: "diagnosed", take: (frame) => this.#diagnosed(frame) },
    });
    await engine.start(this.#id);
    await this.#attached.write(MAGIC);
    await this.#attached.write(encodeFrame({ op: "suite", preload: plan.preload }, [plan.suiteTar]));
    this.#collected = await this.#collect(this.#attached, signal);
    this.#waitingBytes = memoryInUse((await this.state()).pid) ?? 0;
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
