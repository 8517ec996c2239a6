// What the archives of the cases are made of: the honest submission's entries.
import { readFileSync } from "node:fs";
import { buildZip, type EntrySpec, type ZipSpec } from "../hostile-archives/build.ts";

const work = readFileSync(new URL("suite/reference/work.py", import.meta.url), "utf8").replace(
  /CANARY-reference-\w+/,
  "An honest solution.",
);

export const honest: ZipSpec = { entries: [{ name: "work.py", data: work }] };

/** The honest submission and these entries behind it. */
export const added = (...entries: EntrySpec[]): ZipSpec => ({ entries: [...honest.entries, ...entries] });

/** The honest submission in a folder. */
export const wrapped = (folder: string): ZipSpec => ({
  entries: honest.entries.map((entry) => ({ ...entry, name: `${folder}${entry.name}` })),
});

export const honestZip = (): Buffer => buildZip(honest);
