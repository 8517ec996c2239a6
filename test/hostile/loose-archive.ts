// What a grader without our intake does with a ZIP: it takes each entry as it stands, links and all, and the last
// of two equal names. For `--without manifest` and `--without wall` only.
import { inflateRawSync } from "node:zlib";
import AdmZip from "adm-zip";
import { type SuiteFile, tarOf } from "../../src/judge/read-suite.ts";

function files(zip: Buffer): SuiteFile[] {
  const found = new Map<string, Buffer>();
  for (const entry of new AdmZip(zip).getEntries()) {
    if (entry.isDirectory) continue;
    const packed = entry.getCompressedData();
    found.set(entry.entryName, entry.header.method === 0 ? packed : inflateRawSync(packed));
  }
  return [...found].map(([path, bytes]) => ({ path, bytes }));
}

export const looseArchive = Object.assign((zip: Buffer): Buffer => tarOf(files(zip)), { files });
