// A version's files, read back from the canonical tar that it is kept as.
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { type SuiteFile, type Suite as SuiteFiles, suiteOf } from "../judge/read-suite.ts";
import type { BlobStore } from "../storage/blobs.ts";

/** The suite as it was checked when it was registered. */
export async function versionFiles(blobs: BlobStore, version: { blob: string }): Promise<SuiteFiles> {
  const reader = extract();
  const source = await blobs.open(version.blob);
  source.on("error", (error) => reader.destroy(error));
  source.pipe(reader);
  const files: SuiteFile[] = [];
  for await (const entry of reader) files.push({ path: entry.header.name, bytes: await buffer(entry) });
  return suiteOf(files.sort((a, b) => (a.path < b.path ? -1 : 1)));
}
