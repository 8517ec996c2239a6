// A large file in parts, by tus: after a broken connection, or a broken-off command, it goes on where it was.
import { createReadStream } from "node:fs";
import { type DetailedError, type PreviousUpload, Upload, type UploadOptions } from "tus-js-client";
import { inert } from "../../judge/inert.ts";
import { refusalOf, Unreachable } from "./api.ts";
import { begunUploads } from "./begun-uploads.ts";
import type { ClientSettings } from "./settings.ts";

export interface LargeFile {
  path: string;
  name: string;
  sha256: string;
}

const RETRY_DELAYS_MS = [500, 1000, 2000, 4000, 8000, 15_000];
/** A proxy on the way may hold back or refuse requests that are endless. */
const PART_BYTES = 64 * 1024 ** 2;

/**
 * Sends all of it and answers the path of the upload. The creation claims the bytes.
 * @param tell is called with the share that is here.
 * @throws what the server refuses; Unreachable when it stays away
 */
export async function uploadInParts(
  settings: ClientSettings,
  endpoint: string,
  file: LargeFile,
  tell: (share: number) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options: UploadOptions = {
      endpoint: `${settings.server}${endpoint}`,
      headers: { authorization: `Bearer ${settings.token}`, "accept-language": settings.lang },
      metadata: { filename: file.name, sha256: file.sha256 },
      fingerprint: async () => `${settings.server} ${endpoint.split("?")[0]} ${file.sha256}`,
      urlStorage: begunUploads(),
      removeFingerprintOnSuccess: true,
      chunkSize: PART_BYTES,
      retryDelays: RETRY_DELAYS_MS,
      onShouldRetry: (error) => mayPass(error),
      onProgress: (sent, all) => tell(sent / all),
      onError: (error) => reject(asOurs(settings, error)),
      onSuccess: () => resolve(new URL(upload.url!).pathname),
    };
    const upload = new Upload(createReadStream(file.path) as never, options);
    upload
      .findPreviousUploads()
      .then(([last]) => begin(upload, last))
      .catch(reject);
  });
}

function begin(upload: Upload, last: PreviousUpload | undefined): void {
  if (last) upload.resumeFromPreviousUpload(last);
  upload.start();
}

/** No answer, a server that is busy, or parts that met: the next try may do. What was refused in words may not. */
function mayPass(error: DetailedError | Error): boolean {
  const answer = "originalResponse" in error ? error.originalResponse : null;
  if (!answer) return true;
  const status = answer.getStatus();
  const met = status === 409 && /upload_protocol/.test(answer.getBody());
  return met || status >= 500 || status === 423 || status === 429 || status === 408;
}

function asOurs(settings: ClientSettings, error: DetailedError | Error): Error {
  const answer = "originalResponse" in error ? error.originalResponse : null;
  if (answer) return refusalOf(answer.getStatus(), parsed(answer.getBody()));
  return new Unreachable(`${settings.server} cannot be reached (${inert(error.message)})`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
