// The files of a download. A ZIP is read like every ZIP: in a child process, under limits, every name checked. (A folder
// unpacked of one is the command line's to read: cli/download-folder.ts.)
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  type ArchiveLimits,
  type ArchiveReader,
  type CanonicalArchive,
  createArchiveReader,
} from "../../storage/archive.ts";
import { type DiskBlobStore, diskBlobs } from "../../storage/blobs.ts";
import { fileOf, type ZipFile, zipOfStreams } from "../../storage/zip-write.ts";
import type { HandedIn } from "./download.ts";

/** A course of a thousand with large files. */
const DOWNLOAD_LIMITS: ArchiveLimits = {
  unpackedBytes: 64 * 1024 ** 3,
  entries: 200_000,
  required: [],
  wrapper: "keep",
};
const DOWNLOAD_DEADLINE_MS = 30 * 60_000;
/** More than any suite takes: what is too much is the server's to say, of one submission. */
const INNER_LIMITS: ArchiveLimits = { unpackedBytes: 4 * 1024 ** 3, entries: 20_000, required: [] };

export interface Source {
  paths: string[];
  open(path: string): Promise<Readable>;
  /** A submission as a ZIP on disk, in the scratch folder: handed in as one, or made of its files. */
  zipOf(files: HandedIn["files"]): Promise<{ path: string; name: string }>;
  close(): Promise<void>;
}

/** Of the folders that are made for what is read: a killed server leaves them, and they can be told. */
export const SCRATCH_PREFIX = "assay-moving-";

export interface SourceOptions {
  /** In which a folder is made for what is read, and removed on closing. */
  scratchIn?: string;
  limits?: ArchiveLimits;
}

/** @throws Refusal for a ZIP that is refused */
export const openZip = (path: string, options: SourceOptions = {}): Promise<Source> =>
  openFiles(
    async ({ reader, blobs }) => filesIn(blobs, await reader.read(path, options.limits ?? DOWNLOAD_LIMITS)),
    options,
  );

/** Whatever the download's files lie in. */
export async function openFiles(
  read: (tools: Tools) => Promise<ZipFile[]>,
  { scratchIn = tmpdir() }: SourceOptions = {},
): Promise<Source> {
  const scratch = await mkdtemp(join(scratchIn, SCRATCH_PREFIX));
  const blobs = diskBlobs(scratch);
  const reader = createArchiveReader({ blobs, deadlineMs: DOWNLOAD_DEADLINE_MS });
  const tools = { scratch, blobs, reader };
  const close = async () => {
    await reader.close();
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    const byPath = new Map((await read(tools)).map((file) => [file.path, file]));
    return {
      paths: [...byPath.keys()],
      open: (path) => byPath.get(path)!.bytes(),
      zipOf: (wanted) => zipFor(tools, wanted, byPath),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const filesIn = (blobs: DiskBlobStore, { manifest, tar }: CanonicalArchive): ZipFile[] =>
  manifest.map((entry) => ({
    path: entry.path,
    size: entry.size,
    bytes: () => fileOf(blobs, tar.hash, entry),
  }));

export interface Tools {
  scratch: string;
  blobs: DiskBlobStore;
  reader: ArchiveReader;
}

const isZip = (path: string) => /\.zip$/i.test(path);

/** One ZIP is the submission, untouched. Beside other files its own stand with them, as its student meant it. */
async function zipFor(
  tools: Tools,
  wanted: HandedIn["files"],
  byPath: Map<string, ZipFile>,
): Promise<{ path: string; name: string }> {
  const [first] = wanted;
  const out = join(tools.scratch, "submission.zip");
  if (wanted.length === 1 && isZip(first!.path)) {
    await pipeline(await byPath.get(first!.from)!.bytes(), createWriteStream(out));
    return { path: out, name: first!.path };
  }
  const zips = wanted.filter(({ path }) => isZip(path));
  const unpacked = zips.length === 1 ? zips[0]! : null;
  const inner = unpacked === null ? [] : await innerFiles(tools, byPath.get(unpacked.from)!);
  const beside = wanted
    .filter((file) => file !== unpacked)
    .map(({ path, from }) => ({ ...byPath.get(from)!, path }));
  const taken = new Set(inner.map(({ path }) => path));
  const files = [...inner, ...beside.filter(({ path }) => !taken.has(path))];
  await pipeline(zipOfStreams(files), createWriteStream(out));
  return { path: out, name: unpacked?.path ?? "submission.zip" };
}

async function innerFiles({ scratch, blobs, reader }: Tools, zip: ZipFile): Promise<ZipFile[]> {
  const at = join(scratch, "inner.zip");
  await pipeline(await zip.bytes(), createWriteStream(at));
  return filesIn(blobs, await reader.read(at, INNER_LIMITS));
}
