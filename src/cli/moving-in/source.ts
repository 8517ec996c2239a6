// The files of a download, which is a ZIP or what somebody unpacked of one. A ZIP is read like every ZIP: in a child
// process, under limits, every name checked; a folder's links are refused.
import { createReadStream, createWriteStream } from "node:fs";
import { lstat, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ConfigError } from "../../platform/config.ts";
import {
  type ArchiveLimits,
  type ArchiveReader,
  type CanonicalArchive,
  createArchiveReader,
} from "../../storage/archive.ts";
import { type DiskBlobStore, diskBlobs } from "../../storage/blobs.ts";
import { isLitter } from "../../storage/zip-layout.ts";
import { fileOf, type ZipFile, zipOfStreams } from "../../storage/zip-write.ts";
import { filesOf } from "../client/zip-folder.ts";
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

/** @throws UserError for a ZIP that is refused, ConfigError for what is not there */
export async function openSource(place: string): Promise<Source> {
  const found = await stat(place).catch(() => null);
  if (!found) throw new ConfigError(`${place} is not there`);
  const scratch = await mkdtemp(join(tmpdir(), "assay-moving-"));
  const blobs = diskBlobs(scratch);
  const reader = createArchiveReader({ blobs, deadlineMs: DOWNLOAD_DEADLINE_MS });
  const close = async () => {
    await reader.close();
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    const files = found.isDirectory() ? await folderFiles(place) : await zipFiles(reader, blobs, place);
    const byPath = new Map(files.map((file) => [file.path, file]));
    return {
      paths: [...byPath.keys()],
      open: (path) => byPath.get(path)!.bytes(),
      zipOf: (wanted) => zipFor({ scratch, blobs, reader }, wanted, byPath),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function folderFiles(folder: string): Promise<ZipFile[]> {
  const paths = (await filesOf(folder)).filter((path) => !isLitter(path));
  return Promise.all(
    paths.map(async (path) => {
      const at = join(folder, path);
      return { path, size: (await lstat(at)).size, bytes: async () => createReadStream(at) };
    }),
  );
}

async function zipFiles(reader: ArchiveReader, blobs: DiskBlobStore, place: string): Promise<ZipFile[]> {
  return filesIn(blobs, await reader.read(place, DOWNLOAD_LIMITS));
}

const filesIn = (blobs: DiskBlobStore, { manifest, tar }: CanonicalArchive): ZipFile[] =>
  manifest.map((entry) => ({
    path: entry.path,
    size: entry.size,
    bytes: () => fileOf(blobs, tar.hash, entry),
  }));

interface Tools {
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
