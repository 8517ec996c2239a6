// A student sandbox, from creation to removal: waits with the preload imported, takes one submission, is thrown
// away. After the submission is in, nothing that it says is believed; only its death is looked at.
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Attached } from "./attached.ts";
import { type ContainerLimits, containerOptions, freshUid } from "./container.ts";
import { SandboxFault } from "./fault.ts";
import { memoryInUse, type OomCounter, oomCounter } from "./oom.ts";
import { inUse } from "./owner.ts";
import { labelsFor, type Site } from "./site.ts";
import { frameHead, MAGIC } from "./wire.ts";

/** Importing torch on a busy machine was seen to take 6 s. */
const READY_DEADLINE_MS = 90_000;
const LOAD_DEADLINE_MS = 30_000;
/** And so much more for a large submission. */
const LOAD_BYTES_PER_MS = 5_000;
/** `ready`, `loaded` and a few warnings on stderr; a container that writes more is no longer listened to. */
const OUTPUT_LIMIT_BYTES = 256 * 1024;
const DEATH_DEADLINE_MS = 2_000;

export interface Archive {
  bytes: number;
  open(): Promise<Readable | NodeJS.ReadableStream>;
}

export interface StudentPlan {
  slot: number;
  volume: string;
  image: string;
  preload: string[];
  limits: ContainerLimits;
  devices?: string[];
}

export class StudentSandbox {
  readonly id: string;
  readonly slot: number;
  /** What it holds while it waits: the preload, mostly. */
  readonly waitingBytes: number | null;
  readonly #site: Site;
  readonly #attached: Attached;
  readonly #counter: OomCounter;
  #oomSeen = 0;

  private constructor(site: Site, id: string, slot: number, attached: Attached, pid: number) {
    this.id = id;
    this.slot = slot;
    this.#site = site;
    this.#attached = attached;
    this.#counter = oomCounter(pid);
    this.waitingBytes = memoryInUse(pid);
  }

  /** Creates one and waits until it is ready. @throws EngineFault, SandboxFault */
  static async start(site: Site, plan: StudentPlan, signal?: AbortSignal): Promise<StudentSandbox> {
    const { engine } = site;
    const preload = plan.preload.length > 0 ? ["--preload", plan.preload.join(",")] : [];
    const id = await engine.create(
      containerOptions({
        kind: "student",
        uid: freshUid("student"),
        image: plan.image,
        command: ["python3", "-I", "/opt/assay/runner/main.py", ...preload, "--socket", "/run/assay/s"],
        limits: plan.limits,
        volumes: [{ name: plan.volume, at: "/run/assay" }],
        labels: labelsFor(site, "student"),
        cgroupVersion: site.cgroupVersion,
        ...(plan.devices ? { devices: plan.devices } : {}),
        ...(site.runtime ? { runtime: site.runtime } : {}),
      }),
    );
    inUse.add(id);
    let attached: Attached | undefined;
    try {
      attached = new Attached(await engine.attach(id), { outputBytes: OUTPUT_LIMIT_BYTES });
      await engine.start(id);
      await attached.write(MAGIC);
      const ready = await attached.receive(READY_DEADLINE_MS, signal);
      if (!ready || !("frame" in ready) || ready.frame.header.op !== "ready") {
        throw new SandboxFault("a student sandbox did not become ready", attached.stderr);
      }
      const { pid } = await engine.state(id);
      return new StudentSandbox(site, id, plan.slot, attached, pid);
    } catch (error) {
      attached?.close();
      inUse.delete(id);
      await engine.remove(id).catch(() => {});
      throw error;
    }
  }

  /** Whether it still waits: a sandbox that died or spoke out of turn is not given to anyone. */
  get waiting(): boolean {
    return !this.#attached.ended;
  }

  /**
   * Hands the submission in. False when the sandbox did not take it: what it has been given is in, so that
   * is its own affair and shows as a lost sandbox.
   * @throws SandboxFault when the archive itself cannot be read
   */
  async load(archive: Archive, limits: Record<string, number>, signal: AbortSignal): Promise<boolean> {
    const deadline = AbortSignal.timeout(LOAD_DEADLINE_MS + Math.ceil(archive.bytes / LOAD_BYTES_PER_MS));
    const either = AbortSignal.any([signal, deadline]);
    const head = frameHead({ op: "submission", limits }, [archive.bytes]);
    if (!(await this.#attached.write(head, either))) return false;
    let sent = 0;
    for await (const chunk of await opened(archive)) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
      sent += bytes.length;
      if (sent > archive.bytes) break;
      if (!(await this.#attached.write(bytes, either))) {
        signal.throwIfAborted();
        return false;
      }
    }
    if (sent !== archive.bytes) throw new SandboxFault(`the archive is not ${archive.bytes} bytes long`);
    const answer = await this.#attached.receive(LOAD_DEADLINE_MS, either).catch((error) => {
      signal.throwIfAborted();
      if (deadline.aborted) return null;
      throw error;
    });
    return answer !== null && "frame" in answer && answer.frame.header.op === "loaded";
  }

  /** Kills for memory since this was last asked. */
  async oomKills(): Promise<number> {
    const counted = this.#counter() ?? this.#site.oomEvents.get(this.id) ?? (await this.#oomByState());
    const more = Math.max(0, counted - this.#oomSeen);
    this.#oomSeen += more;
    return more;
  }

  /** Without a counter to read, the engine's word on a container that has ended: killed for memory or not. */
  async #oomByState(): Promise<number> {
    const state = await this.#site.engine.state(this.id);
    return state.oomKilled ? Math.max(1, this.#oomSeen) : 0;
  }

  /** Whether the container has ended, giving a dying one a moment. @throws EngineFault */
  async hasDied(): Promise<boolean> {
    const until = performance.now() + DEATH_DEADLINE_MS;
    for (;;) {
      const { running } = await this.#site.engine.state(this.id);
      if (!running) return true;
      if (performance.now() > until) return false;
      await sleep(20);
    }
  }

  /** Closes its stdin, with which it ends by itself; one that does not is ended by `remove`. */
  letGo(): void {
    this.#attached.close();
  }

  /** Ends and removes it. */
  async remove(): Promise<void> {
    this.letGo();
    inUse.delete(this.id);
    await this.#site.engine.remove(this.id);
  }
}

async function opened(archive: Archive): Promise<AsyncIterable<Buffer | string>> {
  try {
    return (await archive.open()) as AsyncIterable<Buffer | string>;
  } catch (error) {
    throw new SandboxFault(`the archive cannot be read: ${(error as Error).message}`);
  }
}
