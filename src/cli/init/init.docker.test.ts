import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { whyNoSandbox } from "../../sandbox/testing/fixtures.ts";

const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);
const entry = fileURLToPath(new URL("../../../bin/assay.mjs", import.meta.url));
const assay = (folder: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [entry, ...args], { cwd: folder, timeout: 170_000 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-init-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("nothing of somebody's is overwritten, and an id that no suite may have is refused", async () => {
  await writeFile(join(folder, "taken"), "mine");
  await expect(assay(folder, "init", "taken")).rejects.toThrow(/there already/);
  await expect(assay(folder, "init", "HW 5")).rejects.toThrow(/small letters/);
});

test.skipIf(skipped !== null)(
  "the suite that it writes is proved as it stands",
  async () => {
    await assay(folder, "init", "hw5");
    const { stdout } = await assay(folder, "suite", "validate", "hw5", "--json");
    const proof = JSON.parse(stdout);
    expect(proof).toMatchObject({ ok: true, suite: "hw5", seeds: 3, max: 10, problems: [] });
    expect(proof.mutants).toHaveLength(3);
  },
  180_000,
);
