import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../../test/hostile-archives/bench.ts";
import { canonicalToZip, fileOf, zipFolder } from "./zip-write.ts";

let bench: Bench;
let dir: string;
const files: Record<string, string> = {
  "rnn.py": "def rnn_forward(): ...\n",
  "循环/网络.py": "y = 2\n".repeat(50_000),
  "empty.py": "",
};
beforeAll(async () => {
  bench = await openBench();
  dir = await mkdtemp(join(tmpdir(), "zip-write-"));
  await lay("a", Object.keys(files));
  await lay("b", Object.keys(files).reverse());
});
afterAll(async () => {
  await bench.close();
  await rm(dir, { recursive: true, force: true });
});

async function lay(name: string, paths: string[]): Promise<void> {
  for (const path of paths) {
    const place = join(dir, name, path);
    await mkdir(join(place, ".."), { recursive: true });
    await writeFile(place, files[path] ?? "");
    await utimes(place, Math.random() * 1e9, Math.random() * 1e9);
  }
}

test("a folder's ZIP depends on its files alone, and is read back whole", async () => {
  const zip = await buffer(zipFolder(join(dir, "a")));
  expect(zip.equals(await buffer(zipFolder(join(dir, "b"))))).toBe(true);
  const { manifest, tar } = await bench.read(zip);
  const read = manifest.map(async (entry) => [
    entry.path,
    await text(await fileOf(bench.blobs, tar.hash, entry)),
  ]);
  expect(Object.fromEntries(await Promise.all(read))).toEqual(files);
});

test("the ZIP of a canonical archive holds its files, for other tools too", async () => {
  const { manifest, tar } = await bench.read(await buffer(zipFolder(join(dir, "a"))));
  const zip = await buffer(canonicalToZip(bench.blobs, tar.hash, manifest));
  expect((await bench.read(zip)).tar).toEqual(tar);
  const path = join(dir, "download.zip");
  await writeFile(path, zip);
  const program = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))`;
  expect(JSON.parse(execFileSync("python3", ["-c", program, path], { encoding: "utf8" }))).toEqual(files);
});

test("70,000 files need a ZIP64 end, and get it", { timeout: 60_000 }, async () => {
  const blobs = { ...bench.blobs, open: async () => Readable.from([]) };
  const manifest = Array.from({ length: 70_000 }, (_, n) => ({
    path: `f/${n}`,
    size: 1,
    sha256: "",
    offset: 512,
  }));
  const path = join(dir, "many.zip");
  await writeFile(path, canonicalToZip(blobs, "0".repeat(64), manifest));
  const program = "import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).namelist()))";
  expect(execFileSync("python3", ["-c", program, path], { encoding: "utf8" }).trim()).toBe("70000");
});

test("a link in the folder is an error, not something else than was asked for", async () => {
  await mkdir(join(dir, "linked"));
  await symlink("/etc/hostname", join(dir, "linked", "rnn.py"));
  await expect(buffer(zipFolder(join(dir, "linked")))).rejects.toThrow("rnn.py is a link");
});

test("a download whose blob is gone fails instead of ending short", async () => {
  const manifest = [{ path: "a", size: 1, sha256: "", offset: 0 }];
  await expect(buffer(canonicalToZip(bench.blobs, "0".repeat(64), manifest))).rejects.toThrow("no blob");
});
