// Canvas's "Download Submissions": no folders, each file named `smithjane_LATE_1234_5678_their file.zip` — the sortable
// name in small letters, whether it was late, the person's id in Canvas, the file's id, the name it was handed in under.
import { type Download, type HandedIn, leftOutWhy, type Sheet } from "./download.ts";

const attachment =
  /^(?:(?<name>.*?)_)?(?<late>LATE_)?(?:(?<user>\d+)|anon_(?<anon>\w{5}))_(?<file>\d+)_(?<path>.+)$/su;
const typed = /^(?<name>.*?)_(?:LATE_)?\d+_(?:text|link)\.html$/su;

export const isCanvas = (paths: string[]): boolean =>
  paths.length > 0 &&
  paths.every((path) => !path.includes("/") && (attachment.test(path) || typed.test(path)));

export function readCanvas(paths: string[], sheet: Sheet | null): Download {
  const leftOut: Download["leftOut"] = [];
  const files = new Map<string, { id: number; late: boolean; name: string; path: string; from: string }[]>();
  for (const from of paths) {
    const found = attachment.exec(from)?.groups;
    if (!found) leftOut.push({ path: from, why: leftOutWhy.noFile });
    else {
      const { name = "", late, user = `anon_${found.anon}`, file, path = "" } = found;
      const mine = files.get(user) ?? [];
      mine.push({ id: Number(file), late: late !== undefined, name, path, from });
      files.set(user, mine);
    }
  }
  const handedIn = [...files].map(([user, mine]): HandedIn => {
    const known = sheet?.people.get(user);
    const last = Math.max(...mine.map(({ id }) => id));
    return {
      // A new upload has new files, and their ids only grow.
      origin: `canvas:${user}:${last}`,
      people: [known ?? { name: mine[0]!.name, email: null, numbers: [] }],
      at: known?.at ?? null,
      late: mine.some(({ late }) => late),
      files: mine.map(({ path, from }) => ({ path, from })),
    };
  });
  return { system: "canvas", handedIn, leftOut };
}
