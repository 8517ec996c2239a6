// The only reader of ZIPs: an upload becomes a canonical archive and its manifest, or a refusal that names
// what is wrong. The reading happens in a child process under a memory limit and a deadline; this process
// only passes bytes on to the blob store.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type ArchiveAnswer, type ArchiveRequest, type CheckpointRequest, FRAME } from "./archive-frames.ts";
import { closedFault, createPool } from "./archive-pool.ts";
import type { ArchiveProcess } from "./archive-process.ts";
import { type BlobStore, StorageFault, type StoredBlob } from "./blobs.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type ArchiveNote, Refusal } from "./errors.ts";
import type { ManifestEntry, ReadLimits, ZipReading } from "./read-zip.ts";
import { userError } from "./refusals.ts";

export type { ManifestEntry } from "./read-zip.ts";

export type ArchiveLimits = {
  /** Bytes of all kept files together, unpacked. */
  unpackedBytes: number;
  /** Kept files; litter is not counted. */
  entries?: number;
  /** Paths that must be there once the folder around them is taken off. */
  required: string[];
  /** Bytes of the ZIP itself. */
  archiveBytes?: number;
  /** `keep` takes no folder off (Gradescope mode). */
  wrapper?: "strip" | "keep";
};

export type CanonicalArchive = {
  /** Sorted by the bytes of the paths. */
  manifest: ManifestEntry[];
  tar: StoredBlob;
  notes: ArchiveNote[];
};

export type ArchiveReaderOptions = {
  blobs: BlobStore;
  /** Children kept waiting, and so how many archives are read at once. */
  children?: number;
  deadlineMs?: number;
  /** What a child may take beyond an idle Node. */
  memoryBytes?: number;
  /** After so many archives a child is replaced. */
  archivesPerChild?: number;
};

export interface ArchiveReader {
  /** Rejects with a `UserError` of errors.ts when the archive is at fault, with `StorageFault` when we are. */
  read(path: string, limits: ArchiveLimits): Promise<CanonicalArchive>;
  /** Looks at a checkpoint by its header; the refusal is `bad_checkpoint`. */
  checkpoint(request: CheckpointRequest): Promise<Checkpoint>;
  /** The children's process ids, for tests and the doctor. */
  pids(): number[];
  close(): Promise<void>;
}

export const ENTRIES_LIMIT = 20_000;
const DEFAULTS = { children: 1, deadlineMs: 60_000, memoryBytes: 256 * 1024 * 1024, archivesPerChild: 200 };

/** What is large may take longer by as much: at 60 s, a disk that reads, hashes and writes 10 MB a second will do. */
const BYTES_FOR_A_DEADLINE_MORE = 600_000_000;
const LARGE_FROM_BYTES = 64 * 1024 * 1024;

/** Of a file that is not there the child says what is wrong. */
const bytesAt = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Starts the children at once, so that no submission waits for a process to start. */
export function createArchiveReader(options: ArchiveReaderOptions): ArchiveReader {
  const { blobs, children, deadlineMs, memoryBytes, archivesPerChild } = { ...DEFAULTS, ...options };
  const pool = createPool(children, memoryBytes, archivesPerChild);

  /** Lends a child for one question; its answer may be preceded by the bytes of a tar. */
  async function withChild<T>(
    request: ArchiveRequest,
    patienceMs: number,
    use: (asking: Asking) => Promise<T>,
  ): Promise<T> {
    const child = await pool.take();
    const asking = ask(child, request, patienceMs);
    try {
      return await use(asking);
    } catch (error) {
      // Closing kills the children; that is no archive's fault.
      throw pool.closed() ? closedFault() : error;
    } finally {
      pool.giveBack(child, asking.sound());
    }
  }

  return {
    // The child stands in another folder: a path from here would lead it elsewhere.
    read: async (path, limits) => {
      const large = Math.max(0, (await bytesAt(path)) - LARGE_FROM_BYTES);
      const patience = Math.round(deadlineMs * (1 + large / BYTES_FOR_A_DEADLINE_MORE));
      return again(() =>
        withChild({ read: { path: resolve(path), limits: complete(limits) } }, patience, async (asking) => {
          const tar = await blobs.put(asking.bytes());
          return finish(asking.done() as ZipReading, tar);
        }),
      );
    },
    checkpoint: (request) =>
      again(() =>
        withChild({ checkpoint: request }, deadlineMs, async (asking) => {
          for await (const _ of asking.bytes()) throw new StorageFault("a checkpoint's check sent a tar");
          return asking.done() as Checkpoint;
        }),
      ),
    pids: pool.pids,
    close: pool.close,
  };
}

/** A waiting child may have died of something else, unseen: then a fresh one is asked, once. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
  }
  return await work();
}

/** The child died before it looked at the archive. */
class NotStarted extends StorageFault {}

/** One archive with a child of its own: for a command that reads one and ends. */
export async function readArchive(
  path: string,
  limits: ArchiveLimits,
  options: ArchiveReaderOptions,
): Promise<CanonicalArchive> {
  const reader = createArchiveReader({ ...options, children: 1 });
  try {
    return await reader.read(path, limits);
  } finally {
    await reader.close();
  }
}

function complete(limits: ArchiveLimits): ReadLimits {
  return {
    unpackedBytes: limits.unpackedBytes,
    entries: limits.entries ?? ENTRIES_LIMIT,
    required: limits.required,
    archiveBytes: limits.archiveBytes ?? Number.MAX_SAFE_INTEGER,
    wrapper: limits.wrapper ?? "strip",
  };
}

type Asking = ReturnType<typeof ask>;

/** One question to one child; the child is sound again only when its last frame has been read. */
function ask(child: ArchiveProcess, request: ArchiveRequest, deadlineMs: number) {
  const state = { done: undefined as unknown, started: false, sound: false, late: false };

  async function* bytes(): AsyncGenerator<Buffer> {
    const alarm = setTimeout(() => {
      state.late = true;
      child.kill();
    }, deadlineMs);
    child.served += 1;
    child.ask(request);
    try {
      while (!state.sound) {
        const frame = await child.next();
        if (frame === null) throw endOf(child, state, deadlineMs);
        if (frame.kind === FRAME.tar) yield frame.payload;
        else take(JSON.parse(frame.payload.toString("utf8")) as ArchiveAnswer);
      }
    } finally {
      clearTimeout(alarm);
    }
  }

  function take(answer: ArchiveAnswer): void {
    if ("fault" in answer) throw new StorageFault(`the archive reader failed: ${answer.fault}`);
    if ("started" in answer) state.started = true;
    state.sound = "refused" in answer || "done" in answer;
    if ("refused" in answer) throw userError(new Refusal(answer.refused.code, answer.refused.params));
    if ("done" in answer) state.done = answer.done;
  }

  return { bytes, sound: () => state.sound, done: () => state.done };
}

/** Why no frame came: our deadline, the archive, or a child that was gone before. */
function endOf(child: ArchiveProcess, state: { started: boolean; late: boolean }, deadlineMs: number): Error {
  if (!state.started) return new NotStarted(`the archive reader does not start: ${child.complaint()}`);
  return userError(state.late ? tooSlow(deadlineMs) : died());
}

/** Both sides counted the tar; a difference would make every range read wrong. */
function finish(reading: ZipReading, tar: StoredBlob): CanonicalArchive {
  if (reading.tarBytes !== tar.bytes) {
    throw new StorageFault(`a tar of ${tar.bytes} bytes came, ${reading.tarBytes} were announced`);
  }
  return { manifest: reading.manifest, notes: reading.notes, tar };
}

function tooSlow(deadlineMs: number): Refusal {
  const seconds = Math.ceil(deadlineMs / 1000);
  return new Refusal("archive_unreadable", {
    why: { en: `reading it took more than ${seconds} s`, zh: `读取超过 ${seconds} 秒` },
  });
}

function died(): Refusal {
  return new Refusal("archive_unreadable", {
    why: { en: "reading it took too much memory or ended early", zh: "读取时占用内存过多或意外中断" },
  });
}
