// The store on S3 against a real peer: the server that ASSAY_TEST_S3 names (its bucket is emptied of what the tests
// wrote), else the npm package `s3rver`, installed into a temporary folder where a registry answers.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BlobMissing, BlobTooLarge, diskBlobs, StorageFault } from "./blobs.ts";
import { type S3BlobStore, type S3Settings, s3Blobs } from "./s3-blobs.ts";

const folder = await mkdtemp(join(tmpdir(), "assay-s3-"));
let peer: ChildProcess | undefined;
const settings = await settingsOf();
if (!settings) console.warn("skipped: no S3 server (set ASSAY_TEST_S3, or let npm reach a registry)");

/** ASSAY_TEST_S3 as http://key:secret@host:port/bucket */
async function settingsOf(): Promise<S3Settings | null> {
  const given = process.env.ASSAY_TEST_S3;
  const url = given ?? (await ownPeer());
  if (!url) return null;
  const { username, password, origin, pathname } = new URL(url);
  const credentials = { accessKeyId: username, secretAccessKey: password };
  const prefix = `test-${process.pid}/`;
  return { bucket: pathname.slice(1), region: "us-east-1", endpoint: origin, prefix, credentials };
}

async function ownPeer(): Promise<string | null> {
  try {
    await writeFile(join(folder, "package.json"), "{}");
    const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "s3rver@3.7.1"];
    await promisify(execFile)("npm", args, { cwd: folder, timeout: 90_000 });
  } catch {
    return null;
  }
  const program = `const S3rver = require("s3rver");
    new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory: "data" }).run().then(({ port }) => console.log(port));`;
  peer = spawn(process.execPath, ["-e", program], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(peer.stdout!, "data");
  return `http://S3RVER:S3RVER@127.0.0.1:${String(port).trim()}/assay`;
}

afterAll(async () => {
  peer?.kill();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!settings)("blobs in an object store", () => {
  const open: S3BlobStore[] = [];
  let machines = 0;
  /** Another machine: nothing lies near it yet. */
  function machine(): S3BlobStore & { near: ReturnType<typeof diskBlobs> } {
    const near = diskBlobs(join(folder, `machine-${++machines}`));
    const store = s3Blobs(near, settings!);
    open.push(store);
    return { ...store, near };
  }
  beforeAll(async () => {
    const { region, endpoint, credentials, bucket } = settings!;
    const client = new S3Client({
      region,
      endpoint: endpoint!,
      credentials: credentials!,
      forcePathStyle: true,
    });
    await client.send(new CreateBucketCommand({ Bucket: bucket })).catch(() => {});
    client.destroy();
  });
  afterAll(async () => {
    const all = machine();
    for await (const hash of all.oldBlobs(new Date(Date.now() + 60_000))) await all.remove(hash);
    for (const store of open) store.close();
  });

  test("what one machine has written every other reads: whole, in part, as a stream", async () => {
    const bytes = randomBytes(3_000_000);
    const [server, worker] = [machine(), machine()];
    const { hash, bytes: size } = await server.put(bytes);
    expect([hash, size]).toEqual([createHash("sha256").update(bytes).digest("hex"), bytes.length]);
    expect([await worker.near.has(hash), await worker.has(hash)]).toEqual([false, true]);
    expect(
      (await buffer(await worker.open(hash, { offset: 1_000_000, length: 10 }))).equals(
        bytes.subarray(1_000_000, 1_000_010),
      ),
    ).toBe(true);
    expect((await worker.read(hash)).equals(bytes)).toBe(true);
    expect(await worker.near.has(hash)).toBe(true);
    expect((await buffer(await machine().open(hash))).equals(bytes)).toBe(true);
  });

  test("an empty blob, and the same bytes twice", async () => {
    const store = machine();
    const { hash } = await store.put(Buffer.alloc(0));
    expect((await machine().read(hash)).length).toBe(0);
    expect(await store.put(Buffer.alloc(0))).toEqual({ hash, bytes: 0 });
  });

  test("what is not there is said as it is on disk; what is removed is gone for everybody", async () => {
    const [first, second] = [machine(), machine()];
    await expect(first.read("a".repeat(64))).rejects.toThrow(BlobMissing);
    await expect(first.open("a".repeat(64))).rejects.toThrow(BlobMissing);
    expect(await first.has("a".repeat(64))).toBe(false);
    const { hash } = await first.put(Buffer.from("soon gone"));
    await second.remove(hash);
    await second.remove(hash);
    expect(await first.has(hash)).toBe(false);
    await expect(second.read(hash)).rejects.toThrow(BlobMissing);
  });

  test("too many bytes end the write, and nothing of it is in the store", async () => {
    const store = machine();
    const bytes = randomBytes(2000);
    await expect(store.put(bytes, { maxBytes: 1000 })).rejects.toThrow(BlobTooLarge);
    expect(await store.has(createHash("sha256").update(bytes).digest("hex"))).toBe(false);
  });

  test("what is damaged near is fetched again", async () => {
    const [first, second] = [machine(), machine()];
    const { hash } = await first.put(Buffer.from("whole and sound"));
    await second.read(hash);
    await truncate(second.near.pathOf(hash), 3);
    expect((await second.read(hash)).toString()).toBe("whole and sound");
  });

  test("a store that is away is a fault of ours, and what was not stored is not taken for it", async () => {
    const near = diskBlobs(join(folder, "lonely"));
    const away = s3Blobs(near, { ...settings!, endpoint: "http://127.0.0.1:1" });
    open.push(away);
    const bytes = Buffer.from("to nowhere");
    await expect(away.put(bytes)).rejects.toThrow(StorageFault);
    expect(await near.has(createHash("sha256").update(bytes).digest("hex"))).toBe(false);
    await expect(away.has("a".repeat(64))).rejects.toThrow(StorageFault);
  });

  test("wrong keys are a fault of ours, not a missing blob", async () => {
    const store = s3Blobs(diskBlobs(join(folder, "stranger")), {
      ...settings!,
      credentials: { accessKeyId: "nobody", secretAccessKey: "nothing" },
    });
    open.push(store);
    await expect(store.has("a".repeat(64))).rejects.toThrow(StorageFault);
  });

  test("old ones are listed and removed, young ones are not", async () => {
    const store = machine();
    const { hash } = await store.put(Buffer.from("an orphan"));
    const [past, future] = [new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)];
    const listed = async (before: Date) => {
      const hashes: string[] = [];
      for await (const one of store.oldBlobs(before)) hashes.push(one);
      return hashes;
    };
    expect(await listed(past)).not.toContain(hash);
    expect(await listed(future)).toContain(hash);
    expect(await store.removeIfOld(hash, past)).toBe(false);
    expect(await store.removeIfOld(hash, future)).toBe(true);
    expect(await store.has(hash)).toBe(false);
  });
});
