// The child process that reads ZIPs. It is started by archive-process.ts with plain Node (types are stripped
// by Node itself), without rights to write files or start programs, and serves one archive after another:
// a JSON line in, frames out.
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import { type ArchiveRequest, FRAME, frameHeader } from "./archive-frames.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { Refusal } from "./errors.ts";
import { readZip } from "./read-zip.ts";
import { bytesOfFile, windowOf } from "./zip-bytes.ts";
import { isOutOfMemory } from "./zip-contents.ts";
import { shown } from "./zip-shown.ts";

const FLUSH_AT_BYTES = 128 * 1024;

async function send(kind: number, ...parts: Buffer[]): Promise<void> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length === 0) return;
  process.stdout.cork();
  process.stdout.write(frameHeader(kind, length));
  let room = true;
  for (const part of parts) room = process.stdout.write(part);
  process.stdout.uncork();
  if (!room) await once(process.stdout, "drain");
}

const say = (message: object) => send(FRAME.message, Buffer.from(JSON.stringify(message)));

/** Joins the small pieces of a tar and cuts the large ones, so that the parent holds little at a time. */
function tarFrames() {
  let parts: Buffer[] = [];
  let waiting = 0;
  const flush = async () => {
    const ready = parts;
    parts = [];
    waiting = 0;
    await send(FRAME.tar, ...ready);
  };
  const sink = async (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; at += FLUSH_AT_BYTES) {
      const piece = bytes.subarray(at, at + FLUSH_AT_BYTES);
      parts.push(piece);
      waiting += piece.length;
      if (waiting >= FLUSH_AT_BYTES) await flush();
    }
  };
  return { sink, flush };
}

async function serve(line: string): Promise<void> {
  const request = JSON.parse(line) as ArchiveRequest;
  // From here on a death of this process counts against the archive.
  await say({ started: true });
  try {
    await say({ done: "read" in request ? await readArchive(request) : checkpointIn(request) });
  } catch (error) {
    if (error instanceof Refusal) await say({ refused: { code: error.code, params: error.params } });
    else if (isOutOfMemory(error)) process.exit(1);
    else await say({ fault: String((error as Error)?.stack ?? error) });
  }
}

async function readArchive({ read: { path, limits } }: Extract<ArchiveRequest, { read: unknown }>) {
  const tar = tarFrames();
  const reading = await readZip(path, limits, tar.sink);
  await tar.flush();
  return reading;
}

function checkpointIn({ checkpoint }: Extract<ArchiveRequest, { checkpoint: unknown }>) {
  const descriptor = openSync(checkpoint.path, "r");
  try {
    const file = bytesOfFile(descriptor);
    const { offset, length } = checkpoint.range ?? { offset: 0, length: file.size };
    return readCheckpoint(windowOf(file, offset, length), shown(checkpoint.name), checkpoint.limits);
  } finally {
    closeSync(descriptor);
  }
}

await say({ ready: true });
// One archive at a time: the parent sends the next line after the last answer.
for await (const line of createInterface({ input: process.stdin })) await serve(line);
