// The canonical archive: a POSIX pax tar whose every byte follows from paths and contents alone. Its hash
// identifies a submission and seeds its tests, so these bytes must never change; that is why no library
// writes them (docs/decisions). Files only; owner, time and mode are constants.

const BLOCK = 512;
const USTAR_SIZE_LIMIT = 8 * 1024 ** 3;
const NAME_LENGTH = 100;

/** The two empty blocks that end a tar. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

/** What precedes a file's bytes: its header and, for a long or non-ASCII path or 8 GiB, a pax header. */
export function tarHeader(path: string, size: number): Buffer {
  const records = paxRecords(path, size);
  if (records.length === 0) return ustarHeader(path, size, "0");
  const pax = Buffer.concat(records);
  const plainName = path.replace(/[^\x21-\x7e]/g, "_").slice(-NAME_LENGTH);
  return Buffer.concat([
    ustarHeader("PaxHeader", pax.length, "x"),
    pax,
    tarPadding(pax.length),
    ustarHeader(plainName, Math.min(size, USTAR_SIZE_LIMIT - 1), "0"),
  ]);
}

export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

export type TarFile = { path: string; size: number };
/** Where each file's bytes begin, and the length of the whole, before any byte is written. */
export function tarLayout(files: TarFile[]): { offsets: number[]; bytes: number } {
  let at = 0;
  const offsets = files.map(({ path, size }) => {
    const offset = at + tarHeader(path, size).length;
    at = offset + size + tarPadding(size).length;
    return offset;
  });
  return { offsets, bytes: at + TAR_END.length };
}

/** The order of files in a canonical archive: by the bytes of their UTF-8 paths, whatever the locale. */
export function byPath(a: { path: string }, b: { path: string }): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}

function paxRecords(path: string, size: number): Buffer[] {
  const records: Buffer[] = [];
  const plain = /^[\x20-\x7e]*$/.test(path) && path.length <= NAME_LENGTH;
  if (!plain) records.push(paxRecord("path", path));
  if (size >= USTAR_SIZE_LIMIT) records.push(paxRecord("size", String(size)));
  return records;
}

/** `LENGTH key=value\n`, where LENGTH counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length += 1;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function ustarHeader(name: string, size: number, type: "0" | "x"): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, NAME_LENGTH, "latin1");
  header.write("0000644\0", 100, "latin1");
  header.write("0000000\0", 108, "latin1");
  header.write("0000000\0", 116, "latin1");
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  header.write("00000000000\0", 136, "latin1");
  header.write("        ", 148, "latin1");
  header.write(type, 156, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  header.write("0000000\0", 329, "latin1");
  header.write("0000000\0", 337, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}
