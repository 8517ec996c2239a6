// An upload, streamed to a file of its own and hashed on the way: never whole in memory, never longer than its
// limit, never slower than a living connection. Nothing of it stays unless somebody keeps it.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import type { Context } from "hono";
import { fail } from "./errors.ts";
import type { AppEnv } from "./services.ts";

export interface SpooledUpload {
  path: string;
  hash: string;
  bytes: number;
  /** The sender's name for it: one line, no folder, safe to show. */
  name: string;
}

/** No byte for so long: the connection is dead, or pretends to live. */
const IDLE_MS = 30_000;
/** Slower than this on the whole (after the first idle time) is a way of holding sockets open. */
const SLOWEST_BYTES_A_SECOND = 2_000;
const FORM_OVERHEAD_BYTES = 64 * 1024;
const UPLOADS_A_PERSON = 4;

const underWay = new Map<string, number>();

/**
 * Receives the request's upload and hands it to `use`; its file is removed afterwards, whatever happens.
 * @throws too_large, not_an_upload, upload_stalled, too_many_uploads
 */
export async function withUpload<T>(
  c: Context<AppEnv>,
  personId: string,
  limitBytes: number,
  use: (upload: SpooledUpload) => Promise<T>,
): Promise<T> {
  const announced = Number(c.req.header("content-length") ?? 0);
  if (announced > limitBytes + FORM_OVERHEAD_BYTES) throw tooLarge(limitBytes);
  const busy = underWay.get(personId) ?? 0;
  if (busy >= UPLOADS_A_PERSON) throw fail("too_many_uploads", { limit: UPLOADS_A_PERSON });
  underWay.set(personId, busy + 1);
  const { uploads } = c.var.services;
  const path = join(uploads, randomUUID());
  try {
    await mkdir(uploads, { recursive: true, mode: 0o700 });
    return await use(await receive(c, path, limitBytes));
  } finally {
    const left = (underWay.get(personId) ?? 1) - 1;
    if (left > 0) underWay.set(personId, left);
    else underWay.delete(personId);
    await rm(path, { force: true });
  }
}

async function receive(c: Context<AppEnv>, path: string, limitBytes: number): Promise<SpooledUpload> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const body = c.req.raw.body;
  if (!body) throw fail("not_an_upload");
  const source = Readable.fromWeb(body as never);
  if (type === "multipart/form-data")
    return receiveForm(source, c.req.header("content-type")!, path, limitBytes);
  if (!["application/zip", "application/x-zip-compressed", "application/octet-stream"].includes(type)) {
    source.destroy();
    throw fail("not_an_upload");
  }
  return { path, ...(await write(source, path, limitBytes)), name: shownName(c.req.query("name")) };
}

/** The first file of the form, whatever its field is called; the fields around it are skipped. */
async function receiveForm(
  source: Readable,
  contentType: string,
  path: string,
  limitBytes: number,
): Promise<SpooledUpload> {
  const form = openForm(contentType);
  let file: Readable | null = null;
  let taken: Promise<SpooledUpload> | null = null;
  form.on("file", (_field, stream, filename) => {
    file = stream;
    taken = write(stream, path, limitBytes).then((stored) => ({
      path,
      ...stored,
      name: shownName(filename),
    }));
    // It is awaited below; what is wrong with the file also ends the request's body.
    taken.catch(() => source.destroy());
  });
  const broken = await pipeline(source, form).then(
    () => null,
    (error: Error) => error,
  );
  // A form that breaks off leaves its file open for ever.
  if (broken) (file as Readable | null)?.destroy(broken);
  if (!taken) throw broken ? fail("malformed", { why: broken.message }) : fail("not_an_upload");
  const upload = await (taken as Promise<SpooledUpload>);
  if (broken) throw fail("upload_stalled");
  return upload;
}

function openForm(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      limits: { files: 1, fields: 20, fieldSize: 10_000, parts: 25, headerPairs: 50 },
    });
  } catch (error) {
    throw fail("malformed", { why: (error as Error).message });
  }
}

/** One piece at a time: what waited between the parts of a pipeline was what a large upload held in memory. */
async function write(source: Readable, path: string, limitBytes: number) {
  const hash = createHash("sha256");
  const watch = watchPace(source);
  let bytes = 0;
  const store = async (chunks: AsyncIterable<Buffer>) => {
    const file = await open(path, "wx", 0o600);
    try {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        watch.heard(bytes);
        if (bytes > limitBytes) throw tooLarge(limitBytes);
        hash.update(chunk);
        await file.writeFile(chunk);
      }
    } finally {
      await file.close();
    }
  };
  try {
    await pipeline(source, store);
  } catch (error) {
    throw watch.stalled() || isAborted(error) ? fail("upload_stalled") : error;
  } finally {
    watch.stop();
  }
  return { hash: hash.digest("hex"), bytes };
}

/** Destroys a source that is silent, or too slow on the whole. */
function watchPace(source: Readable) {
  const began = performance.now();
  let last = began;
  let total = 0;
  let stalled = false;
  const timer = setInterval(() => {
    const now = performance.now();
    const slow = now - began > IDLE_MS && (total * 1000) / (now - began) < SLOWEST_BYTES_A_SECOND;
    if (now - last < IDLE_MS && !slow) return;
    stalled = true;
    source.destroy(new Error("upload stalled"));
  }, 1000);
  timer.unref();
  return {
    heard(bytes: number) {
      last = performance.now();
      total = bytes;
    },
    stalled: () => stalled,
    stop: () => clearInterval(timer),
  };
}

/** The sender went away in the middle. */
function isAborted(error: unknown): boolean {
  const { code, name } = error as NodeJS.ErrnoException;
  const told = /multipart data|unexpected end/i.test((error as Error).message);
  return told || name === "AbortError" || code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE";
}

function tooLarge(limitBytes: number) {
  return fail("too_large", { limit: sizeInWords(limitBytes) });
}

export function sizeInWords(bytes: number): string {
  if (bytes >= 1_000_000_000) return `${Math.round(bytes / 100_000_000) / 10} GB`;
  return bytes >= 1_000_000 ? `${Math.round(bytes / 100_000) / 10} MB` : `${Math.round(bytes / 100) / 10} KB`;
}

export function shownName(name: string | undefined): string {
  const plain = basename((name ?? "").replaceAll("\\", "/"))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, "")
    .slice(0, 200)
    .trim();
  return plain === "" ? "submission.zip" : plain.toWellFormed();
}
