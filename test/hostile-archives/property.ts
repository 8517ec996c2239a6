// What holds for every archive, however broken: it is accepted or refused by name, what is accepted is what
// the manifest says, the child lives on, and nothing is written but blobs.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { normalize } from "node:path/posix";
import fc from "fast-check";
import { UserError } from "../../src/platform/errors.ts";
import { storageErrors } from "../../src/storage/errors.ts";
import type { Bench } from "./bench.ts";
import { mutatedZips } from "./mutate.ts";

/** Counts of outcomes by code. A violation rejects, with the seed and the smallest archive found. */
export async function tryMutatedZips(
  bench: Bench,
  runs: number,
  seed?: number,
): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  const [child] = bench.reader.pids();
  const property = fc.asyncProperty(mutatedZips, async (zip) => {
    const outcome = await tryZip(bench, zip);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (bench.reader.pids()[0] !== child) throw new Error("the child did not survive");
  });
  await fc.assert(property, { numRuns: runs, endOnFailure: false, ...(seed === undefined ? {} : { seed }) });
  return outcomes;
}

async function tryZip(bench: Bench, zip: Buffer): Promise<string> {
  try {
    const { manifest, tar } = await bench.read(zip);
    const bytes = await readFile(bench.blobs.pathOf(tar.hash));
    if (bytes.length !== tar.bytes) throw new Error("the tar has another length");
    for (const { path, size, sha256, offset } of manifest) {
      const file = bytes.subarray(offset, offset + size);
      if (createHash("sha256").update(file).digest("hex") !== sha256)
        throw new Error(`${path} is not at its offset`);
      if (normalize(path) !== path || path.startsWith("/") || path.startsWith(".."))
        throw new Error(`${path} leaves`);
    }
    await bench.blobs.remove(tar.hash);
    return "accepted";
  } catch (error) {
    if (!(error instanceof UserError) || !(error.code in storageErrors)) throw error;
    if (error.code === "archive_unreadable") throw error;
    for (const lang of ["en", "zh"] as const) {
      if (/\p{Cc}|undefined/u.test(error.sentence(lang))) throw new Error(`${error.code} shows raw bytes`);
    }
    return error.code;
  }
}
