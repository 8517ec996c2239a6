// Checkpoints, looked at before they are taken in: where a suite names some, only arrays of plain numbers come in, and
// only if their headers add up. Nothing is loaded here; that is for the student's own sandbox.
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { SuiteConfig } from "../judge/suite.ts";
import type { ArchiveReader, CanonicalArchive } from "../storage/archive.ts";
import type { BlobStore, ByteRange } from "../storage/blobs.ts";
import { fail } from "./errors.ts";
import { asUserError } from "./refusal.ts";

const TENSORS_LIMIT = 20_000;
/** What frameworks write by pickling, or may load code from. */
const pickled = /\.(pt|pth|ckpt|pkl|pickle|joblib|bin|h5|keras|dill|mar)$/i;

/** Of the checks that every starter brings along (sandbox/harness/README.md): plain numbers, handed in with the rest. */
const OWN_CHECKS = "assay_check/expected.bin";

export interface CheckpointParts {
  archives: ArchiveReader;
  blobs: BlobStore;
}

/** @throws bad_checkpoint, pickled_checkpoint */
export async function checkCheckpoints(
  parts: CheckpointParts,
  { manifest, tar }: CanonicalArchive,
  { files, limits }: SuiteConfig,
): Promise<void> {
  const patterns = (files.checkpoints ?? []).map(matcher);
  if (patterns.length === 0) return;
  for (const { path, offset, size } of manifest) {
    if (patterns.some((pattern) => pattern.test(path))) {
      await checkOne(parts, tar.hash, path, { offset, length: size }, limits.unpacked);
    } else if (pickled.test(path) && path !== OWN_CHECKS) throw fail("pickled_checkpoint", { entry: path });
  }
}

/** `*` stands for anything within one folder. */
function matcher(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[^/]*")}$`);
}

async function checkOne(
  { archives, blobs }: CheckpointParts,
  hash: string,
  name: string,
  range: ByteRange,
  unpackedBytes: number,
): Promise<void> {
  const limits = { unpackedBytes, tensors: TENSORS_LIMIT };
  try {
    if (isOnDisk(blobs)) await archives.checkpoint({ path: blobs.pathOf(hash), name, range, limits });
    else await withCopy(blobs, hash, range, (path) => archives.checkpoint({ path, name, limits }));
  } catch (error) {
    throw asUserError(error);
  }
}

const isOnDisk = (blobs: BlobStore): blobs is BlobStore & { pathOf(hash: string): string } =>
  "pathOf" in blobs;

/** A store that is elsewhere: its part as a file, for as long as it is looked at. */
async function withCopy(
  blobs: BlobStore,
  hash: string,
  range: ByteRange,
  use: (path: string) => Promise<unknown>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "assay-checkpoint-"));
  try {
    const path = join(folder, "checkpoint");
    await pipeline(await blobs.open(hash, range), createWriteStream(path, { mode: 0o600 }));
    await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
