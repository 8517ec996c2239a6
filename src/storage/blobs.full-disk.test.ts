// A real full disk: a small tmpfs under the store.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { diskBlobs, StorageFault } from "./blobs.ts";

const dir = await mkdtemp(join(tmpdir(), "assay-full-"));
const mounted = mountSmall();
if (!mounted) console.warn("skipped: a full disk needs the right to mount a tmpfs (root)");
afterAll(async () => {
  if (mounted) execFileSync("umount", [dir]);
  await rm(dir, { recursive: true, force: true });
});

function mountSmall(): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", dir], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!mounted)("a full disk is said, leaves no half blob, and harms none that is there", async () => {
  const blobs = diskBlobs(dir);
  const kept = await blobs.put(randomBytes(300_000));
  await expect(blobs.put(randomBytes(2_000_000))).rejects.toThrow(StorageFault);
  expect(await readdir(join(dir, "tmp"))).toEqual([]);
  expect(await blobs.read(kept.hash)).toHaveLength(300_000);
  expect(await blobs.has((await blobs.put(randomBytes(300_000))).hash)).toBe(true);
});
