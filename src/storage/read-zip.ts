// A ZIP in, a canonical tar and its manifest out: the work of the reader's child process, and nothing here
// may be called in the server (archive.ts does the calling).
import { createHash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { type ArchiveNote, corrupt, Refusal } from "./errors.ts";
import { moduleOfNotebook, NOTEBOOK_LIMIT_BYTES } from "./notebook.ts";
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
    const { entries, notes, notebooks } = examine(zip, limits);
    const inMemory = small && entries.every(({ bytes }) => bytes <= IN_MEMORY_FILE_LIMIT_BYTES);
    const contents = inMemory ? contentsInMemory(zip.read(0, zip.size)) : await contentsOfFile(descriptor);
    const modules = await modulesOf(entries, notebooks, contents);
    return { ...(await writeTar(entries, modules, contents, sink)), notes };
  } finally {
    closeSync(descriptor);
  }
}

/** Everything that can be said before a byte is unpacked. */
function examine(zip: ZipBytes, limits: ReadLimits) {
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
  const { kept, notes, notebooks } = layOut(pathsOf(named.filter(({ kind }) => kind === "file")), limits);
  const entries = files.map((entry) => ({ ...entry, path: kept.get(entry.path) ?? entry.path })).sort(byPath);
  return { entries, notes, notebooks };
}

/** A file of the submission that no entry of the ZIP holds. */
type Made = { path: string; content: Buffer };

/** The modules that are made of notebooks; the notebooks themselves stay beside them. */
async function modulesOf(entries: NamedEntry[], notebooks: Map<string, string>, contents: Contents) {
  const made: Made[] = [];
  for (const entry of entries) {
    const module = notebooks.get(entry.path);
    if (module === undefined) continue;
    if (entry.bytes > NOTEBOOK_LIMIT_BYTES) throw tooLarge(entry);
    const parts: Buffer[] = [];
    for await (const chunk of verified(contents, entry)) parts.push(chunk);
    made.push({ path: module, content: moduleOfNotebook(Buffer.concat(parts), shown(entry.path)) });
  }
  return made;
}

function tooLarge({ path }: NamedEntry): Refusal {
  const limit = megabytes(NOTEBOOK_LIMIT_BYTES);
  return new Refusal("bad_notebook", {
    entry: shown(path),
    why: { en: `it is larger than ${limit}: clear its outputs`, zh: `大小超过 ${limit}，请清除输出` },
  });
}

const pathsOf = (entries: NamedEntry[]) => entries.map(({ path }) => path);

async function writeTar(entries: NamedEntry[], made: Made[], contents: Contents, sink: Sink) {
  const files = [
    ...entries.map((entry) => ({
      path: entry.path,
      size: entry.bytes,
      chunks: () => verified(contents, entry),
    })),
    ...made.map(({ path, content }) => ({ path, size: content.length, chunks: () => [content] })),
  ].sort(byPath);
  const layout = tarLayout(files);
  const manifest: ManifestEntry[] = [];
  for (const [place, { path, size, chunks }] of files.entries()) {
    await sink(tarHeader(path, size));
    const hash = createHash("sha256");
    for await (const chunk of chunks()) {
      hash.update(chunk);
      await sink(chunk);
    }
    await sink(tarPadding(size));
    const offset = layout.offsets[place];
    if (offset === undefined) throw corrupt(shown(path), shown(path));
    manifest.push({ path, size, sha256: hash.digest("hex"), offset });
  }
  await sink(TAR_END);
  return { manifest, tarBytes: layout.bytes };
}
