// Moodle's "Download all submissions": a folder `Jane Smith_1234_assignsubmission_file_/` for each person (newer
// versions without the last line; with folders off, the file's name follows it), by their number in this assignment.
// The grading worksheet, downloaded beside it, says whose number it is and when they handed in.
import { type Download, type HandedIn, leftOutWhy, type Sheet } from "./download.ts";

const place =
  /^(?:[^/]*\/)?(?<name>[^/]*)_(?<id>\d+)_assignsubmission_(?<kind>file|onlinetext)(?:_?\/(?<path>.+)|_(?<flat>[^/]+))$/su;

export const isMoodle = (paths: string[]): boolean => paths.some((path) => place.test(path));

export function readMoodle(paths: string[], sheet: Sheet | null): Download {
  const leftOut: Download["leftOut"] = [];
  const people = new Map<string, { name: string; files: HandedIn["files"] }>();
  for (const from of paths) {
    const found = place.exec(from)?.groups;
    if (!found) leftOut.push({ path: from, why: leftOutWhy.noSubmission });
    else if (found.kind === "onlinetext") leftOut.push({ path: from, why: leftOutWhy.noFile });
    else {
      const { id = "", name = "" } = found;
      const mine = people.get(id) ?? { name, files: [] };
      mine.files.push({ path: found.path ?? found.flat ?? "", from });
      people.set(id, mine);
    }
  }
  const handedIn = [...people].map(([id, { name, files }]): HandedIn => {
    const known = sheet?.people.get(id);
    const at = known?.at ?? null;
    return {
      // The number stays when they hand in again; the time does not.
      origin: `moodle:${id}${at === null ? "" : `@${at.toISOString()}`}`,
      people: [known ?? { name, email: null, numbers: [] }],
      at,
      late: false,
      files,
    };
  });
  return { system: "moodle", handedIn, leftOut };
}
