// Our end of a container's stdin, stdout and stderr, as the engine's attach gives it: one connection, each
// piece headed by 8 bytes that say which stream it is of (a cluster's: kubernetes/pod-stream.ts). What comes is counted against a cap: a container
// that writes without end is cut off instead of filling the worker's memory.
import type { Duplex } from "node:stream";
import { FRAME_LIMITS, type Frame, FrameDecoder, type FrameLimits, WireError } from "./wire.ts";

const HEAD_BYTES = 8;
const STDERR_KEPT_BYTES = 8 * 1024;
/** The engine's own pieces are at most 32 KiB; one that claims more than this is no engine's. */
const PIECE_LIMIT_BYTES = 16 * 1024 ** 2;

export interface AttachedLimits {
  /** stdout and stderr together, over the container's whole life. */
  outputBytes: number;
  frames?: FrameLimits;
  /** Frames of this kind say nothing that anyone waits for, and are dropped. */
  dropped?: string;
  /** Frames of this kind belong to nobody's turn: they are handed to `take`, and `null` when no more can come. */
  aside?: { op: string; take: (frame: Frame | null) => void };
}

/** Some bytes of one of a container's streams. */
export interface Piece {
  kind: "stdout" | "stderr";
  bytes: Buffer;
}

export type Received = { frame: Frame } | { ended: "closed" | "bad_frame" | "output_limit"; detail: string };

export class Attached {
  readonly #stream: Duplex;
  readonly #limits: AttachedLimits;
  readonly #frames: AsyncGenerator<Frame, void>;
  #stderr = Buffer.alloc(0);
  #received = 0;
  #next: Promise<Received>;
  #over: Received | null = null;

  /** @param take how this engine's stream is taken apart */
  constructor(stream: Duplex, limits: AttachedLimits, take: typeof pieces = pieces) {
    this.#stream = stream;
    this.#limits = limits;
    // A broken connection is seen by the reader as its end; without a listener it would end the process.
    stream.on("error", () => {});
    this.#frames = this.#read(take(stream));
    this.#next = this.#advance();
  }

  /** True once no more frames can come. One frame is always read ahead, so a death is seen while idle. */
  get ended(): boolean {
    return this.#over !== null;
  }

  /** Ended because of what the container sent, not because the connection closed. */
  get broken(): boolean {
    return this.#over !== null && "ended" in this.#over && this.#over.ended !== "closed";
  }

  /** The last of what the container wrote to stderr: for logs, never for verdicts. */
  get stderr(): string {
    return this.#stderr.toString("utf8");
  }

  /** The next frame, or how the stream ended; null when `ms` pass first (the frame is then not lost). */
  async receive(ms: number, signal?: AbortSignal): Promise<Received | null> {
    signal?.throwIfAborted();
    const stop = Promise.withResolvers<null>();
    const timer = setTimeout(() => stop.resolve(null), ms);
    const abort = () => stop.reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      const received = await Promise.race([this.#next, stop.promise]);
      if (received && "frame" in received) this.#next = this.#advance();
      return received;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Writes, waiting until there is room. False when the other end is gone or `signal` aborts. */
  async write(bytes: Buffer, signal?: AbortSignal): Promise<boolean> {
    const stream = this.#stream;
    if (stream.destroyed || !stream.writable || signal?.aborted) return false;
    if (stream.write(bytes)) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const drained = () => resolve(true);
    const gone = () => resolve(false);
    stream.once("drain", drained).once("close", gone).once("error", gone);
    signal?.addEventListener("abort", gone, { once: true });
    try {
      return await promise;
    } finally {
      stream.off("drain", drained).off("close", gone).off("error", gone);
      signal?.removeEventListener("abort", gone);
    }
  }

  /** Lets go of the connection; the container's stdin closes with it. */
  close() {
    this.#stream.destroy();
  }

  async #advance(): Promise<Received> {
    if (this.#over) return this.#over;
    try {
      const { value, done } = await this.#frames.next();
      if (!done && value) return { frame: value };
      this.#over = { ended: "closed", detail: "the sandbox closed its output" };
    } catch (error) {
      const bad = error instanceof WireError;
      const over = error instanceof OutputLimit;
      const ended = bad ? "bad_frame" : over ? "output_limit" : "closed";
      this.#over = { ended, detail: (error as Error).message };
      this.#stream.destroy();
    }
    this.#limits.aside?.take(null);
    return this.#over;
  }

  async *#read(taken: AsyncIterable<Piece>): AsyncGenerator<Frame, void> {
    const decoder = new FrameDecoder({ limits: this.#limits.frames ?? FRAME_LIMITS });
    for await (const { kind, bytes } of taken) {
      this.#received += bytes.length;
      if (this.#received > this.#limits.outputBytes) {
        throw new OutputLimit(`more than ${this.#limits.outputBytes} bytes of output`);
      }
      if (kind === "stdout") {
        for (const frame of decoder.push(bytes)) {
          const { op } = frame.header;
          if (this.#limits.aside && op === this.#limits.aside.op) this.#limits.aside.take(frame);
          else if (op !== this.#limits.dropped || !this.#limits.dropped) yield frame;
        }
      } else this.#stderr = Buffer.concat([this.#stderr, bytes]).subarray(-STDERR_KEPT_BYTES);
    }
    if (!decoder.atBoundary) throw new WireError("the stream ended in the middle of a frame");
  }
}

class OutputLimit extends Error {}

/** Takes the engine's multiplexed stream apart. Pieces are handed on as they come, never put together. */
export async function* pieces(stream: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  let head = Buffer.alloc(0);
  let kind: "stdout" | "stderr" = "stdout";
  let left = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    while (rest.length > 0) {
      if (left === 0) {
        const wanted = HEAD_BYTES - head.length;
        head = Buffer.concat([head, rest.subarray(0, wanted)]);
        rest = rest.subarray(wanted);
        if (head.length < HEAD_BYTES) break;
        if (head[0]! > 2) throw new WireError("the engine's stream is not multiplexed");
        kind = head[0] === 2 ? "stderr" : "stdout";
        left = head.readUInt32BE(4);
        if (left > PIECE_LIMIT_BYTES) throw new WireError("the engine's stream is out of step");
        head = Buffer.alloc(0);
        continue;
      }
      const bytes = rest.subarray(0, left);
      left -= bytes.length;
      rest = rest.subarray(bytes.length);
      yield { kind, bytes };
    }
  }
}
