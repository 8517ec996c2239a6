// Checkpoints that lie, each beside an honest twin; numpy itself makes the honest npz files where it is there.
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, openBench } from "../../test/hostile-archives/bench.ts";
import { buildZip, type EntrySpec, le64 } from "../../test/hostile-archives/build.ts";
import { UserError } from "../platform/errors.ts";
import type { CheckpointLimits } from "./tensors.ts";

let bench: Bench;
let dir: string;
beforeAll(async () => {
  bench = await openBench();
  dir = await mkdtemp(join(tmpdir(), "checkpoints-"));
});
afterAll(async () => {
  await bench.close();
  await rm(dir, { recursive: true, force: true });
});

const limits: CheckpointLimits = { unpackedBytes: 10_000_000, tensors: 100 };
async function check(bytes: Buffer, range?: { offset: number; length: number }) {
  const path = join(dir, "checkpoint");
  await writeFile(path, bytes);
  return await bench.reader.checkpoint({ path, name: "model.bin", limits, ...(range ? { range } : {}) });
}
/** `accepted`, or the reason given. */
async function outcome(bytes: Buffer): Promise<string> {
  try {
    await check(bytes);
    return "accepted";
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "bad_checkpoint") throw error;
    expect(error.sentence("zh")).not.toMatch(/\{|undefined/);
    return error.sentence("en");
  }
}

type Described = { dtype: string; shape: unknown; data_offsets: unknown };
const tensor = (dtype: string, shape: unknown, begin: unknown, end: unknown): Described => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
function safetensors(header: object | string, dataBytes: number): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  return Buffer.concat([le64(text.length), text, Buffer.alloc(dataBytes)]);
}
const w = tensor("F32", [2, 3], 0, 24);

describe("safetensors", () => {
  test("names, dtypes and shapes are told", async () => {
    const file = safetensors(
      {
        __metadata__: { format: "pt" },
        w,
        b: tensor("BF16", [], 24, 26),
        none: tensor("I64", [0, 9], 24, 24),
      },
      26,
    );
    expect(await check(file)).toEqual({
      format: "safetensors",
      bytes: 26,
      tensors: [
        { name: "w", dtype: "F32", shape: [2, 3], bytes: 24 },
        { name: "none", dtype: "I64", shape: [0, 9], bytes: 0 },
        { name: "b", dtype: "BF16", shape: [], bytes: 2 },
      ],
    });
  });

  test("one inside the canonical tar is read in its place", async () => {
    const file = safetensors({ w }, 24);
    const around = Buffer.concat([Buffer.alloc(512, 7), file, Buffer.alloc(100, 7)]);
    expect((await check(around, { offset: 512, length: file.length })).tensors).toHaveLength(1);
  });

  test.each<[string, Buffer, string]>([
    ["a gap", safetensors({ w, b: tensor("F32", [1], 28, 32) }, 32), "gap"],
    ["a gap at the start", safetensors({ w: tensor("F32", [1], 4, 8) }, 8), "gap"],
    ["an overlap", safetensors({ w, b: tensor("F32", [1], 20, 24) }, 24), "overlaps"],
    ["the same bytes twice", safetensors({ w, b: w }, 24), "overlaps"],
    [
      "a size that is not the shape's",
      safetensors({ w: tensor("F32", [2, 3], 0, 20) }, 20),
      "not that of its shape",
    ],
    ["bytes left over", safetensors({ w }, 25), "not as long as the file"],
    ["bytes missing", safetensors({ w }, 23), "not as long as the file"],
    ["a name twice", safetensors(`{"w":${JSON.stringify(w)},"w":${JSON.stringify(w)}}`, 24), "twice"],
    [
      "a name twice, once escaped",
      safetensors(`{"w":${JSON.stringify(w)},"\\u0077":${JSON.stringify(w)}}`, 24),
      "twice",
    ],
    [
      "a key twice within",
      safetensors('{"w":{"dtype":"F32","dtype":"F64","shape":[0],"data_offsets":[0,0]}}', 0),
      "twice",
    ],
    ["an unknown dtype", safetensors({ w: tensor("O", [1], 0, 8) }, 8), "unknown dtype"],
    ["a dtype off the prototype", safetensors({ w: tensor("constructor", [1], 0, 8) }, 8), "unknown dtype"],
    ["a negative length", safetensors({ w: tensor("F32", [-1, -6], 0, 24) }, 24), "impossible shape"],
    ["a fractional length", safetensors({ w: tensor("F32", [1.5, 4], 0, 24) }, 24), "impossible shape"],
    ["too many dimensions", safetensors({ w: tensor("U8", Array(9).fill(1), 0, 1) }, 1), "impossible shape"],
    [
      "a product that overflows",
      safetensors({ w: tensor("F32", [2 ** 32, 2 ** 32, 2 ** 32], 0, 0) }, 0),
      "impossibly large",
    ],
    [
      "offsets that are no numbers",
      safetensors({ w: tensor("F32", [1], "0", "4") }, 4),
      "not that of its shape",
    ],
    ["metadata that are not text", safetensors({ __metadata__: { a: {} }, w }, 24), "metadata"],
    ["a header that is no JSON", safetensors("{'w': 1}", 0), "no JSON"],
    ["a header longer than the file", Buffer.concat([le64(1000), Buffer.from("{}")]), "cut off"],
    [
      "too many tensors",
      safetensors(Object.fromEntries(Array.from({ length: 101 }, (_, n) => [n, tensor("U8", [0], 0, 0)])), 0),
      "too many tensors",
    ],
    [
      "more than the limit",
      safetensors({ w: tensor("U8", [10_000_001], 0, 10_000_001) }, 10_000_001),
      "too large",
    ],
    ["nothing", Buffer.alloc(0), "neither"],
    ["a pickle", Buffer.from("80049595000000000000008c", "hex"), "neither"],
  ])("%s is refused", async (_, file, reason) => {
    expect(await outcome(file)).toContain(reason);
    expect(await outcome(safetensors({ w, b: tensor("F32", [1], 24, 28) }, 28))).toBe("accepted");
  });

  test("a header of 90 MB is refused without being read, and a file of 4 GB is not read either", async () => {
    const path = join(dir, "huge");
    await writeFile(path, Buffer.concat([le64(90_000_000), Buffer.from("{")]));
    await truncate(path, 95_000_000);
    const started = performance.now();
    await expect(bench.reader.checkpoint({ path, name: "huge", limits })).rejects.toThrow(
      "header is too large",
    );
    const size = 2 ** 32;
    const header = JSON.stringify({ w: tensor("U8", [size], 0, size) });
    await writeFile(path, Buffer.concat([le64(header.length), Buffer.from(header)]));
    await truncate(path, 8 + header.length + size);
    const { bytes } = await bench.reader.checkpoint({
      path,
      name: "huge",
      limits: { ...limits, unpackedBytes: 2 ** 33 },
    });
    expect(bytes).toBe(size);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

function npy(descr: string, shape: string, dataBytes: number, version = 1): Buffer {
  const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': (${shape}), }\n`;
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(text.length, 0, length.length);
  return Buffer.concat([
    Buffer.from("\x93NUMPY", "latin1"),
    Buffer.from([version, 0]),
    length,
    Buffer.from(text),
    Buffer.alloc(dataBytes),
  ]);
}
const npz = (...entries: EntrySpec[]) => buildZip({ entries });
const honest = npy("'<f4'", "2, 3", 24);

describe("npz", () => {
  test.each<[string, Buffer, string]>([
    ["an object array", npz({ name: "a.npy", data: npy("'|O'", "1,", 8) }), "not plain numbers"],
    [
      "an object array, packed",
      npz({ name: "a.npy", data: npy("'|O'", "100000,", 800_000) }),
      "not plain numbers",
    ],
    ["a structured array", npz({ name: "a.npy", data: npy("[('x', '|O')]", "1,", 8) }), "not plain numbers"],
    ["strings", npz({ name: "a.npy", data: npy("'<U4'", "1,", 16) }), "not plain numbers"],
    ["code in the header", npz({ name: "a.npy", data: npy("__import__('os')", "1,", 8) }), "not numpy's"],
    [
      "a size that is not the shape's",
      npz({ name: "a.npy", data: npy("'<f4'", "3, 3", 24) }),
      "not that of its shape",
    ],
    [
      "a shape that overflows",
      npz({ name: "a.npy", data: npy("'<f4'", "4294967296, 4294967296, 4294967296", 0) }),
      "impossibly large",
    ],
    [
      "a member that is no array",
      npz({ name: "a.npy", data: honest }, { name: "evil.pkl", data: "x" }),
      "no array",
    ],
    ["a member named .npy that is a pickle", npz({ name: "a.npy", data: "\x80\x04." }), "no numpy array"],
    [
      "two members of one name",
      npz({ name: "a.npy", data: honest }, { name: "a.npy", data: honest }),
      "same name",
    ],
    ["a bomb", npz({ name: "a.npy", data: npy("'|b1'", "40000000,", 40_000_000) }), "unpack"],
    [
      "a declared bomb",
      npz({ name: "a.npy", data: honest, local: { bytes: 2 ** 31 }, central: { bytes: 2 ** 31 } }),
      "unpack",
    ],
    [
      "overlapping members",
      npz({ name: "a.npy", data: honest }, { name: "b.npy", data: honest, central: { offset: 0 } }),
      "shares its bytes",
    ],
    ["an encrypted member", npz({ name: "a.npy", data: honest, flags: 1 }), "encrypted"],
    [
      "a huge header",
      npz({ name: "a.npy", data: npy("'<f4'", `2, 3${" ".repeat(20_000)}`, 24, 2) }),
      "too large",
    ],
    [
      "a broken stream",
      npz({ name: "a.npy", data: honest, raw: Buffer.from([7, 7, 7]) }),
      "cannot be unpacked",
    ],
    ["an npy of objects", npy("'|O'", "1,", 8), "not plain numbers"],
    ["an npy cut short", honest.subarray(0, -1), "not that of its shape"],
  ])("%s is refused", async (_, file, reason) => {
    expect(await outcome(file)).toContain(reason);
    expect(
      await outcome(
        npz({ name: "a.npy", data: honest }, { name: "b.npy", data: npy("'|b1'", "", 1), stored: true }),
      ),
    ).toBe("accepted");
    expect(await outcome(honest)).toBe("accepted");
  });

  test("what numpy writes is accepted as it is", async (context) => {
    const path = join(dir, "numpy.npz");
    const program = `
import sys, numpy as np
arrays = dict(w=np.zeros((3, 4), "f4"), b=np.asfortranarray(np.ones((2, 5))), s=np.float64(2), y=np.arange(7), m=np.ones(3, bool))
np.savez(sys.argv[1], **arrays)
np.savez_compressed(sys.argv[1] + "2.npz", **arrays)`;
    if (spawnSync("python3", ["-c", program, path]).status !== 0)
      return context.skip("python3 has no numpy here");
    for (const name of [path, `${path}2.npz`]) {
      const { tensors } = await check(await readFile(name));
      expect(tensors).toContainEqual({ name: "b", dtype: "f8", shape: [2, 5], bytes: 80 });
      expect(tensors).toHaveLength(5);
    }
  });
});
