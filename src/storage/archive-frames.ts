// Between the server and the reader's child process: a request is one JSON line on stdin; what comes back on
// stdout is frames of one byte kind, four bytes length (big-endian), payload.
import type { Readable } from "node:stream";
import type { ByteRange } from "./blobs.ts";
import type { Params, StorageErrorCode } from "./errors.ts";
import type { ReadLimits } from "./read-zip.ts";
import type { CheckpointLimits } from "./tensors.ts";

export type CheckpointRequest = { path: string; name: string; range?: ByteRange; limits: CheckpointLimits };
export type ArchiveRequest =
  | { read: { path: string; limits: ReadLimits } }
  | { checkpoint: CheckpointRequest };
/** `done` holds what was asked for; a refusal is the archive's fault, a `fault` ours. */
export type ArchiveAnswer =
  | { ready: true }
  | { started: true }
  | { done: unknown }
  | { refused: { code: StorageErrorCode; params: Params } }
  | { fault: string };

export const FRAME = { message: 0x4a, tar: 0x54 } as const;
/** A manifest of 20,000 long paths stays below this; more is a child gone mad. */
const MESSAGE_LIMIT_BYTES = 64 * 1024 * 1024;
const HEADER_LENGTH = 5;

export type Frame = { kind: number; payload: Buffer };

export function frameHeader(kind: number, length: number): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header[0] = kind;
  header.writeUInt32BE(length, 1);
  return header;
}

/** Reads frames one at a time: what is not asked for stays in the pipe, so memory stays flat. */
export class FrameReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer[] = [];
  #length = 0;

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Null when the stream ended; a frame cut off by the end is an end, too. */
  async next(): Promise<Frame | null> {
    const header = await this.#take(HEADER_LENGTH);
    if (header === null) return null;
    const length = header.readUInt32BE(1);
    if (length > MESSAGE_LIMIT_BYTES) return null;
    const payload = await this.#take(length);
    return payload && { kind: header[0] ?? 0, payload };
  }

  async #take(length: number): Promise<Buffer | null> {
    while (this.#length < length) {
      const { value, done } = await this.#chunks.next().catch(() => ({ value: undefined, done: true }));
      if (done || value === undefined) return null;
      this.#rest.push(value);
      this.#length += value.length;
    }
    const all = this.#rest.length === 1 ? this.#rest[0]! : Buffer.concat(this.#rest, this.#length);
    this.#rest = [all.subarray(length)];
    this.#length -= length;
    return all.subarray(0, length);
  }
}
