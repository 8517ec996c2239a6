// What of a well-formed archive is not accepted: encryption, links, exotic compression, bombs.
import { Refusal } from "./errors.ts";
import { FLAG, type ZipEntry } from "./zip-directory.ts";
import { shown } from "./zip-shown.ts";

export type NamedEntry = ZipEntry & { path: string; kind: "file" | "folder" };

const STORED = 0;
const DEFLATE = 8;
const methodNames: Record<number, string> = {
  1: "Shrink",
  6: "Implode",
  9: "Deflate64",
  12: "BZip2",
  14: "LZMA",
  93: "Zstandard",
  95: "XZ",
  98: "PPMd",
};

/** A few kilobytes of zeros pack a thousandfold and are honest; tens of megabytes of them are not. */
const RATIO_FROM_BYTES = 32 * 1024 * 1024;
const RATIO_LIMIT = 250;

/** Types in the Unix mode that are no file and no folder: fifo, device, socket, link. */
const otherTypes = new Set([0x1000, 0x2000, 0x6000, 0xa000, 0xc000]);

export function checkEntry(entry: ZipEntry, name: string): void {
  const shownName = shown(name);
  if ((entry.flags & (FLAG.encrypted | FLAG.strong | FLAG.masked)) !== 0) {
    throw new Refusal("encrypted", { entry: shownName });
  }
  if (otherTypes.has(unixType(entry))) throw new Refusal("link_entry", { entry: shownName });
  if ((entry.method !== STORED && entry.method !== DEFLATE) || (entry.flags & FLAG.patch) !== 0) {
    const method = methodNames[entry.method] ?? `method ${entry.method}`;
    throw new Refusal("unsupported_compression", { entry: shownName, method });
  }
  const lies =
    (entry.method === STORED && entry.packed !== entry.bytes) || (entry.bytes > 0 && entry.packed === 0);
  if (lies) throw lyingSize(name);
}

/** A folder says so by its name; some tools say it only by the attributes. */
export function kindOf(entry: ZipEntry, name: string): "file" | "folder" {
  const marked = unixType(entry) === 0x4000 || (entry.externalAttributes & 0x10) !== 0;
  const folder = name.endsWith("/") || (marked && entry.bytes === 0);
  if (folder && entry.bytes !== 0) throw lyingSize(name);
  return folder ? "folder" : "file";
}

/** Sums what the kept files claim to unpack to; the reader holds each of them to its claim. */
export function checkUnpacked(entries: NamedEntry[], limitBytes: number): void {
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = entries.reduce<NamedEntry | null>(
    (top, entry) => (top && top.bytes >= entry.bytes ? top : entry),
    null,
  );
  if (total > limitBytes && largest !== null) throw tooMuch(largest.path, limitBytes);
  const dense = entries.find(({ bytes, packed }) => bytes > RATIO_FROM_BYTES && bytes > packed * RATIO_LIMIT);
  if (dense !== undefined) {
    throw new Refusal("archive_bomb", {
      entry: shown(dense.path),
      why: {
        en: `unpacks to more than ${RATIO_LIMIT} times its size`,
        zh: `解压后超过原大小的 ${RATIO_LIMIT} 倍`,
      },
    });
  }
}

export function lyingSize(name: string): Refusal {
  return new Refusal("archive_bomb", {
    entry: shown(name),
    why: { en: "does not unpack to the size that it claims", zh: "解压后的大小与声明不符" },
  });
}

function tooMuch(path: string, limitBytes: number): Refusal {
  const limit = megabytes(limitBytes);
  return new Refusal("archive_bomb", {
    entry: shown(path),
    why: { en: `and the other files unpack to more than ${limit}`, zh: `与其他文件解压后共超过 ${limit}` },
  });
}

/** `20 MB`; for less than one, kilobytes. */
export function megabytes(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${Math.round(bytes / 100_000) / 10} MB`;
}

const unixType = (entry: ZipEntry) => (entry.externalAttributes >>> 16) & 0xf000;
