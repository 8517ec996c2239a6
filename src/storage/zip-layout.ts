// Which of an archive's files are the submission: litter left out, the folder around them taken off, the
// required files there.
import { type ArchiveNote, Refusal, type Words } from "./errors.ts";
import { folded } from "./zip-names.ts";
import { shown } from "./zip-shown.ts";

export type Layout = {
  /** From the path in the archive to the path in the submission. */
  kept: Map<string, string>;
  /** From a notebook's path in the submission to the required module that is made of it. */
  notebooks: Map<string, string>;
  notes: ArchiveNote[];
};
export type LayoutRules = {
  /** Paths that must be there, as written in the suite. */
  required: string[];
  /** `keep` leaves every folder as it is (Gradescope mode). */
  wrapper: "strip" | "keep";
};

const WRAPPER_LIMIT = 4;
const LISTED = 12;

/** What operating systems and tools leave behind; no grade depends on it. */
const litterFolders = new Set(["__MACOSX", "__pycache__", ".git", ".ipynb_checkpoints"]);
const litterFiles = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

export function isLitter(path: string): boolean {
  const segments = path.split("/");
  const name = segments.at(-1) ?? "";
  return (
    segments.some((segment) => litterFolders.has(segment)) || litterFiles.has(name) || name.startsWith("._")
  );
}

export function layOut(paths: string[], rules: LayoutRules): Layout {
  const files = paths.filter((path) => !isLitter(path));
  const required = rules.required.map((path) => path.normalize("NFC"));
  const wrapper = rules.wrapper === "keep" ? "" : wrapperOf(files, required);
  const kept = new Map(files.map((path) => [path, path.slice(wrapper.length)]));
  const notebooks = notebooksFor([...kept.values()], required);
  checkRequired([...kept.values(), ...notebooks.values()], required);
  return { kept, notebooks, notes: [...notesOn(paths, files, wrapper), ...notesOnNotebooks(notebooks)] };
}

const notebookOf = (path: string) => path.replace(/\.py$/, ".ipynb");

/** Where a suite asks for `rnn.py` and there is only `rnn.ipynb`, that is meant. */
function notebooksFor(files: string[], required: string[]): Map<string, string> {
  const there = new Set(files);
  const wanted = required.filter((path) => path.endsWith(".py") && !there.has(path));
  return new Map(
    wanted.filter((path) => there.has(notebookOf(path))).map((path) => [notebookOf(path), path]),
  );
}

const notesOnNotebooks = (notebooks: Map<string, string>): ArchiveNote[] =>
  [...notebooks].map(([notebook, module]) => {
    return { code: "notebook", params: { notebook: shown(notebook), module: shown(module) } };
  });

/**
 * The folder (or folders in each other) around everything, as `hw2/`. Taken off only as far as the required
 * files ask for it; where none are required, one level.
 */
function wrapperOf(files: string[], required: string[]): string {
  if (required.length === 0) return commonFolder(files, "");
  let wrapper = "";
  for (let level = 0; level <= WRAPPER_LIMIT; level += 1) {
    const inside = new Set(files.map((path) => path.slice(wrapper.length)));
    if (required.every((path) => inside.has(path) || inside.has(notebookOf(path)))) return wrapper;
    const next = commonFolder(files, wrapper);
    if (next === wrapper) break;
    wrapper = next;
  }
  // A file is missing at every level: take one wrapper off, so that the list of what was found is plain.
  return commonFolder(files, "");
}

function commonFolder(files: string[], base: string): string {
  const first = files[0]?.slice(base.length) ?? "";
  const slash = first.indexOf("/");
  if (slash === -1) return base;
  const folder = base + first.slice(0, slash + 1);
  return files.every((path) => path.startsWith(folder)) ? folder : base;
}

function checkRequired(files: string[], required: string[]): void {
  const there = new Set(files);
  const missing = required.find((path) => !there.has(path));
  if (missing === undefined && files.length > 0) return;
  throw new Refusal("missing_file", {
    file: missing === undefined ? { en: "Every file", zh: "任何文件" } : shown(missing),
    found: listed(files),
    hint: missing === undefined ? emptyHint : hintFor(missing, files),
  });
}

function listed(files: string[]): string | Words {
  if (files.length === 0) return { en: "nothing", zh: "无" };
  const names = files.slice(0, LISTED).map(shown).join(", ");
  const more = files.length - LISTED;
  if (more <= 0) return names;
  return { en: `${names} and ${more} more`, zh: `${names} 等 ${files.length} 个` };
}

const emptyHint: Words = {
  en: "The ZIP is empty: put your files into it and submit again.",
  zh: "压缩包是空的：请放入文件后重新提交。",
};

/** The most likely mistake: other case, another folder, a ZIP in the ZIP, a slip of the pen. */
function hintFor(missing: string, files: string[]): Words {
  const name = missing.split("/").at(-1) ?? missing;
  const sameFolded = files.find((path) => folded(path) === folded(missing));
  if (sameFolded !== undefined) return renameHint(sameFolded, missing);
  const elsewhere = files.find((path) => path.endsWith(`/${name}`));
  if (elsewhere !== undefined) return moveHint(elsewhere, missing);
  const archive = files.find((path) => /\.(zip|rar|7z|tar|gz|tgz)$/i.test(path));
  if (archive !== undefined && files.length <= 3) return nestedHint(archive);
  const near = files.find((path) => distance(folded(path.split("/").at(-1) ?? ""), folded(name)) <= 2);
  if (near !== undefined) return renameHint(near, missing);
  return { en: `Add ${shown(missing)} and submit again.`, zh: `请加入 ${shown(missing)} 后重新提交。` };
}

const renameHint = (from: string, to: string): Words => ({
  en: `If ${shown(from)} is meant, rename it to ${shown(to)}.`,
  zh: `如果是指 ${shown(from)}，请改名为 ${shown(to)}。`,
});
const moveHint = (from: string, to: string): Words => ({
  en: `If ${shown(from)} is meant, move it so that it is ${shown(to)} in the ZIP.`,
  zh: `如果是指 ${shown(from)}，请移动它，使其在压缩包中的路径为 ${shown(to)}。`,
});
const nestedHint = (archive: string): Words => ({
  en: `${shown(archive)} is an archive inside the ZIP and is not unpacked: zip the files themselves.`,
  zh: `${shown(archive)} 是压缩包中的压缩包，不会解压：请直接打包文件本身。`,
});

/** Levenshtein's distance, cut short: names that differ much in length are not near. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2 || a.length > 64) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

function notesOn(paths: string[], files: string[], wrapper: string): ArchiveNote[] {
  const notes: ArchiveNote[] = [];
  const litter = paths.filter(isLitter);
  if (litter.length > 0) {
    const examples = litter.slice(0, 3).map(shown).join(", ");
    notes.push({ code: "left_out", params: { count: litter.length, examples } });
  }
  if (wrapper !== "") notes.push({ code: "wrapper_removed", params: { folder: shown(wrapper) } });
  for (const path of files.filter((path) => /\.(zip|rar|7z)$/i.test(path)).slice(0, 3)) {
    notes.push({ code: "nested_archive", params: { entry: shown(path.slice(wrapper.length)) } });
  }
  return notes;
}
