// Gradescope's "Export Submissions": `assignment_1_export/submission_metadata.yml`, and a folder `submission_2/` with
// the files of each, unpacked. The metadata is Ruby's YAML: keys with a colon before them.
import { parse } from "yaml";
import { z } from "zod";
import { type Download, type HandedIn, leftOutWhy } from "./download.ts";

export const METADATA = "submission_metadata.yml";
const METADATA_LIMIT_BYTES = 256 * 1024 ** 2;
/** What is left once the results are cut out; a course of thousands stays below. */
const CUT_LIMIT_BYTES = 16 * 1024 ** 2;
/** Ruby writes a text that it meets twice as an alias. */
const ALIASES_LIMIT = 100_000;

const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value == null || String(value).trim() === "" ? null : String(value).trim()));
const submitter = z.looseObject({ ":name": text, ":sid": text, ":email": text });
const entry = z.looseObject({ ":submitters": z.array(submitter).default([]), ":created_at": text });
const metadata = z.record(z.string(), entry);

/** The path of the export's metadata, which says that it is one; null where there is none. */
export function metadataPath(paths: string[]): string | null {
  const found = paths.filter((path) => path === METADATA || path.endsWith(`/${METADATA}`));
  return found.sort((a, b) => a.split("/").length - b.split("/").length)[0] ?? null;
}

/** @throws Error with what is wrong with the metadata */
export function readGradescope(paths: string[], at: string, yaml: string): Download {
  const root = at.slice(0, at.length - METADATA.length);
  const read = metadata.parse(
    parse(withoutResults(yaml), { maxAliasCount: ALIASES_LIMIT, logLevel: "error" }),
  );
  const handedIn: HandedIn[] = [];
  const leftOut: Download["leftOut"] = [];
  for (const [folder, { ":submitters": people, ":created_at": created }] of Object.entries(read)) {
    const inside = `${root}${folder}/`;
    const files = paths
      .filter((path) => path.startsWith(inside))
      .map((from) => ({ path: from.slice(inside.length), from }));
    if (files.length === 0) leftOut.push({ path: inside, why: leftOutWhy.empty });
    else
      handedIn.push({
        origin: `gradescope:${folder.replace(/^submission_/, "").replace(/[^\x21-\x7e]/g, "_")}`,
        people: people.map((one) => ({
          name: one[":name"],
          email: one[":email"],
          numbers: one[":sid"] === null ? [] : [one[":sid"]],
        })),
        at: created === null ? null : rubyTime(created),
        late: false,
        files,
      });
  }
  const known = new Set(Object.keys(read));
  const strays = paths.filter((path) => path !== at && !known.has(path.slice(root.length).split("/")[0]!));
  return {
    system: "gradescope",
    handedIn,
    leftOut: [...leftOut, ...strays.map((path) => ({ path, why: leftOutWhy.notNamed }))],
  };
}

/** The results of every run are most of the file, and nothing here reads them. */
export function withoutResults(yaml: string): string {
  if (yaml.length > METADATA_LIMIT_BYTES) throw new Error(`${METADATA} is larger than 256 MB`);
  const kept: string[] = [];
  let skipped = -1;
  for (const line of yaml.split("\n")) {
    const indent = line.search(/[^ ]/);
    if (skipped >= 0 && (indent < 0 || indent > skipped)) continue;
    const results = /^( *)(?:- )?:results:/.exec(line);
    // Of a list's first key, the keys after it stand two further in.
    skipped = results ? results[0].length - ":results:".length : -1;
    if (!results) kept.push(line);
    else if (line.trimStart().startsWith("- ")) kept.push(`${results[1]}- :results: null`);
  }
  const cut = kept.join("\n");
  if (cut.length > CUT_LIMIT_BYTES) throw new Error(`${METADATA} is too large, even without its results`);
  return cut;
}

/** `2026-10-12 18:25:43.123456000 Z` or `… -07:00`; null for anything else. */
export function rubyTime(text: string): Date | null {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,3})?\d* ?(Z|[+-]\d\d:?\d\d)$/.exec(
    text.trim(),
  );
  if (!parts) return null;
  const [, day, time, part = "", zone] = parts;
  const at = new Date(`${day}T${time}${part}${zone!.replace(/^([+-]\d\d):?(\d\d)$/, "$1:$2")}`);
  return Number.isNaN(at.getTime()) ? null : at;
}
