// A large ZIP in parts, by tus: hashed and claimed first, and after a broken connection it goes on where it was, in this
// page or in the next one. Loaded only when it is needed.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type DetailedError, Upload } from "tus-js-client";

const RETRY_DELAYS_MS = [0, 1000, 2000, 4000, 8000, 15_000, 30_000, 30_000, 30_000];
const PART_BYTES = 32 * 1024 * 1024;

export interface PartsTold {
  hashed(share: number): void;
  sent(share: number): void;
  broken(): void;
}

export interface PartsAnswer {
  status: number;
  text: string;
}

/** Sends it and hands it in; answers what the server says last. @throws where the server stays away */
export async function sendInParts(
  endpoint: string,
  file: File,
  acceptLate: string,
  tell: PartsTold,
): Promise<PartsAnswer> {
  const hash = await hashOf(file, tell);
  const ended = await sendAll(endpoint, file, acceptLate, hash, tell);
  if ("status" in ended) return ended;
  const answer = await fetch(`${ended.place}/submission?acceptLate=${acceptLate}`, { method: "POST" });
  const text = await answer.text();
  // What is wrong with the archive stays wrong: its bytes need no room. Lateness may still be agreed to.
  if (answer.status === 422) await fetch(ended.place, { method: "DELETE" });
  return { status: answer.status, text };
}

/** Piece by piece: a browser's own hash would want all of it in memory. */
async function hashOf(file: File, tell: PartsTold): Promise<string> {
  const hash = sha256.create();
  let done = 0;
  for (const reader = file.stream().getReader(); ; ) {
    const piece = await reader.read();
    if (piece.done) return bytesToHex(hash.digest());
    hash.update(piece.value);
    done += piece.value.length;
    tell.hashed(done / file.size);
  }
}

function sendAll(
  endpoint: string,
  file: File,
  acceptLate: string,
  hash: string,
  tell: PartsTold,
): Promise<PartsAnswer | { place: string }> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: `${endpoint}&acceptLate=${acceptLate}`,
      metadata: { filename: file.name, sha256: hash },
      fingerprint: async () => `assay ${endpoint.split("?")[0]} ${hash}`,
      removeFingerprintOnSuccess: true,
      chunkSize: PART_BYTES,
      retryDelays: RETRY_DELAYS_MS,
      onShouldRetry: (error) => {
        const again = mayPass(error);
        if (again) tell.broken();
        return again;
      },
      onProgress: (sent, all) => tell.sent(sent / all),
      onSuccess: () => resolve({ place: new URL(upload.url!, location.href).pathname }),
      onError: (error) => {
        const answer = "originalResponse" in error ? error.originalResponse : null;
        if (answer) resolve({ status: answer.getStatus(), text: answer.getBody() });
        else reject(error);
      },
    });
    void upload.findPreviousUploads().then(([last]) => {
      if (last) upload.resumeFromPreviousUpload(last);
      upload.start();
    });
  });
}

/** No answer, a server that is busy, or parts that met: the next try may do. What was refused in words may not. */
function mayPass(error: DetailedError): boolean {
  const status = error.originalResponse?.getStatus();
  if (!status) return true;
  const met = status === 409 && /upload_protocol/.test(error.originalResponse?.getBody() ?? "");
  return met || status >= 500 || status === 423 || status === 429 || status === 408;
}
