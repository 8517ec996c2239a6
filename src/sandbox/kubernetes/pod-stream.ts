// One WebSocket to a container's standard streams, as the API server's attach gives it: each message begins with a
// byte that says which stream it is of. It may have no half-close (v4.channel.k8s.io has none): everything on stdin is
// length-prefixed, and this side closes only when it wants nothing more of the other.
import { Duplex } from "node:stream";
import type { Piece } from "../attached.ts";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
/** What this side says of how the connection itself went. */
const STATUS = 3;
/** A message of this size at most: proxies were seen to refuse large ones. */
const MESSAGE_BYTES = 32 * 1024;
/** A waiting sandbox says nothing for minutes, which proxies take for death. */
const PING_MS = 30_000;

/** The part of `ws` that is used. */
export interface Socket {
  send(data: Buffer, done: (error?: Error) => void): void;
  ping(): void;
  pause(): void;
  resume(): void;
  close(): void;
  on(event: "message", listener: (data: Buffer, binary: boolean) => void): unknown;
  on(event: "close" | "error", listener: (detail: unknown) => void): unknown;
}

/** Bytes in, pieces out. */
export class PodStream extends Duplex {
  readonly #socket: Socket;
  readonly #pings: NodeJS.Timeout;

  constructor(socket: Socket) {
    super({ readableObjectMode: true, writableHighWaterMark: 4 * MESSAGE_BYTES });
    this.#socket = socket;
    this.#pings = setInterval(() => socket.ping(), PING_MS);
    this.#pings.unref();
    socket.on("message", (data, binary) => binary && this.#message(data));
    socket.on("close", () => this.push(null));
    socket.on("error", (error) => this.destroy(error as Error));
  }

  #message(data: Buffer): void {
    const [channel] = data;
    if (channel === STATUS) this.#status(data.subarray(1).toString("utf8"));
    // An empty message of each stream is how the server says that it is there.
    if ((channel !== STDOUT && channel !== STDERR) || data.length === 1) return;
    const piece: Piece = { kind: channel === STDOUT ? "stdout" : "stderr", bytes: data.subarray(1) };
    if (!this.push(piece)) this.#socket.pause();
  }

  /** Success is the container's end; a failure is the connection's. */
  #status(text: string): void {
    const { status, message } = statusIn(text);
    if (status === "Success") this.push(null);
    else this.destroy(new Error(message ?? "the API server broke the connection off"));
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    const part = chunk.subarray(0, MESSAGE_BYTES);
    this.#socket.send(Buffer.concat([Buffer.of(STDIN), part]), (error) => {
      if (error || part.length === chunk.length) done(error);
      else this._write(chunk.subarray(MESSAGE_BYTES), "binary", done);
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#pings);
    this.#socket.close();
    this.#socket.resume();
    done(error);
  }
}

/** Its pieces as `Attached` takes them. */
export async function* podPieces(stream: AsyncIterable<unknown>): AsyncGenerator<Piece> {
  for await (const piece of stream) yield piece as Piece;
}

function statusIn(text: string): { status?: string; message?: string } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return { message: text.slice(0, 200) };
  }
}
