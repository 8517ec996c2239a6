import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  BlobMissing,
  BlobTooLarge,
  type DiskBlobStore,
  diskBlobs,
  removeStaleDrafts,
  StorageFault,
} from "./blobs.ts";

let dir: string;
let blobs: DiskBlobStore;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "blobs-"));
  blobs = diskBlobs(join(dir, "store"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const drafts = () => readdir(join(dir, "store", "tmp"));
async function* pieces(...parts: (string | Error)[]) {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

test("a blob is found under the SHA-256 of its bytes, stream or buffer alike", async () => {
  const streamed = await blobs.put(pieces("hello ", "world"));
  expect(streamed).toEqual({ hash: sha256(Buffer.from("hello world")), bytes: 11 });
  expect(await blobs.put(Buffer.from("hello world"))).toEqual(streamed);
  expect((await blobs.read(streamed.hash)).toString()).toBe("hello world");
  expect(await blobs.has(streamed.hash)).toBe(true);
  expect(await drafts()).toEqual([]);
});

test("a range is read without the rest", async () => {
  const bytes = randomBytes(300_000);
  const { hash } = await blobs.put(bytes);
  const part = await buffer(await blobs.open(hash, { offset: 100_000, length: 70_001 }));
  expect(part.equals(bytes.subarray(100_000, 170_001))).toBe(true);
  expect(await buffer(await blobs.open(hash, { offset: 300_000, length: 0 }))).toHaveLength(0);
  expect((await buffer(await blobs.open(hash))).equals(bytes)).toBe(true);
});

test.each([
  ["past the end", { offset: 2, length: 9 }],
  ["before the start", { offset: -1, length: 1 }],
])("a range %s is refused, not shortened", async (_, range) => {
  const { hash } = await blobs.put(Buffer.from("0123456789"));
  await expect(blobs.open(hash, range)).rejects.toThrow(RangeError);
});

test("the byte cap ends the upload and leaves nothing, at the cap it is kept", async () => {
  let asked = 0;
  async function* endless() {
    for (;;) {
      asked += 1;
      yield Buffer.alloc(1000);
    }
  }
  await expect(blobs.put(endless(), { maxBytes: 10_000 })).rejects.toThrow(BlobTooLarge);
  expect(asked).toBe(11);
  expect(await drafts()).toEqual([]);
  expect((await blobs.put(Buffer.alloc(10_000), { maxBytes: 10_000 })).bytes).toBe(10_000);
});

test("an upload that breaks off leaves nothing and says why", async () => {
  await expect(blobs.put(pieces("half", new Error("connection reset")))).rejects.toThrow("connection reset");
  expect(await drafts()).toEqual([]);
});

/** A real full disk needs a small file system of its own, which only root may mount. */
function mountSmallDisk(path: string): boolean {
  mkdirSync(path);
  return spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", path]).status === 0;
}

test("a full disk is a fault of ours, leaves nothing, and room made later is used", async (context) => {
  const disk = join(dir, "disk");
  if (!mountSmallDisk(disk)) return context.skip("mounting a small tmpfs needs root");
  try {
    const small = diskBlobs(disk);
    const { hash } = await small.put(randomBytes(150_000));
    await expect(small.put(randomBytes(200_000))).rejects.toThrow(StorageFault);
    expect(await readdir(join(disk, "tmp"))).toEqual([]);
    await small.remove(hash);
    expect((await small.put(randomBytes(200_000))).bytes).toBe(200_000);
  } finally {
    spawnSync("umount", [disk]);
  }
});

test("what is not there is said before a byte is read, and removing it twice is no error", async () => {
  const { hash } = await blobs.put(Buffer.from("x"));
  await blobs.remove(hash);
  await blobs.remove(hash);
  expect(await blobs.has(hash)).toBe(false);
  await expect(blobs.open(hash)).rejects.toThrow(BlobMissing);
  await expect(blobs.read(hash)).rejects.toThrow(BlobMissing);
});

test("a damaged blob is not handed out as if it were whole, and putting it again mends it", async () => {
  const { hash } = await blobs.put(Buffer.from("precious"));
  await truncate(blobs.pathOf(hash), 3);
  await expect(blobs.read(hash)).rejects.toThrow(StorageFault);
  await blobs.put(Buffer.from("precious"));
  expect((await blobs.read(hash)).toString()).toBe("precious");
});

test.each(["../../etc/passwd", "", "A".repeat(64), `${"a".repeat(63)}/`])(
  "%j is no hash and opens no path",
  async (hash) => {
    await expect((async () => blobs.has(hash))()).rejects.toThrow(TypeError);
    await expect((async () => blobs.open(hash))()).rejects.toThrow(TypeError);
  },
);

test("many writers of the same bytes end with one blob", async () => {
  const bytes = randomBytes(50_000);
  const stored = await Promise.all(Array.from({ length: 20 }, () => blobs.put(Readable.from([bytes]))));
  expect(new Set(stored.map(({ hash }) => hash))).toEqual(new Set([sha256(bytes)]));
  expect((await blobs.read(sha256(bytes))).equals(bytes)).toBe(true);
  expect(await drafts()).toEqual([]);
});

test("only drafts older than asked are swept", async () => {
  await blobs.put(Buffer.from("x"));
  const [old, young] = ["old", "young"].map((name) => join(dir, "store", "tmp", name)) as [string, string];
  await writeFile(old, "");
  await writeFile(young, "");
  await utimes(old, 1000, 1000);
  expect(await removeStaleDrafts(join(dir, "store"), new Date(2_000_000))).toBe(1);
  expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
});
