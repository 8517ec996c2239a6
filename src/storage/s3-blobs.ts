// Blobs in an S3-compatible store, with a folder of this machine before it: what is written is in the store before it is
// answered, what is read lies in the folder afterwards, under the same names. So the rooms above see one kind of store.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { BlobMissing, type DiskBlobStore, StorageFault } from "./blobs.ts";

/** `S3_…` of platform/config.ts. */
export interface S3Settings {
  bucket: string;
  region: string;
  /** Undefined: Amazon's own. */
  endpoint: string | undefined;
  /** Before each hash, as `assay/`. */
  prefix: string;
  /** Undefined: as Amazon's programs find theirs (environment, profile, the machine's role). */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
}

export interface S3BlobStore extends DiskBlobStore {
  /** Hashes of what was last written before `before`. */
  oldBlobs(before: Date): AsyncGenerator<string>;
  /** Removes a blob unless it was written again since. */
  removeIfOld(hash: string, before: Date): Promise<boolean>;
  close(): void;
}

const TRIES = 4;
const CONNECT_LIMIT_MS = 5_000;
/** Without a byte either way. */
const SILENCE_LIMIT_MS = 60_000;

export function s3Blobs(near: DiskBlobStore, settings: S3Settings): S3BlobStore {
  const { bucket, prefix, credentials, endpoint, region } = settings;
  const client = new S3Client({
    ...{ region, maxAttempts: TRIES, forcePathStyle: endpoint !== undefined },
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
    requestHandler: { connectionTimeout: CONNECT_LIMIT_MS, socketTimeout: SILENCE_LIMIT_MS },
    // Others' stores do not know Amazon's trailing checksums; the hash is checked by us, and is the name.
    ...{ requestChecksumCalculation: "WHEN_REQUIRED", responseChecksumValidation: "WHEN_REQUIRED" },
  });
  const at = (hash: string) => ({ Bucket: bucket, Key: prefix + hash });

  async function asked<T>(hash: string, what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (isMissing(error)) throw new BlobMissing(hash);
      throw error instanceof StorageFault
        ? error
        : new StorageFault(`the object store could not ${what} ${hash}: ${String(error)}`, { cause: error });
    }
  }
  const head = (hash: string) => client.send(new HeadObjectCommand(at(hash)));

  /** Brings a blob near, whole and checked. */
  async function fetchBlob(hash: string): Promise<void> {
    const { Body } = await asked(hash, "give", () => client.send(new GetObjectCommand(at(hash))));
    const stored = await asked(hash, "give", () => near.put(Body as Readable));
    if (stored.hash === hash) return;
    await near.remove(stored.hash);
    throw new StorageFault(`blob ${hash} is damaged in the object store`);
  }
  async function bringNear(hash: string): Promise<void> {
    if (!(await near.has(hash))) await fetchBlob(hash);
  }

  return {
    pathOf: near.pathOf,
    async put(source, options) {
      const stored = await near.put(source, options);
      const path = near.pathOf(stored.hash);
      try {
        // Always, also where it is there: a blob that is written again is young again.
        await asked(stored.hash, "take", async () => {
          const { size } = await stat(path);
          await client.send(
            new PutObjectCommand({ ...at(stored.hash), Body: createReadStream(path), ContentLength: size }),
          );
        });
      } catch (error) {
        // Nobody may take it for stored because it lies here.
        await near.remove(stored.hash);
        throw error;
      }
      return stored;
    },
    async open(hash, range) {
      await bringNear(hash);
      return near.open(hash, range);
    },
    async read(hash) {
      await bringNear(hash);
      return near.read(hash).catch(async () => {
        // Damaged here: the store's is the one that counts.
        await fetchBlob(hash);
        return near.read(hash);
      });
    },
    async has(hash) {
      return asked(hash, "say of", () => head(hash)).then(
        () => true,
        (error) => {
          if (error instanceof BlobMissing) return false;
          throw error;
        },
      );
    },
    async remove(hash) {
      await near.remove(hash);
      await asked(hash, "remove", () => client.send(new DeleteObjectCommand(at(hash)))).catch((error) => {
        if (!(error instanceof BlobMissing)) throw error;
      });
    },
    async *oldBlobs(before) {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key = "", LastModified } of page.Contents ?? []) {
          const hash = Key.slice(prefix.length);
          if (/^[0-9a-f]{64}$/.test(hash) && LastModified !== undefined && LastModified < before) yield hash;
        }
      }
    },
    async removeIfOld(hash, before) {
      const found = await head(hash).catch(() => null);
      if (!found?.LastModified || found.LastModified >= before) return false;
      await client.send(new DeleteObjectCommand(at(hash)));
      await near.remove(hash);
      return true;
    },
    close: () => client.destroy(),
  };
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof S3ServiceException)) return false;
  return error.name === "NoSuchKey" || error.name === "NotFound" || error.$metadata.httpStatusCode === 404;
}
