// Bytes kept by their SHA-256: uploads as they came, canonical archives, artifacts. Nothing here knows what
// the bytes mean. A blob never changes; whoever has its hash can check what he reads.
import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { InfrastructureFault } from "../platform/errors.ts";

export type StoredBlob = { hash: string; bytes: number };
/** `length` bytes from `offset`; both must lie inside the blob. */
export type ByteRange = { offset: number; length: number };
export type BlobSource = Uint8Array | AsyncIterable<Uint8Array>;
export type PutOptions = { /** More bytes than this end the write with `BlobTooLarge`. */ maxBytes?: number };

export interface BlobStore {
  /** Stores the bytes durably and answers their SHA-256; the same bytes twice are one blob. */
  put(source: BlobSource, options?: PutOptions): Promise<StoredBlob>;
  /** A stream of the blob or of one range of it; rejects with `BlobMissing` before any byte is read. */
  open(hash: string, range?: ByteRange): Promise<Readable>;
  /** The whole blob, its hash checked: for small ones only. */
  read(hash: string): Promise<Buffer>;
  has(hash: string): Promise<boolean>;
  /** Forgets the blob; one that is not there is no error. The caller knows that no row names it. */
  remove(hash: string): Promise<void>;
}

/** A store on this machine: its blobs are also plain files, which the archive reader needs. */
export interface DiskBlobStore extends BlobStore {
  pathOf(hash: string): string;
}

/** The sender's fault: more bytes than allowed. Nothing of it was kept. */
export class BlobTooLarge extends Error {
  readonly limitBytes: number;
  constructor(limitBytes: number) {
    super(`more than ${limitBytes} bytes were sent`);
    this.name = "BlobTooLarge";
    this.limitBytes = limitBytes;
  }
}

export class BlobMissing extends Error {
  readonly hash: string;
  constructor(hash: string) {
    super(`no blob ${hash} in the store`);
    this.name = "BlobMissing";
    this.hash = hash;
  }
}

/** The store cannot do its work (disk full, quota, damaged bytes): a fault of ours, never the sender's. */
export class StorageFault extends InfrastructureFault {
  override name = "StorageFault";
}

const DISK_FULL = new Set(["ENOSPC", "EDQUOT"]);

/**
 * A content-addressed store under `dir`, which several processes may share. A blob is written to a
 * temporary file, fsynced, renamed to its hash, and the directory fsynced: a reader never sees half a blob,
 * and an answered `put` survives a power cut.
 */
export function diskBlobs(dir: string): DiskBlobStore {
  const temporary = join(dir, "tmp");
  const folderOf = (hash: string) => join(dir, checkedHash(hash).slice(0, 2));
  const pathOf = (hash: string) => join(folderOf(hash), hash);

  async function put(source: BlobSource, options: PutOptions = {}): Promise<StoredBlob> {
    await mkdir(temporary, { recursive: true });
    const draft = join(temporary, randomUUID());
    try {
      const stored = await writeDraft(draft, source, options.maxBytes ?? Number.POSITIVE_INFINITY);
      await keepDraft(draft, stored.hash);
      return stored;
    } catch (error) {
      await rm(draft, { force: true });
      throw diskFull(error)
        ? new StorageFault(`no space left for blobs under ${dir}`, { cause: error })
        : error;
    }
  }

  async function keepDraft(draft: string, hash: string): Promise<void> {
    const folder = folderOf(hash);
    const created = await mkdir(folder, { recursive: true });
    // Renaming over an equal blob is harmless, and mends one that the disk has damaged.
    await rename(draft, pathOf(hash));
    await syncDirectory(folder);
    if (created !== undefined) await syncDirectory(dir);
  }

  async function openBlob(hash: string, range?: ByteRange): Promise<Readable> {
    const file = await openFile(pathOf(hash), hash);
    try {
      if (range === undefined) return file.createReadStream();
      await checkRange(file, hash, range);
      if (range.length > 0) {
        return file.createReadStream({ start: range.offset, end: range.offset + range.length - 1 });
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return Readable.from([]);
  }

  async function read(hash: string): Promise<Buffer> {
    const bytes = await readFile(pathOf(hash)).catch((error) => {
      throw missing(error) ? new BlobMissing(hash) : error;
    });
    if (createHash("sha256").update(bytes).digest("hex") !== hash) {
      throw new StorageFault(`blob ${hash} is damaged on disk`);
    }
    return bytes;
  }

  return {
    pathOf,
    put,
    open: openBlob,
    read,
    has: (hash) =>
      stat(pathOf(hash)).then(
        () => true,
        (error) => {
          if (missing(error)) return false;
          throw error;
        },
      ),
    remove: (hash) => rm(pathOf(hash), { force: true }),
  };
}

/** Removes drafts that a killed process left; younger ones may belong to an upload in progress. */
export async function removeStaleDrafts(dir: string, before: Date): Promise<number> {
  const temporary = join(dir, "tmp");
  const names = await readdir(temporary).catch(() => []);
  let removed = 0;
  for (const name of names) {
    const path = join(temporary, name);
    const found = await stat(path).catch(() => null);
    if (found === null || found.mtime >= before) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

/** Hashes of the blobs last written before `before`. */
export async function* oldBlobs(dir: string, before: Date): AsyncGenerator<string> {
  for (const folder of await readdir(dir).catch(() => [])) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const hash of await readdir(join(dir, folder))) {
      if (!/^[0-9a-f]{64}$/.test(hash)) continue;
      const found = await stat(join(dir, folder, hash)).catch(() => null);
      if (found !== null && found.mtime < before) yield hash;
    }
  }
}

/**
 * Removes a blob unless it was written again since `before`. It is moved aside first and looked at there: the same
 * bytes put meanwhile take the free place, and a blob that turns out young goes back.
 */
export async function removeIfOld(dir: string, hash: string, before: Date): Promise<boolean> {
  const path = join(dir, checkedHash(hash).slice(0, 2), hash);
  const aside = join(dir, "tmp", randomUUID());
  await mkdir(join(dir, "tmp"), { recursive: true });
  const moved = await rename(path, aside).then(
    () => true,
    (error) => {
      if (missing(error)) return false;
      throw error;
    },
  );
  if (!moved) return false;
  const old = (await stat(aside)).mtime < before;
  if (old) await rm(aside, { force: true });
  else await rename(aside, path);
  return old;
}

async function writeDraft(path: string, source: BlobSource, maxBytes: number): Promise<StoredBlob> {
  const file = await open(path, "wx", 0o600);
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new BlobTooLarge(maxBytes);
      hash.update(chunk);
      await writeAll(file, chunk);
    }
    await file.sync();
    return { hash: hash.digest("hex"), bytes };
  } finally {
    await file.close();
  }
}

/** One `write` may store less than it was given (a signal, a nearly full disk). */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let done = 0;
  while (done < chunk.byteLength) {
    const { bytesWritten } = await file.write(chunk, done, chunk.byteLength - done);
    done += bytesWritten;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function openFile(path: string, hash: string): Promise<FileHandle> {
  return open(path, "r").catch((error) => {
    throw missing(error) ? new BlobMissing(hash) : error;
  });
}

async function checkRange(file: FileHandle, hash: string, { offset, length }: ByteRange): Promise<void> {
  const { size } = await file.stat();
  const inside = offset >= 0 && length >= 0 && offset + length <= size;
  if (!inside) throw new RangeError(`blob ${hash} has ${size} bytes, not ${offset} + ${length}`);
}

/** A hash comes from a row, but it becomes a path: anything else than a hash stops here. */
function checkedHash(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new TypeError("not a SHA-256 in hex");
  return hash;
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | null)?.code ?? "";
const missing = (error: unknown) => codeOf(error) === "ENOENT";
const diskFull = (error: unknown) => DISK_FULL.has(codeOf(error));
