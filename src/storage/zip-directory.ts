// One reading of a ZIP's structure, before a byte is unpacked: central directory against local headers, and
// all parts laid end to end without overlap or gap, so that no second reading of the same bytes exists
// (docs/decisions: one reading of a ZIP). No library's own check is relied on.
import { corrupt, Refusal } from "./errors.ts";
import { uint64, type ZipBytes } from "./zip-bytes.ts";
import { type DirectoryPlace, findDirectory } from "./zip-end.ts";
import { shownBytes } from "./zip-shown.ts";

export type ZipEntry = {
  nameBytes: Buffer;
  flags: number;
  method: number;
  crc: number;
  /** Bytes in the archive and, as declared, unpacked. */
  packed: number;
  bytes: number;
  headerOffset: number;
  /** Where the packed bytes begin: behind the local header. */
  dataOffset: number;
  externalAttributes: number;
  extra: Map<number, Buffer>;
  localExtra: Map<number, Buffer>;
};

const CENTRAL = { signature: 0x02014b50, length: 46 };
const LOCAL = { signature: 0x04034b50, length: 30 };
const DESCRIPTOR_SIGNATURE = 0x08074b50;
const ZIP64_EXTRA = 0x0001;
export const FLAG = { encrypted: 1, descriptor: 8, patch: 0x20, strong: 0x40, utf8: 0x800, masked: 0x2000 };
/** Flags that change the reading; the two headers must agree in them. */
const MEANINGFUL = FLAG.encrypted | FLAG.patch | FLAG.strong | FLAG.utf8 | FLAG.masked;
const DIRECTORY_LIMIT_BYTES = 64 * 1024 * 1024;

/** All entries in the order of their bytes; `maxEntries` bounds time and memory. */
export function readDirectory(zip: ZipBytes, maxEntries: number): ZipEntry[] {
  const place = findDirectory(zip);
  if (place.entries > maxEntries || place.length > DIRECTORY_LIMIT_BYTES) {
    throw new Refusal("too_many_entries", { count: place.entries, limit: maxEntries });
  }
  const entries = readCentralHeaders(zip, place).sort((a, b) => a.headerOffset - b.headerOffset);
  checkTiling(zip, entries, place.offset);
  return entries;
}

function readCentralHeaders(zip: ZipBytes, place: DirectoryPlace): ZipEntry[] {
  const directory = zip.read(place.offset, place.length);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at < directory.length) {
    const header = slice(directory, at, CENTRAL.length);
    if (header.readUInt32LE(0) !== CENTRAL.signature) throw badList();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => header.readUInt16LE(field));
    const nameAt = at + CENTRAL.length;
    const nameBytes = slice(directory, nameAt, nameLength!);
    const extra = readExtra(slice(directory, nameAt + nameLength!, extraLength!));
    slice(directory, nameAt + nameLength! + extraLength!, commentLength!);
    entries.push(centralEntry(header, nameBytes, extra));
    at = nameAt + nameLength! + extraLength! + commentLength!;
    if (entries.length > place.entries) throw badList();
  }
  if (entries.length !== place.entries) throw badList();
  return entries;
}

function centralEntry(header: Buffer, nameBytes: Buffer, extra: Map<number, Buffer>): ZipEntry {
  const [bytes, packed, headerOffset] = with64(
    [header.readUInt32LE(24), header.readUInt32LE(20), header.readUInt32LE(42)],
    extra,
  );
  const disk = header.readUInt16LE(34);
  if (disk !== 0 && disk !== 0xffff)
    throw corrupt("it is one part of a split archive", "这是分卷压缩包的一部分");
  return {
    nameBytes,
    flags: header.readUInt16LE(8),
    method: header.readUInt16LE(10),
    crc: header.readUInt32LE(16),
    packed: packed!,
    bytes: bytes!,
    headerOffset: headerOffset!,
    dataOffset: -1,
    externalAttributes: header.readUInt32LE(38),
    extra,
    localExtra: new Map(),
  };
}

/** A ZIP64 field holds, in this order, only those values whose 32-bit place is all ones. */
function with64(values: number[], extra: Map<number, Buffer>): number[] {
  const field = extra.get(ZIP64_EXTRA);
  let at = 0;
  return values.map((value) => {
    if (value !== 0xffffffff || field === undefined) return value;
    if (at + 8 > field.length) throw corrupt("a ZIP64 field is too short", "ZIP64 字段过短");
    at += 8;
    return uint64(field, at - 8);
  });
}

function readExtra(bytes: Buffer): Map<number, Buffer> {
  const fields = new Map<number, Buffer>();
  // Up to three bytes of padding at the end are seen in honest archives.
  for (let at = 0; at + 4 <= bytes.length; ) {
    const id = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    const data = slice(bytes, at + 4, length);
    if (fields.has(id) && id !== 0) throw corrupt("a field is there twice", "存在重复字段");
    fields.set(id, data);
    at += 4 + length;
  }
  return fields;
}

/** Every byte before the directory belongs to exactly one entry. */
function checkTiling(zip: ZipBytes, entries: ZipEntry[], directoryOffset: number): void {
  let cursor = 0;
  for (const [place, entry] of entries.entries()) {
    const next = entries[place + 1]?.headerOffset ?? directoryOffset;
    if (entry.headerOffset < cursor || entry.headerOffset >= directoryOffset) throw overlap(entry);
    if (entry.headerOffset > cursor) throw stray();
    readLocalHeader(zip, entry);
    const dataEnd = entry.dataOffset + entry.packed;
    if (dataEnd > zip.size) throw corrupt("it is cut off before its end", "文件不完整，末尾缺失");
    if (dataEnd > next) throw overlap(entry);
    checkDescriptor(zip, entry, dataEnd, next);
    cursor = next;
  }
  if (cursor !== directoryOffset) throw stray();
}

function readLocalHeader(zip: ZipBytes, entry: ZipEntry): void {
  const header = zip.read(entry.headerOffset, LOCAL.length);
  const nameLength = header.readUInt16LE(26);
  const extraLength = header.readUInt16LE(28);
  if (header.readUInt32LE(0) !== LOCAL.signature || nameLength !== entry.nameBytes.length) {
    throw disagrees(entry);
  }
  const rest = zip.read(entry.headerOffset + LOCAL.length, nameLength + extraLength);
  entry.localExtra = readExtra(rest.subarray(nameLength));
  entry.dataOffset = entry.headerOffset + LOCAL.length + rest.length;
  const [bytes, packed] = with64([header.readUInt32LE(22), header.readUInt32LE(18)], entry.localExtra);
  const local = {
    flags: header.readUInt16LE(6),
    method: header.readUInt16LE(8),
    crc: header.readUInt32LE(14),
  };
  const streamed = (local.flags & FLAG.descriptor) !== 0;
  const agrees =
    rest.subarray(0, nameLength).equals(entry.nameBytes) &&
    (local.flags & MEANINGFUL) === (entry.flags & MEANINGFUL) &&
    local.method === entry.method &&
    sameOrLater(local.crc, entry.crc, streamed) &&
    sameOrLater(bytes!, entry.bytes, streamed) &&
    sameOrLater(packed!, entry.packed, streamed);
  if (!agrees) throw disagrees(entry);
}

/** A streamed entry may leave its sizes and sum to the descriptor behind the data. */
function sameOrLater(local: number, central: number, streamed: boolean): boolean {
  return local === central || (streamed && (local === 0 || local === 0xffffffff));
}

/**
 * Between the data and the next header stands nothing, or the data descriptor of this entry: with or without
 * its signature, with sizes of 4 or 8 bytes (APPNOTE 4.3.9). Some writers announce one and write none.
 */
function checkDescriptor(zip: ZipBytes, entry: ZipEntry, from: number, to: number): void {
  if (from === to) return;
  if (![12, 16, 20, 24].includes(to - from)) throw stray();
  const bytes = zip.read(from, to - from);
  const signed = bytes.length === 16 || bytes.length === 24;
  if (signed && bytes.readUInt32LE(0) !== DESCRIPTOR_SIGNATURE) throw stray();
  const values = bytes.subarray(signed ? 4 : 0);
  const size =
    values.length === 12
      ? (at: number) => values.readUInt32LE(4 + 4 * at)
      : (at: number) => uint64(values, 4 + 8 * at);
  const agrees = values.readUInt32LE(0) === entry.crc && size(0) === entry.packed && size(1) === entry.bytes;
  if (!agrees) throw disagrees(entry);
}

function slice(bytes: Buffer, at: number, length: number): Buffer {
  if (at + length > bytes.length) throw badList();
  return bytes.subarray(at, at + length);
}

const badList = () => corrupt("its list of files cannot be read", "文件列表无法读取");
const stray = () => corrupt("it holds bytes that belong to no file", "存在不属于任何文件的内容");

function disagrees(entry: ZipEntry): Refusal {
  const name = shownBytes(entry.nameBytes);
  return corrupt(`what it says about ${name} in two places differs`, `关于 ${name} 的两处记录不一致`);
}

function overlap(entry: ZipEntry): Refusal {
  return new Refusal("archive_bomb", {
    entry: shownBytes(entry.nameBytes),
    why: { en: "shares its bytes with another file", zh: "与其他文件共用数据" },
  });
}
