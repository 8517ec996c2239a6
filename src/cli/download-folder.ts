// A download that lies on this machine: the ZIP, or the folder that somebody unpacked of it; a folder's links are
// refused.
import { createReadStream } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../platform/config.ts";
import { isLitter } from "../storage/zip-layout.ts";
import type { ZipFile } from "../storage/zip-write.ts";
import { openFiles, openZip, type Source } from "../submissions/moving-in/source.ts";
import { filesOf } from "./client/zip-folder.ts";

/** @throws Refusal for a ZIP that is refused, ConfigError for what is not there */
export async function openDownload(place: string): Promise<Source> {
  const found = await stat(place).catch(() => null);
  if (!found) throw new ConfigError(`${place} is not there`);
  return found.isDirectory() ? openFiles(() => folderFiles(place)) : openZip(place);
}

async function folderFiles(folder: string): Promise<ZipFile[]> {
  const paths = (await filesOf(folder)).filter((path) => !isLitter(path));
  return Promise.all(
    paths.map(async (path) => {
      const at = join(folder, path);
      return { path, size: (await lstat(at)).size, bytes: async () => createReadStream(at) };
    }),
  );
}
