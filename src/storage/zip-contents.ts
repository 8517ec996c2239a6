// Unpacking, after zip-directory.ts has settled what there is to unpack: by adm-zip where the archive fits in
// memory, by yauzl's range reads where it does not. Neither is asked which entries exist or whether they are
// sound: places come from our own reading, and the bytes are held to size and CRC-32 here.
import { crc32 } from "node:zlib";
import AdmZip from "adm-zip";
import { fromFd, type ZipFile } from "yauzl";
import { corrupt, Refusal } from "./errors.ts";
import { lyingSize, type NamedEntry } from "./zip-checks.ts";
import { shown } from "./zip-shown.ts";

export type Contents = (entry: NamedEntry) => AsyncIterable<Buffer> | Iterable<Buffer>;

/** adm-zip holds the archive and a whole file in memory. */
export const IN_MEMORY_LIMIT_BYTES = 64 * 1024 * 1024;
export const IN_MEMORY_FILE_LIMIT_BYTES = 32 * 1024 * 1024;

/** latin1 keeps every name distinct; decoding GBK as UTF-8 would make different names one. */
const verbatim = {
  efs: false,
  encode: (name: string) => Buffer.from(name, "latin1"),
  decode: (name: Buffer) => name.toString("latin1"),
};

export function contentsInMemory(archive: Buffer): Contents {
  const byOffset = new Map<number, AdmZip.IZipEntry>();
  const options = { noSort: true, decoder: verbatim } as Partial<AdmZip.InitOptions>;
  for (const entry of new AdmZip(archive, options).getEntries()) byOffset.set(entry.header.offset, entry);
  return (entry) => {
    const found = byOffset.get(entry.headerOffset);
    // Cannot be while adm-zip reads the same directory; if it ever reads another, nothing is graded by it.
    if (found === undefined) throw corrupt("its list of files is ambiguous", "文件列表有歧义");
    return [found.getData()];
  };
}

export async function contentsOfFile(descriptor: number): Promise<Contents> {
  const zip = await opened(descriptor);
  return async function* (entry) {
    // yauzl reads nothing for an empty range.
    if (entry.packed === 0) return;
    yield* await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
      const [start, length] = [entry.dataOffset, entry.packed];
      zip.openReadStreamLowLevel(
        start,
        length,
        0,
        length,
        entry.method !== 0,
        entry.bytes,
        (error, stream) => (error ? reject(error) : resolve(stream)),
      );
    });
  };
}

function opened(descriptor: number): Promise<ZipFile> {
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
  return new Promise((resolve, reject) => {
    fromFd(descriptor, options, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

/** The bytes of one file, held to the size and sum that the archive declared. */
export async function* verified(contents: Contents, entry: NamedEntry): AsyncGenerator<Buffer> {
  let bytes = 0;
  let sum = 0;
  try {
    for await (const chunk of contents(entry)) {
      bytes += chunk.length;
      if (bytes > entry.bytes) throw lyingSize(entry.path);
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    throw refusalFor(error, entry);
  }
  if (bytes !== entry.bytes) throw lyingSize(entry.path);
  if (sum !== entry.crc) throw damaged(entry);
}

/** What a library says of hostile bytes: too many of them, or not decodable. */
function refusalFor(error: unknown, entry: NamedEntry): unknown {
  if (error instanceof Refusal || isOutOfMemory(error)) return error;
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  // The file system's own errors are no judgement on the archive.
  if (syscall !== undefined) return error;
  if (code === "ERR_BUFFER_TOO_LARGE" || /too many bytes|not enough bytes/.test(message))
    return lyingSize(entry.path);
  return damaged(entry);
}

/** Our own limit was met: the child ends, see archive-child.ts. */
export function isOutOfMemory(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    code === "Z_MEM_ERROR" || code === "ERR_MEMORY_ALLOCATION_FAILED" || /allocation failed/i.test(message)
  );
}

function damaged(entry: NamedEntry): Refusal {
  return corrupt(`${shown(entry.path)} cannot be unpacked`, `${shown(entry.path)} 无法解压`);
}
