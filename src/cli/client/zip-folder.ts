// A folder as a ZIP, for `submit DIR` and `suite publish DIR`: regular files only, litter left out.
import { createWriteStream } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { ConfigError } from "../../platform/config.ts";

const litter = new Set([
  "__pycache__",
  ".git",
  ".hg",
  ".svn",
  ".venv",
  "venv",
  "node_modules",
  ".pytest_cache",
  ".mypy_cache",
  ".ipynb_checkpoints",
  ".idea",
  ".vscode",
  ".DS_Store",
  "Thumbs.db",
]);
const FILES_LIMIT = 20_000;
/** The same folder gives the same bytes, so that a second try is recognised. The first moment that ZIP can say. */
const MTIME = new Date(1980, 0, 1);

/** Relative paths of what a folder would hand in, sorted. @throws ConfigError for links and devices */
export async function filesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (relative: string): Promise<void> => {
    for (const name of (await readdir(join(folder, relative))).sort()) {
      if (litter.has(name)) continue;
      const path = relative === "" ? name : `${relative}/${name}`;
      const status = await lstat(join(folder, path));
      if (status.isDirectory()) await walk(path);
      else if (status.isFile()) found.push(path);
      else throw new ConfigError(`${path} is a link or a device: put the file itself there`);
      if (found.length > FILES_LIMIT) throw new ConfigError(`${folder} holds more than ${FILES_LIMIT} files`);
    }
  };
  await walk("");
  return found;
}

/** Writes the folder's files to a ZIP at `path`. */
export async function zipFolder(folder: string, files: string[], path: string): Promise<void> {
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(path, { mode: 0o600 }));
  const failed = new Promise<never>((_, reject) => zip.on("error", reject));
  for (const file of files) zip.addFile(join(folder, file), file, { mtime: MTIME, mode: 0o100644 });
  zip.end();
  await Promise.race([written, failed]);
}
