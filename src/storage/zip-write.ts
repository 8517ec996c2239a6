// Writing ZIPs: a folder for the command line and the demo, a canonical archive for downloads. Streamed, and
// the same bytes for the same files (sorted, no times) under one version of zlib.
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { crc32, createDeflateRaw, deflateRawSync } from "node:zlib";
import type { BlobStore } from "./blobs.ts";
import type { ManifestEntry } from "./read-zip.ts";
import { byPath } from "./tar.ts";

export type ZipFile = { path: string; size: number; bytes(): Promise<Readable> };

/** Files from wherever they are, as a ZIP. */
export function zipOfStreams(files: ZipFile[]): Readable {
  return Readable.from(zipBytes([...files].sort(byPath)), { objectMode: false });
}

/** A file of a canonical archive, by one range read. */
export function fileOf(
  blobs: BlobStore,
  tarHash: string,
  entry: Pick<ManifestEntry, "offset" | "size">,
): Promise<Readable> {
  return blobs.open(tarHash, { offset: entry.offset, length: entry.size });
}

/** The submission as a ZIP again: the files of the manifest, nothing of the original upload. */
export function canonicalToZip(blobs: BlobStore, tarHash: string, manifest: ManifestEntry[]): Readable {
  const files = manifest.map((entry) => ({
    path: entry.path,
    size: entry.size,
    bytes: () => fileOf(blobs, tarHash, entry),
  }));
  return Readable.from(zipBytes(files), { objectMode: false });
}

/** Files in memory as a ZIP. */
export function zipOf(files: { path: string; bytes: Buffer }[]): Promise<Buffer> {
  const sorted = [...files].sort(byPath);
  const listed = sorted.map(({ path, bytes }) => ({
    path,
    size: bytes.length,
    bytes: async () => Readable.from([bytes]),
  }));
  return buffer(Readable.from(zipBytes(listed), { objectMode: false }));
}

/** A folder's files as a ZIP, paths relative to it. A link or a device in it is an error, not skipped. */
export function zipFolder(dir: string): Readable {
  return Readable.from(zipFolderBytes(dir), { objectMode: false });
}

async function* zipFolderBytes(dir: string): AsyncGenerator<Buffer> {
  yield* zipBytes((await filesUnder(dir, "")).sort(byPath));
}

async function filesUnder(dir: string, base: string): Promise<ZipFile[]> {
  const files: ZipFile[] = [];
  for (const entry of await readdir(join(dir, base), { withFileTypes: true })) {
    const path = base === "" ? entry.name : `${base}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await filesUnder(dir, path)));
    else if (entry.isFile()) files.push(await diskFile(join(dir, path), path));
    else throw new Error(`${path} is a link or a device; put the file itself there`);
  }
  return files;
}

async function diskFile(place: string, path: string): Promise<ZipFile> {
  const { size } = await lstat(place);
  return { path, size, bytes: async () => (await open(place)).createReadStream() };
}

/** UTF-8 names, and sums and sizes in a descriptor behind the data. */
const FLAGS = 0x0808;
const DEFLATE = 8;
/** 1980-01-01, the earliest a ZIP can say. */
const DATE = 0x21;
const MODE_FILE = (0o100644 << 16) >>> 0;
const ALL_ONES = 0xffffffff;
/** Deflate can grow a file by a little; from here on sizes get 64 bits. */
const ZIP64_FROM_BYTES = 0xf0000000;

const AT_ONCE_BYTES = 64 * 1024;
const NOTHING_PACKED = deflateRawSync(Buffer.alloc(0));

type Written = { path: Buffer; crc: number; packed: number; size: number; offset: number; wide: boolean };

async function* zipBytes(files: ZipFile[]): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let at = 0;
  for (const file of files) {
    const path = Buffer.from(file.path);
    const entry = { path, crc: 0, packed: 0, size: 0, offset: at, wide: file.size >= ZIP64_FROM_BYTES };
    const header = localHeader(entry);
    yield header;
    const source = await file.bytes();
    yield* file.size <= AT_ONCE_BYTES ? packedAtOnce(source, entry) : packed(source, entry);
    const descriptor = descriptorOf(entry);
    yield descriptor;
    at += header.length + entry.packed + descriptor.length;
    written.push(entry);
  }
  const directory = Buffer.concat(written.map(centralHeader));
  yield directory;
  yield endOf(written.length, at, directory.length);
}

/** A stream of its own for each of many small files would cost more than packing them. */
async function* packedAtOnce(source: Readable, entry: Written): AsyncGenerator<Buffer> {
  const bytes = await buffer(source);
  const data = bytes.length === 0 ? NOTHING_PACKED : deflateRawSync(bytes);
  entry.crc = crc32(bytes);
  entry.size = bytes.length;
  entry.packed = data.length;
  yield data;
}

/** The packed bytes; sum and sizes are noted in `entry` as they pass. */
async function* packed(source: Readable, entry: Written): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw();
  source.on("data", (chunk: Buffer) => {
    entry.crc = crc32(chunk, entry.crc);
    entry.size += chunk.length;
  });
  source.on("error", (error) => deflate.destroy(error));
  source.pipe(deflate);
  try {
    for await (const chunk of deflate) {
      entry.packed += chunk.length;
      yield chunk;
    }
  } finally {
    source.destroy();
  }
}

const u16 = (...values: number[]) => Buffer.from(Uint16Array.from(values).buffer);
const u32 = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
const u64 = (...values: number[]) => Buffer.from(BigUint64Array.from(values.map(BigInt)).buffer);

function localHeader({ path, wide }: Written): Buffer {
  const extra = wide ? Buffer.concat([u16(1, 16), u64(0, 0)]) : Buffer.alloc(0);
  const sizes = wide ? [ALL_ONES, ALL_ONES] : [0, 0];
  const version = wide ? 45 : 20;
  const fixed = [u32(0x04034b50), u16(version, FLAGS, DEFLATE, 0, DATE), u32(0, ...sizes)];
  return Buffer.concat([...fixed, u16(path.length, extra.length), path, extra]);
}

function descriptorOf({ crc, packed, size, wide }: Written): Buffer {
  return Buffer.concat([u32(0x08074b50, crc), wide ? u64(packed, size) : u32(packed, size)]);
}

function centralHeader({ path, crc, packed, size, offset, wide }: Written): Buffer {
  const far = offset >= ALL_ONES;
  const values = [...(wide ? [size, packed] : []), ...(far ? [offset] : [])];
  const extra =
    values.length > 0 ? Buffer.concat([u16(1, 8 * values.length), u64(...values)]) : Buffer.alloc(0);
  const madeBy = (3 << 8) | 45;
  return Buffer.concat([
    u32(0x02014b50),
    u16(madeBy, extra.length > 0 ? 45 : 20, FLAGS, DEFLATE, 0, DATE),
    u32(crc, wide ? ALL_ONES : packed, wide ? ALL_ONES : size),
    u16(path.length, extra.length, 0, 0, 0),
    u32(MODE_FILE, far ? ALL_ONES : offset),
    path,
    extra,
  ]);
}

function endOf(count: number, offset: number, length: number): Buffer {
  const wide = count >= 0xffff || offset >= ALL_ONES || length >= ALL_ONES;
  const end64 = [
    u32(0x06064b50),
    u64(44),
    u16(45, 45),
    u32(0, 0),
    u64(count, count, length, offset),
    u32(0x07064b50, 0),
    u64(offset + length),
    u32(1),
  ];
  const [short, long] = wide ? [0xffff, ALL_ONES] : [0, 0];
  const end = [
    u32(0x06054b50),
    u16(0, 0, short || count, short || count),
    u32(long || length, long || offset),
    u16(0),
  ];
  return Buffer.concat([...(wide ? end64 : []), ...end]);
}
