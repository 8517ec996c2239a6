// A ZIP in, a canonical tar and its manifest out: the work of the reader's child process, and nothing here
// may be called in the server (archive.ts does the calling).
import { createHash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { type ArchiveNote, corrupt, Refusal } from "./errors.ts";
import { byPath, TAR_END, tarHeader, tarLayout, tarPadding } from "./tar.ts";
import { bytesOfBuffer, bytesOfFile, type ZipBytes } from "./zip-bytes.ts";
import { checkEntry, checkUnpacked, kindOf, megabytes, type NamedEntry } from "./zip-checks.ts";
import {
  type Contents,
  contentsInMemory,
  contentsOfFile,
  IN_MEMORY_FILE_LIMIT_BYTES,
  IN_MEMORY_LIMIT_BYTES,
  verified,
} from "./zip-contents.ts";
import { readDirectory } from "./zip-directory.ts";
import { isLitter, layOut } from "./zip-layout.ts";
import { checkDuplicates, cleanPath, readNames } from "./zip-names.ts";
import { shown } from "./zip-shown.ts";

export type ManifestEntry = {
  path: string;
  size: number;
  sha256: string;
  /** Where the file's bytes begin in the canonical tar. */
  offset: number;
};
export type ReadLimits = {
  archiveBytes: number;
  unpackedBytes: number;
  entries: number;
  required: string[];
  wrapper: "strip" | "keep";
};
export type ZipReading = { manifest: ManifestEntry[]; notes: ArchiveNote[]; tarBytes: number };
/** Takes the tar's bytes in order; resolves when it can take more. */
export type Sink = (bytes: Buffer) => Promise<void>;

/** Litter is dropped, but it is counted and parsed, so it is bounded as well. */
const ALL_ENTRIES_LIMIT = 50_000;

export async function readZip(path: string, limits: ReadLimits, sink: Sink): Promise<ZipReading> {
  const descriptor = openSync(path, "r");
  try {
    const file = bytesOfFile(descriptor);
    if (file.size > limits.archiveBytes) {
      throw new Refusal("too_large", { limit: megabytes(limits.archiveBytes) });
    }
    const small = file.size <= IN_MEMORY_LIMIT_BYTES;
    const zip: ZipBytes = small ? bytesOfBuffer(file.read(0, file.size)) : file;
    const { entries, notes } = examine(zip, limits);
    const inMemory = small && entries.every(({ bytes }) => bytes <= IN_MEMORY_FILE_LIMIT_BYTES);
    const contents = inMemory ? contentsInMemory(zip.read(0, zip.size)) : await contentsOfFile(descriptor);
    return { ...(await writeTar(entries, contents, sink)), notes };
  } finally {
    closeSync(descriptor);
  }
}

/** Everything that can be said before a byte is unpacked. */
function examine(zip: ZipBytes, limits: ReadLimits): { entries: NamedEntry[]; notes: ArchiveNote[] } {
  const found = readDirectory(zip, Math.max(limits.entries, ALL_ENTRIES_LIMIT));
  const names = readNames(found);
  const named = found.map((entry, place): NamedEntry => {
    const name = names[place] ?? "";
    const path = cleanPath(name);
    checkEntry(entry, name);
    return { ...entry, path, kind: kindOf(entry, name) };
  });
  const wanted = named.filter(({ path }) => path !== "" && !isLitter(path));
  const files = wanted.filter(({ kind }) => kind === "file");
  if (files.length > limits.entries) {
    throw new Refusal("too_many_entries", { count: files.length, limit: limits.entries });
  }
  checkDuplicates(pathsOf(files), pathsOf(wanted.filter(({ kind }) => kind === "folder")));
  checkUnpacked(files, limits.unpackedBytes);
  const { kept, notes } = layOut(pathsOf(named.filter(({ kind }) => kind === "file")), limits);
  const entries = files.map((entry) => ({ ...entry, path: kept.get(entry.path) ?? entry.path })).sort(byPath);
  return { entries, notes };
}

const pathsOf = (entries: NamedEntry[]) => entries.map(({ path }) => path);

async function writeTar(entries: NamedEntry[], contents: Contents, sink: Sink) {
  const layout = tarLayout(entries.map(({ path, bytes }) => ({ path, size: bytes })));
  const manifest: ManifestEntry[] = [];
  for (const [place, entry] of entries.entries()) {
    await sink(tarHeader(entry.path, entry.bytes));
    const hash = createHash("sha256");
    for await (const chunk of verified(contents, entry)) {
      hash.update(chunk);
      await sink(chunk);
    }
    await sink(tarPadding(entry.bytes));
    const offset = layout.offsets[place];
    if (offset === undefined) throw corrupt(shown(entry.path), shown(entry.path));
    manifest.push({ path: entry.path, size: entry.bytes, sha256: hash.digest("hex"), offset });
  }
  await sink(TAR_END);
  return { manifest, tarBytes: layout.bytes };
}
