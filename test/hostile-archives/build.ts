// ZIPs built byte by byte, so that every number in them can lie. Used by tests and by the soak script.
import { crc32, deflateRawSync } from "node:zlib";

export type Headers = {
  name?: Buffer;
  flags?: number;
  method?: number;
  crc?: number;
  packed?: number;
  bytes?: number;
  offset?: number;
  extra?: Buffer;
};
export type EntrySpec = {
  name: string | Buffer;
  data?: string | Buffer;
  /** Bytes put in as the packed data, instead of packing `data`. */
  raw?: Buffer;
  stored?: boolean;
  flags?: number;
  attributes?: number;
  extra?: Buffer;
  /** What stands behind the data, and that the local header leaves its numbers to it. */
  descriptor?: "signed" | "plain" | "signed64" | "plain64" | "announced";
  /** Sizes and offset in ZIP64 fields. */
  zip64?: boolean;
  /** What one of the two headers says instead. */
  local?: Headers;
  central?: Headers;
};
export type ZipSpec = {
  entries: EntrySpec[];
  comment?: Buffer;
  prefix?: Buffer;
  suffix?: Buffer;
  /** Bytes between the last file and the directory. */
  gap?: Buffer;
  zip64?: boolean;
  count?: number;
  directoryOffset?: number;
  disk?: number;
};

export const LINK = (0xa1ff << 16) >>> 0;
export const DEVICE = (0x21ff << 16) >>> 0;
export const FIFO = (0x11ff << 16) >>> 0;

export function buildZip(spec: ZipSpec): Buffer {
  const parts: Buffer[] = spec.prefix ? [spec.prefix] : [];
  const directory: Buffer[] = [];
  let at = spec.prefix?.length ?? 0;
  for (const entry of spec.entries) {
    const { local, central } = entryBytes(entry, at);
    parts.push(local);
    directory.push(central);
    at += local.length;
  }
  if (spec.gap) parts.push(spec.gap);
  at += spec.gap?.length ?? 0;
  const list = Buffer.concat(directory);
  const end = endBytes(spec, at, list.length);
  return Buffer.concat([...parts, list, end, spec.suffix ?? Buffer.alloc(0)]);
}

export const le16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
export const le32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
export const le64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
export const extraField = (id: number, data: Buffer) => Buffer.concat([le16(id), le16(data.length), data]);
/** Info-ZIP's Unicode path, whose sum fits the plain name. */
export const unicodePath = (plain: Buffer, name: string, sum = crc32(plain)) =>
  extraField(0x7075, Buffer.concat([Buffer.from([1]), le32(sum), Buffer.from(name)]));

type Facts = Required<Omit<Headers, "offset">> & { offset: number };

function entryBytes(entry: EntrySpec, offset: number): { local: Buffer; central: Buffer } {
  const data = Buffer.from(entry.data ?? "");
  const packedData = entry.raw ?? (entry.stored ? data : deflateRawSync(data));
  const announced = entry.descriptor !== undefined;
  const facts: Facts = {
    name: Buffer.from(entry.name),
    flags: (entry.flags ?? 0x800) | (announced ? 8 : 0),
    method: entry.stored ? 0 : 8,
    crc: crc32(data),
    packed: packedData.length,
    bytes: data.length,
    offset,
    extra: entry.extra ?? Buffer.alloc(0),
  };
  const later = announced ? { crc: 0, packed: 0, bytes: 0 } : {};
  const local = localHeader({ ...facts, ...later, ...entry.local }, entry.zip64 ?? false);
  const central = centralHeader({ ...facts, ...entry.central }, entry.zip64 ?? false, entry.attributes ?? 0);
  return { local: Buffer.concat([local, packedData, descriptorBytes(entry, facts)]), central };
}

function localHeader(facts: Facts, zip64: boolean): Buffer {
  const sizes = zip64
    ? extraField(1, Buffer.concat([le64(facts.bytes), le64(facts.packed)]))
    : Buffer.alloc(0);
  const extra = Buffer.concat([sizes, facts.extra]);
  return Buffer.concat([
    le32(0x04034b50),
    le16(zip64 ? 45 : 20),
    ...shared(facts, zip64),
    le16(facts.name.length),
    le16(extra.length),
    facts.name,
    extra,
  ]);
}

function centralHeader(facts: Facts, zip64: boolean, attributes: number): Buffer {
  const values = [facts.bytes, facts.packed, facts.offset].map(le64);
  const sizes = zip64 ? extraField(1, Buffer.concat(values)) : Buffer.alloc(0);
  const extra = Buffer.concat([sizes, facts.extra]);
  return Buffer.concat([
    le32(0x02014b50),
    le16(0x0314),
    le16(zip64 ? 45 : 20),
    ...shared(facts, zip64),
    le16(facts.name.length),
    le16(extra.length),
    le16(0),
    le16(0),
    le16(0),
    le32(attributes),
    le32(zip64 ? 0xffffffff : facts.offset),
    facts.name,
    extra,
  ]);
}

const shared = (facts: Facts, zip64: boolean) => [
  le16(facts.flags),
  le16(facts.method),
  le16(0),
  le16(0x21),
  le32(facts.crc),
  le32(zip64 ? 0xffffffff : facts.packed),
  le32(zip64 ? 0xffffffff : facts.bytes),
];

function descriptorBytes(entry: EntrySpec, facts: Facts): Buffer {
  if (entry.descriptor === undefined || entry.descriptor === "announced") return Buffer.alloc(0);
  const size = entry.descriptor.endsWith("64") ? le64 : le32;
  const signature = entry.descriptor.startsWith("signed") ? le32(0x08074b50) : Buffer.alloc(0);
  return Buffer.concat([signature, le32(facts.crc), size(facts.packed), size(facts.bytes)]);
}

function endBytes(spec: ZipSpec, at: number, length: number): Buffer {
  const count = spec.count ?? spec.entries.length;
  const offset = spec.directoryOffset ?? at;
  const comment = spec.comment ?? Buffer.alloc(0);
  const end64 = Buffer.concat([
    le32(0x06064b50),
    le64(44),
    le16(45),
    le16(45),
    le32(0),
    le32(0),
    le64(count),
    le64(count),
    le64(length),
    le64(offset),
    Buffer.concat([le32(0x07064b50), le32(0), le64(at + length), le32(1)]),
  ]);
  const end = Buffer.concat([
    le32(0x06054b50),
    le16(spec.disk ?? 0),
    le16(spec.disk ?? 0),
    le16(spec.zip64 ? 0xffff : count),
    le16(spec.zip64 ? 0xffff : count),
    le32(spec.zip64 ? 0xffffffff : length),
    le32(spec.zip64 ? 0xffffffff : offset),
    le16(comment.length),
    comment,
  ]);
  return spec.zip64 ? Buffer.concat([end64, end]) : end;
}
