// A reader with its child and a store in a temporary folder, for the tests of archives.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../src/platform/errors.ts";
import {
  type ArchiveLimits,
  type ArchiveReader,
  type ArchiveReaderOptions,
  type CanonicalArchive,
  createArchiveReader,
} from "../../src/storage/archive.ts";
import { type DiskBlobStore, diskBlobs } from "../../src/storage/blobs.ts";
import { storageErrors } from "../../src/storage/errors.ts";
import { buildZip, type ZipSpec } from "./build.ts";

export type Bench = {
  blobs: DiskBlobStore;
  reader: ArchiveReader;
  read(archive: ZipSpec | Buffer, limits?: Partial<ArchiveLimits>): Promise<CanonicalArchive>;
  /** `accepted` or the code of the refusal; anything else is thrown. */
  outcome(archive: ZipSpec | Buffer, limits?: Partial<ArchiveLimits>): Promise<string>;
  /** Every file under the store, drafts too. */
  stored(): Promise<string[]>;
  close(): Promise<void>;
};

const usual: ArchiveLimits = {
  unpackedBytes: 3_000_000,
  entries: 1000,
  required: ["rnn.py"],
  archiveBytes: 4_000_000,
};

export async function openBench(options: Partial<ArchiveReaderOptions> = {}): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), "archives-"));
  const blobs = diskBlobs(join(dir, "store"));
  const reader = createArchiveReader({ blobs, ...options });
  let uploads = 0;

  async function read(archive: ZipSpec | Buffer, limits: Partial<ArchiveLimits> = {}) {
    const path = join(dir, `upload-${uploads++}.zip`);
    await writeFile(path, Buffer.isBuffer(archive) ? archive : buildZip(archive));
    try {
      return await reader.read(path, { ...usual, ...limits });
    } finally {
      await rm(path);
    }
  }

  async function outcome(archive: ZipSpec | Buffer, limits: Partial<ArchiveLimits> = {}) {
    try {
      await read(archive, limits);
      return "accepted";
    } catch (error) {
      if (error instanceof UserError && error.code in storageErrors) return error.code;
      throw error;
    }
  }

  const stored = () => readdir(dir, { recursive: true });
  async function close() {
    await reader.close();
    await rm(dir, { recursive: true, force: true });
  }
  return { blobs, reader, read, outcome, stored, close };
}
