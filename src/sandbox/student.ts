// A student sandbox, from creation to removal: waits with the preload imported, takes one submission, is thrown
// away. After the submission is in, nothing that it says is believed; only its death is looked at.
import type { Readable } from "node:stream";
import type { Bench, RunningSandbox } from "./driver.ts";
import { SandboxFault } from "./fault.ts";
import { frameHead, MAGIC } from "./wire.ts";

/** Importing torch on a busy machine was seen to take 6 s. */
const READY_DEADLINE_MS = 90_000;
const LOAD_DEADLINE_MS = 30_000;
/** And so much more for a large submission. */
const LOAD_BYTES_PER_MS = 5_000;
/** `ready`, `loaded` and a few warnings on stderr; a container that writes more is no longer listened to. */
const OUTPUT_LIMIT_BYTES = 256 * 1024;

export interface Archive {
  bytes: number;
  open(): Promise<Readable | NodeJS.ReadableStream>;
}

export class StudentSandbox {
  readonly slot: number;
  /** What it holds while it waits: the preload, mostly. */
  readonly waitingBytes: number | null;
  readonly #running: RunningSandbox;
  #oomSeen = 0;

  private constructor(running: RunningSandbox, slot: number) {
    this.slot = slot;
    this.#running = running;
    this.waitingBytes = running.memoryInUse();
  }

  /** Starts one and waits until it is ready. @throws EngineFault, SandboxFault */
  static async start(bench: Bench, slot: number, signal?: AbortSignal): Promise<StudentSandbox> {
    const running = await bench.student(slot, { outputBytes: OUTPUT_LIMIT_BYTES });
    const { attached } = running;
    try {
      await attached.write(MAGIC);
      const ready = await attached.receive(READY_DEADLINE_MS, signal);
      if (!ready || !("frame" in ready) || ready.frame.header.op !== "ready") {
        throw new SandboxFault("a student sandbox did not become ready", attached.stderr);
      }
      return new StudentSandbox(running, slot);
    } catch (error) {
      await running.remove().catch(() => {});
      throw error;
    }
  }

  /** Whether it still waits: a sandbox that died or spoke out of turn is not given to anyone. */
  get waiting(): boolean {
    return !this.#running.attached.ended;
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
    if (!(await this.#running.attached.write(head, either))) return false;
    let sent = 0;
    for await (const chunk of await opened(archive)) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
      sent += bytes.length;
      if (sent > archive.bytes) break;
      if (!(await this.#running.attached.write(bytes, either))) {
        signal.throwIfAborted();
        return false;
      }
    }
    if (sent !== archive.bytes) throw new SandboxFault(`the archive is not ${archive.bytes} bytes long`);
    const answer = await this.#running.attached.receive(LOAD_DEADLINE_MS, either).catch((error) => {
      signal.throwIfAborted();
      if (deadline.aborted) return null;
      throw error;
    });
    return answer !== null && "frame" in answer && answer.frame.header.op === "loaded";
  }

  /** Kills for memory since this was last asked. */
  async oomKills(): Promise<number> {
    const more = Math.max(0, (await this.#running.oomKills()) - this.#oomSeen);
    this.#oomSeen += more;
    return more;
  }

  /** Whether it has ended, giving a dying one a moment. @throws EngineFault */
  hasDied(): Promise<boolean> {
    return this.#running.died();
  }

  /** Closes its stdin, with which it ends by itself; one that does not is ended by `remove`. */
  letGo(): void {
    this.#running.attached.close();
  }

  /** Ends and removes it. */
  remove(): Promise<void> {
    return this.#running.remove();
  }
}

async function opened(archive: Archive): Promise<AsyncIterable<Buffer | string>> {
  try {
    return (await archive.open()) as AsyncIterable<Buffer | string>;
  } catch (error) {
    throw new SandboxFault(`the archive cannot be read: ${(error as Error).message}`);
  }
}
