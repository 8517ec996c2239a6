// Which uploads this machine has begun and not ended: their addresses, by what was sent where. No secret is in it.
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PreviousUpload, UrlStorage } from "tus-js-client";
import { settingsFolder } from "./settings.ts";

type Begun = Record<string, PreviousUpload>;
/** Older ones have expired at any server. */
const KEPT = 50;

export function begunUploads(folder = settingsFolder()): UrlStorage {
  const path = join(folder, "uploads.json");
  const read = async (): Promise<Begun> => {
    try {
      return JSON.parse(await readFile(path, "utf8"));
    } catch {
      // None yet; or one that was damaged, which costs no more than to begin anew.
      return {};
    }
  };
  const write = async (begun: Begun) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, JSON.stringify(Object.fromEntries(Object.entries(begun).slice(-KEPT))), {
      mode: 0o600,
    });
    await rename(draft, path);
  };
  const found = async (prefix: string) =>
    Object.entries(await read())
      .filter(([key]) => key.startsWith(prefix))
      .map(([urlStorageKey, upload]) => ({ ...upload, urlStorageKey }));
  return {
    findAllUploads: () => found(""),
    findUploadsByFingerprint: (fingerprint) => found(`${fingerprint} #`),
    removeUpload: async (key) => {
      const { [key]: _, ...rest } = await read();
      await write(rest);
    },
    addUpload: async (fingerprint, upload) => {
      const key = `${fingerprint} #${randomUUID()}`;
      await write({ ...(await read()), [key]: upload });
      return key;
    },
  };
}
