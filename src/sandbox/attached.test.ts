import { Duplex, PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { Attached, pieces } from "./attached.ts";
import { encodeFrame, MAGIC } from "./wire.ts";

/** The engine's end of an attach, which the test writes into. */
function engineEnd() {
  const out = new PassThrough();
  const into = new PassThrough();
  return { out, into, stream: Duplex.from({ readable: out, writable: into }) };
}

const piece = (kind: 1 | 2, bytes: Buffer) => {
  const head = Buffer.alloc(8);
  head[0] = kind;
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
};

test("frames are read from stdout however the engine cuts it, stderr is kept aside", async () => {
  const { out, stream } = engineEnd();
  const attached = new Attached(stream, { outputBytes: 10_000 });
  const frame = Buffer.concat([MAGIC, encodeFrame({ op: "x" }, [Buffer.from("abc")])]);
  const bytes = Buffer.concat([
    piece(1, frame.subarray(0, 5)),
    piece(2, Buffer.from("warning")),
    piece(1, frame.subarray(5)),
  ]);
  for (const byte of bytes) out.write(Buffer.from([byte]));
  expect(await attached.receive(1000)).toEqual({
    frame: { header: { op: "x", buffers: [3] }, buffers: [Buffer.from("abc")] },
  });
  expect(attached.stderr).toBe("warning");
});

test("output beyond the cap ends the connection with that word, and memory stays flat", async () => {
  const { out, stream } = engineEnd();
  const attached = new Attached(stream, { outputBytes: 1_000_000 });
  out.write(piece(1, MAGIC));
  for (let i = 0; i < 200 && !attached.ended; i++) {
    out.write(piece(2, Buffer.alloc(10_000, 120)));
    await new Promise(setImmediate);
  }
  expect(await attached.receive(1000)).toMatchObject({ ended: "output_limit" });
  expect(stream.destroyed).toBe(true);
  expect(attached.stderr.length).toBeLessThanOrEqual(8192);
});

test("a death while nobody listens is seen", async () => {
  const { out, stream } = engineEnd();
  const attached = new Attached(stream, { outputBytes: 1000 });
  expect(attached.ended).toBe(false);
  out.end();
  await attached.receive(1000);
  expect(attached.ended).toBe(true);
});

test("a frame that comes after its receiver gave up is there for the next", async () => {
  const { out, stream } = engineEnd();
  const attached = new Attached(stream, { outputBytes: 1000 });
  expect(await attached.receive(10)).toBeNull();
  out.write(piece(1, Buffer.concat([MAGIC, encodeFrame({ op: "late" })])));
  expect(await attached.receive(1000)).toEqual({ frame: { header: { op: "late" }, buffers: [] } });
});

test("an abort ends the wait with its reason", async () => {
  const { stream } = engineEnd();
  const attached = new Attached(stream, { outputBytes: 1000 });
  const abort = new AbortController();
  const waiting = attached.receive(10_000, abort.signal);
  abort.abort(new Error("cancelled"));
  await expect(waiting).rejects.toThrow("cancelled");
});

test("a stream that is no engine's is refused", async () => {
  const read = async () => {
    for await (const _ of pieces(PassThrough.from([Buffer.from("HTTP/1.1 500 no")])));
  };
  await expect(read()).rejects.toThrow("not multiplexed");
});
