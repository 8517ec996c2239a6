// A child killed, stuck, hungry or gone; a store that fails: who is at fault, and that the next archive works.
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Bench, openBench } from "../../test/hostile-archives/bench.ts";
import { buildZip } from "../../test/hostile-archives/build.ts";
import type { UserError } from "../platform/errors.ts";
import { type ArchiveReaderOptions, createArchiveReader } from "./archive.ts";
import { type BlobStore, StorageFault } from "./blobs.ts";
import { zipFolder } from "./zip-write.ts";

const limits = { unpackedBytes: 400_000_000, required: ["rnn.py"] };
const small = buildZip({ entries: [{ name: "rnn.py", data: "x = 1\n" }] });

let dir: string;
let large: string;
/** 180 MB that do not pack, so that no pipe holds them. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "faults-"));
  await mkdir(join(dir, "folder"));
  await writeFile(join(dir, "folder", "rnn.py"), "x = 1\n");
  const random = randomBytes(30_000_000);
  for (let n = 0; n < 6; n += 1) await writeFile(join(dir, "folder", `data${n}.bin`), random);
  large = join(dir, "large.zip");
  await pipeline(zipFolder(join(dir, "folder")), createWriteStream(large));
  await writeFile(join(dir, "small.zip"), small);
}, 60_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

/** The bench's store, doing something before each piece of a tar. */
function disturbed(before: () => Promise<void> | void): BlobStore {
  async function* pieces(source: AsyncIterable<Uint8Array>) {
    for await (const piece of source) {
      await before();
      yield piece;
    }
  }
  return { ...bench.blobs, put: (source) => bench.blobs.put(pieces(source as AsyncIterable<Uint8Array>)) };
}

async function withReader<T>(
  options: ArchiveReaderOptions,
  use: (reader: ReturnType<typeof createArchiveReader>) => Promise<T>,
) {
  const reader = createArchiveReader(options);
  try {
    return await use(reader);
  } finally {
    await reader.close();
  }
}
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => "accepted",
    (error: UserError) => error.code ?? error,
  );

test("a child killed in the middle refuses its archive, leaves nothing, and the next archive works", async () => {
  let victim = 0;
  const blobs = disturbed(() => {
    if (victim !== 0) process.kill(victim, "SIGKILL");
    victim = 0;
  });
  await withReader({ blobs }, async (reader) => {
    victim = reader.pids()[0] ?? 0;
    const first = victim;
    expect(await failure(reader.read(large, limits))).toBe("archive_unreadable");
    expect((await bench.stored()).filter((path) => path.includes("tmp/"))).toEqual([]);
    expect(await failure(reader.read(join(dir, "small.zip"), limits))).toBe("accepted");
    expect(reader.pids()).not.toContain(first);
  });
});

test("an archive that takes longer than the deadline is refused, the next works", async () => {
  const blobs = disturbed(() => sleep(1500));
  await withReader({ blobs, deadlineMs: 1200 }, async (reader) => {
    await sleep(1000);
    const error = (await reader.read(large, limits).catch((thrown) => thrown)) as UserError;
    expect(error.code).toBe("archive_unreadable");
    expect(error.sentence("en")).toContain("more than 2 s");
    expect(reader.pids()).toHaveLength(1);
  });
});

test("memory beyond the limit ends the child and not us", async () => {
  // Node itself fits into this; the archive of 60 MB that adm-zip would hold beside it does not.
  const path = join(dir, "heavy.zip");
  await writeFile(
    path,
    buildZip({
      entries: ["rnn.py", "a"].map((name) => ({ name, data: randomBytes(31_000_000), stored: true })),
    }),
  );
  await withReader({ blobs: bench.blobs, memoryBytes: 32_000_000 }, async (reader) => {
    expect(await failure(reader.read(join(dir, "small.zip"), limits))).toBe("accepted");
    expect(await failure(reader.read(path, limits))).toBe("archive_unreadable");
    expect(await failure(reader.read(join(dir, "small.zip"), limits))).toBe("accepted");
  });
  expect(await failure(bench.reader.read(path, limits))).toBe("accepted");
});

test("a waiting child that died or hangs is no archive's fault", async () => {
  for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
    await withReader({ blobs: bench.blobs, deadlineMs: 2000 }, async (reader) => {
      await reader.read(join(dir, "small.zip"), limits);
      process.kill(reader.pids()[0] ?? 0, signal);
      expect(await failure(reader.read(join(dir, "small.zip"), limits))).toBe("accepted");
    });
  }
});

test("a store that fails is our fault, not the archive's", async () => {
  const full = disturbed(() => {
    throw Object.assign(new Error("no space"), { code: "ENOSPC" });
  });
  await withReader({ blobs: full }, async (reader) => {
    expect(await failure(reader.read(large, limits))).toBeInstanceOf(StorageFault);
    expect(reader.pids()).toHaveLength(1);
  });
});

test("an upload that is not there, and a child that cannot start, are our fault", async () => {
  expect(await failure(bench.reader.read(join(dir, "nowhere.zip"), limits))).toBeInstanceOf(StorageFault);
  await withReader({ blobs: bench.blobs, memoryBytes: -300_000_000 }, async (reader) => {
    expect(await failure(reader.read(join(dir, "small.zip"), limits))).toBeInstanceOf(StorageFault);
  });
});

test("more archives than children wait their turn; a child is replaced after its share", async () => {
  await withReader({ blobs: bench.blobs, children: 2, archivesPerChild: 3 }, async (reader) => {
    const before = reader.pids();
    const reads = Array.from({ length: 20 }, () => reader.read(join(dir, "small.zip"), limits));
    const hashes = new Set((await Promise.all(reads)).map(({ tar }) => tar.hash));
    expect(hashes.size).toBe(1);
    expect(reader.pids()).toHaveLength(2);
    expect(reader.pids()).not.toEqual(before);
  });
});

test("closing ends the children and what waits for them, as our fault", async () => {
  const reader = createArchiveReader({ blobs: bench.blobs });
  const [pid] = reader.pids();
  const reads = [large, large].map((path) => failure(reader.read(path, limits)));
  await sleep(300);
  await reader.close();
  for (const read of await Promise.all(reads)) expect(read).toBeInstanceOf(StorageFault);
  expect(() => process.kill(pid ?? 0, 0)).toThrow("ESRCH");
  expect(await failure(reader.read(large, limits))).toBeInstanceOf(StorageFault);
});

test("a child may write no file, start no program and sees nothing of our environment", async () => {
  const [pid] = bench.reader.pids();
  await bench.read(small);
  const limitsText = await readFile(`/proc/${pid}/limits`, "utf8");
  expect(limitsText).toMatch(/Max file size +0 +0/);
  expect(limitsText).toMatch(/Max core file size +0/);
  expect(
    (await readFile(`/proc/${pid}/environ`, "utf8"))
      .split("\0")
      .filter((text) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(text)),
  ).toEqual([""]);
  expect(await readFile(`/proc/${pid}/cmdline`, "utf8")).toContain("--permission");
});

test("180 MB pass through us without being held", { timeout: 60_000 }, async () => {
  await bench.read(small);
  const before = process.memoryUsage().rss;
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  const { tar } = await bench.reader.read(large, limits);
  clearInterval(watch);
  expect(tar.bytes).toBeGreaterThan(180_000_000);
  expect(peak - before).toBeLessThan(60_000_000);
  const status = await readFile(`/proc/${bench.reader.pids()[0]}/status`, "utf8");
  expect(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(300_000);
});
