// npy and npz by their headers (numpy.lib.format, versions 1 to 3): plain numbers only. An object array is a
// pickle, and loading it runs code; a structured one has no place on the wire. Both are refused.
import { inflateRawSync } from "node:zlib";
import { arrayBytes, bad, type CheckpointLimits, type Tensor } from "./tensors.ts";
import type { ZipBytes } from "./zip-bytes.ts";
import { checkEntry, checkUnpacked, kindOf, type NamedEntry } from "./zip-checks.ts";
import { readDirectory } from "./zip-directory.ts";
import { checkDuplicates, cleanPath, readNames } from "./zip-names.ts";
import { shown } from "./zip-shown.ts";

/** numpy itself refuses to read a header of more than 10,000 characters. */
const HEADER_LIMIT_BYTES = 10_000;
const HEAD_BYTES = HEADER_LIMIT_BYTES + 12;
/** Packed bytes that surely hold a header, and a bound on what they can unpack to (Deflate: 1,032 times). */
const PACKED_HEAD_BYTES = HEAD_BYTES;
const UNPACKED_HEAD_BYTES = PACKED_HEAD_BYTES * 1040;

export function readNpz(file: ZipBytes, limits: CheckpointLimits): Tensor[] {
  const found = readDirectory(file, limits.tensors);
  const names = readNames(found);
  const entries = found.map((entry, place): NamedEntry => {
    const name = names[place] ?? "";
    checkEntry(entry, name);
    return { ...entry, path: cleanPath(name), kind: kindOf(entry, name) };
  });
  checkDuplicates(
    entries.map(({ path }) => path),
    [],
  );
  checkUnpacked(entries, limits.unpackedBytes);
  return entries.map((entry) => {
    if (!entry.path.endsWith(".npy"))
      throw bad(`${shown(entry.path)} is no array`, `${shown(entry.path)} 不是数组`);
    return tensorOf(entry.path.slice(0, -4), headOf(file, entry), entry.bytes);
  });
}

export function readNpy(file: ZipBytes): Tensor {
  return tensorOf("array", file.read(0, Math.min(file.size, HEAD_BYTES)), file.size);
}

/** The first bytes of a member, unpacked as far as they go. */
function headOf(file: ZipBytes, entry: NamedEntry): Buffer {
  const packed = file.read(entry.dataOffset, Math.min(entry.packed, PACKED_HEAD_BYTES));
  if (entry.method === 0) return packed;
  try {
    // Z_SYNC_FLUSH: the input may end in the middle of the stream.
    return inflateRawSync(packed, { finishFlush: 2, maxOutputLength: UNPACKED_HEAD_BYTES }).subarray(
      0,
      HEAD_BYTES,
    );
  } catch {
    throw bad(`${shown(entry.path)} cannot be unpacked`, `${shown(entry.path)} 无法解压`);
  }
}

function tensorOf(name: string, head: Buffer, fileBytes: number): Tensor {
  const safe = shown(name);
  const { text, dataAt } = headerText(safe, head);
  const fields =
    /^\{'descr': ('[^']*'|\[.*\]), 'fortran_order': (?:True|False), 'shape': \(([\d, ]*)\), \}\s*$/.exec(
      text,
    );
  if (fields === null) throw bad(`the header of ${safe} is not numpy's`, `${safe} 的文件头不是 numpy 格式`);
  const descr = fields[1] ?? "";
  const kind = /^'[<>|=](b1|[iu][1248]|f[248]|c8|c16)'$/.exec(descr)?.[1];
  if (kind === undefined) {
    throw bad(
      `${safe} holds ${shown(descr)}, not plain numbers`,
      `${safe} 的类型是 ${shown(descr)}，不是纯数值`,
    );
  }
  const shape = (fields[2] ?? "")
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const bytes = arrayBytes(safe, shape, Number(kind.slice(1)));
  if (dataAt + bytes !== fileBytes) {
    throw bad(`the size of ${safe} is not that of its shape`, `${safe} 的大小与形状不符`);
  }
  return { name, dtype: kind, shape, bytes };
}

/** Magic, version, header length (2 bytes in version 1, 4 later), header. */
function headerText(safe: string, head: Buffer): { text: string; dataAt: number } {
  const version = head[6] ?? 0;
  const wide = version > 1;
  const textAt = wide ? 12 : 10;
  const known =
    head.length >= textAt &&
    head.subarray(0, 6).toString("latin1") === "\x93NUMPY" &&
    version >= 1 &&
    version <= 3;
  if (!known) throw bad(`${safe} is no numpy array`, `${safe} 不是 numpy 数组`);
  const length = wide ? head.readUInt32LE(8) : head.readUInt16LE(8);
  if (length > HEADER_LIMIT_BYTES || textAt + length > head.length) {
    throw bad(`the header of ${safe} is too large`, `${safe} 的文件头过大`);
  }
  return { text: head.subarray(textAt, textAt + length).toString("utf8"), dataAt: textAt + length };
}
