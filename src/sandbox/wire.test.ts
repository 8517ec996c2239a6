import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeFrame, type Frame, FrameDecoder, MAGIC, WireError } from "./wire.ts";

const decode = (bytes: Buffer, sizes: number[] = [], magic = false): Frame[] => {
  const decoder = new FrameDecoder({ magic });
  const frames: Frame[] = [];
  let at = 0;
  for (const size of sizes) {
    frames.push(...decoder.push(bytes.subarray(at, at + size)));
    at += size;
  }
  frames.push(...decoder.push(bytes.subarray(at)));
  if (!decoder.atBoundary) throw new WireError("cut off");
  return frames;
};

const json = fc.dictionary(
  fc.string().filter((key) => key !== "buffers" && key !== "__proto__"),
  fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value))),
);
const buffers = fc.array(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  {
    maxLength: 4,
  },
);

test("what is encoded is decoded, however the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(json, buffers), { maxLength: 4 }),
      fc.array(fc.nat(40), { maxLength: 60 }),
      (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(([header, parts]) => encodeFrame(header, parts)));
        const got = decode(bytes, cuts);
        expect(got.map(({ buffers }) => buffers)).toEqual(frames.map(([, parts]) => parts));
        expect(got.map(({ header: { buffers: _, ...header } }) => header)).toEqual(
          frames.map(([header]) => header),
        );
      },
    ),
  );
});

test("any bytes are frames or a WireError, never another exception", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(20)), (bytes, cuts) => {
      try {
        decode(Buffer.from(bytes), cuts);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
  );
});

test("what stands before the magic line is dropped", () => {
  const frame = encodeFrame({ op: "ready" });
  const got = decode(Buffer.concat([Buffer.from('{"Detach":""}'), MAGIC, frame]), [3, 9, 4, 5], true);
  expect(got).toEqual([{ header: { op: "ready" }, buffers: [] }]);
});

test("a stream without the magic line is given up after 64 KiB", () => {
  const decoder = new FrameDecoder();
  expect(() => {
    for (let i = 0; i < 100; i++) [...decoder.push(Buffer.alloc(1024, 97))];
  }).toThrow("no magic line");
});

test.each([
  ["a header longer than allowed", Buffer.from([0xff, 0xff, 0xff, 0xff]), "header is larger"],
  ["buffers longer than allowed", encodeFrame({ buffers: [2 ** 40] } as never), "more bytes than allowed"],
  ["a negative length", encodeFrame({ buffers: [-1] } as never), "not a whole number"],
  ["a length with a fraction", encodeFrame({ buffers: [1.5] } as never), "not a whole number"],
  ["lengths that are no list", encodeFrame({ buffers: "ab" } as never), "not a list"],
  ["a header that is a list", Buffer.from("\0\0\0\x02[]"), "not an object"],
  ["a header that is not UTF-8", Buffer.from([0, 0, 0, 4, 0x22, 0xff, 0xfe, 0x22]), "not JSON"],
])("%s is refused before anything of it arrives", (_, bytes, words) => {
  expect(() => decode(bytes)).toThrow(words);
});

/** A vector is exactly one frame. */
function only(frames: Frame[]): Frame {
  if (frames.length !== 1) throw new WireError(`${frames.length} frames`);
  return frames[0]!;
}

const vectorsFile = new URL("../../sandbox/wire/vectors.json", import.meta.url);
describe.skipIf(!existsSync(vectorsFile))("vectors.json, which the Python side reads as well", () => {
  type Vector = { name?: string; hex: string; header?: unknown; buffers?: string[] };
  const read = (): { frames: { valid: Vector[]; invalid: Vector[] } } =>
    JSON.parse(readFileSync(vectorsFile, "utf8"));

  test("valid frames are read as written there", () => {
    for (const { hex, header, buffers = [] } of read().frames.valid) {
      const frame = only(decode(Buffer.from(hex, "hex")));
      expect(frame.header).toEqual(header);
      expect(frame.buffers.map((buffer) => buffer.toString("hex"))).toEqual(buffers);
    }
  });

  test("invalid frames are refused", () => {
    for (const { hex, name } of read().frames.invalid) {
      expect(() => only(decode(Buffer.from(hex, "hex"))), name).toThrow(WireError);
    }
  });
});
