// Frames, as the worker speaks them with the two sandboxes; the twin of sandbox/wire/wire.py. A frame is a
// 4-byte big-endian header length, a JSON header in UTF-8, then the raw buffers whose byte lengths the header
// lists under "buffers". Values inside frames are the harness's business: the worker never decodes an answer.

export const MAGIC = Buffer.from("ASSAY/1\n");
/** What may stand before the magic line, e.g. the JSON body that podman's attach leaks into the stream. */
const NOISE_LIMIT_BYTES = 64 * 1024;
const BUFFER_LIMIT_COUNT = 4096;

export interface FrameLimits {
  headerBytes: number;
  /** All buffers of one frame together. */
  bytes: number;
}
/** The same numbers as wire.py's DEFAULT. */
export const FRAME_LIMITS: FrameLimits = { headerBytes: 8 * 1024 ** 2, bytes: 64 * 1024 ** 2 };

export type Header = Record<string, unknown> & { buffers?: number[] };
export interface Frame {
  header: Header;
  buffers: Buffer[];
}

/** Bytes that are not a frame, or are larger than allowed. */
export class WireError extends Error {}

/** The bytes before a frame's buffers; `buffers` are the lengths of what the caller sends after them. */
export function frameHead(header: Record<string, unknown>, buffers: number[] = []): Buffer {
  const text = Buffer.from(JSON.stringify(buffers.length > 0 ? { ...header, buffers } : header));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(text.length);
  return Buffer.concat([size, text]);
}

export function encodeFrame(header: Record<string, unknown>, buffers: Buffer[] = []): Buffer {
  return Buffer.concat([
    frameHead(
      header,
      buffers.map((buffer) => buffer.length),
    ),
    ...buffers,
  ]);
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A frame's header from its bytes. @throws WireError */
export function parseHeader(text: Buffer): Header {
  let header: unknown;
  try {
    header = JSON.parse(strictUtf8.decode(text));
  } catch {
    throw new WireError("the header is not JSON");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw new WireError("the header is not an object");
  }
  checkSizes((header as Header).buffers);
  return header as Header;
}

function checkSizes(sizes: unknown) {
  if (sizes === undefined) return;
  if (!Array.isArray(sizes) || sizes.length > BUFFER_LIMIT_COUNT) {
    throw new WireError("buffers is not a list of lengths");
  }
  if (sizes.some((size) => !Number.isSafeInteger(size) || size < 0 || Object.is(size, -0))) {
    throw new WireError("a buffer's length is not a whole number");
  }
}

/**
 * Cuts a stream of chunks into frames. Memory held is one frame at most: a header or buffer larger than
 * `limits` is refused as soon as its length is read, before any of it arrives.
 */
export class FrameDecoder {
  readonly #limits: FrameLimits;
  #chunks: Buffer[] = [];
  #held = 0;
  #magicSeen: boolean;
  #header: Header | null = null;
  #headerSize: number | null = null;

  constructor({ limits = FRAME_LIMITS, magic = true }: { limits?: FrameLimits; magic?: boolean } = {}) {
    this.#limits = limits;
    this.#magicSeen = !magic;
  }

  /** True between two frames: an end of the stream is clean only here. */
  get atBoundary(): boolean {
    return this.#held === 0 && this.#headerSize === null;
  }

  /** The frames that this chunk completes. @throws WireError; after that the decoder is of no more use. */
  *push(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (!this.#magicSeen && !this.#dropToMagic()) return;
    for (let frame = this.#frame(); frame; frame = this.#frame()) yield frame;
  }

  #dropToMagic(): boolean {
    const all = this.#take(this.#held);
    const at = all.indexOf(MAGIC);
    if (at > NOISE_LIMIT_BYTES || (at < 0 && all.length > NOISE_LIMIT_BYTES + MAGIC.length)) {
      throw new WireError("no magic line");
    }
    this.#magicSeen = at >= 0;
    this.#chunks = [at >= 0 ? all.subarray(at + MAGIC.length) : all];
    this.#held = this.#chunks[0]?.length ?? 0;
    return this.#magicSeen;
  }

  #frame(): Frame | null {
    if (this.#headerSize === null) {
      if (this.#held < 4) return null;
      this.#headerSize = this.#take(4).readUInt32BE();
      if (this.#headerSize > this.#limits.headerBytes)
        throw new WireError("the header is larger than allowed");
    }
    if (this.#header === null) {
      if (this.#held < this.#headerSize) return null;
      this.#header = parseHeader(this.#take(this.#headerSize));
      if (sum(this.#header.buffers) > this.#limits.bytes) throw new WireError("more bytes than allowed");
    }
    if (this.#held < sum(this.#header.buffers)) return null;
    const header = this.#header;
    const buffers = (header.buffers ?? []).map((size) => this.#take(size));
    this.#header = this.#headerSize = null;
    return { header, buffers };
  }

  #take(size: number): Buffer {
    let first = this.#chunks[0] ?? Buffer.alloc(0);
    if (first.length < size) first = Buffer.concat(this.#chunks);
    if (this.#chunks.length > 0 && first === this.#chunks[0]) this.#chunks[0] = first.subarray(size);
    else this.#chunks = [first.subarray(size)];
    if (this.#chunks[0]?.length === 0) this.#chunks.shift();
    this.#held -= size;
    return first.subarray(0, size);
  }
}

const sum = (sizes: number[] = []) => sizes.reduce((total, size) => total + size, 0);
