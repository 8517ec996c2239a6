// A Jupyter notebook as the module that a suite asks for: its code cells, in order. The format is nbformat's
// (nbformat.readthedocs.io, "The notebook file format", versions 3 and 4). This file is read by the reader's child
// process; nothing of a notebook is run or rendered.
import { Refusal } from "./errors.ts";

/** Outputs with pictures make notebooks large; code alone never does. */
export const NOTEBOOK_LIMIT_BYTES = 32 * 1024 * 1024;
const CELLS_LIMIT = 5000;

/** Cell magics whose cell is Python all the same: only their own line goes. */
const PYTHON_MAGICS = new Set(["time", "timeit", "capture", "prun", "python", "python3"]);

interface Cell {
  cell_type?: unknown;
  source?: unknown;
  input?: unknown;
}

/**
 * The module's bytes; lines that only IPython knows (`%magic`, `!shell`, `?help`) become comments.
 * @param name the notebook's path, made safe to show
 * @throws Refusal `bad_notebook`
 */
export function moduleOfNotebook(bytes: Buffer, name: string): Buffer {
  const cells = cellsOf(parsed(bytes, name), name);
  const code = cells.filter(({ cell_type }) => cell_type === "code").map((cell) => sourceOf(cell, name));
  if (code.every((text) => text.trim() === ""))
    throw bad(name, { en: "it holds no code cell", zh: "没有代码单元" });
  return Buffer.from(code.map(withoutMagics).join("\n\n\n").concat("\n"));
}

function parsed(bytes: Buffer, name: string): Record<string, unknown> {
  try {
    const notebook: unknown = JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""));
    if (typeof notebook === "object" && notebook !== null && !Array.isArray(notebook))
      return notebook as Record<string, unknown>;
  } catch {
    // Said below: what JSON.parse says of a position helps nobody in a notebook.
  }
  throw bad(name, { en: "it is not JSON, as notebooks are", zh: "内容不是 JSON 格式" });
}

/** nbformat 4 has `cells`; 3 has them within `worksheets`. */
function cellsOf({ cells, worksheets }: Record<string, unknown>, name: string): Cell[] {
  const sheets = Array.isArray(worksheets) ? worksheets : [];
  const all = Array.isArray(cells)
    ? cells
    : sheets.flatMap((sheet) => (sheet as { cells?: unknown })?.cells ?? []);
  const found = all.filter((cell): cell is Cell => typeof cell === "object" && cell !== null);
  if (found.length === 0) throw bad(name, { en: "it holds no cells", zh: "没有单元" });
  if (found.length > CELLS_LIMIT)
    throw bad(name, { en: `it has more than ${CELLS_LIMIT} cells`, zh: `单元超过 ${CELLS_LIMIT} 个` });
  return found;
}

/** One text, or its lines with their ends; `input` in nbformat 3. */
function sourceOf({ source, input }: Cell, name: string): string {
  const text = source ?? input ?? "";
  if (typeof text === "string") return text;
  if (Array.isArray(text) && text.every((line) => typeof line === "string")) return text.join("");
  throw bad(name, { en: "a cell's source is not text", zh: "有单元的内容不是文本" });
}

function withoutMagics(code: string): string {
  const lines = code.replace(/\r\n?/g, "\n").split("\n");
  const first = lines.findIndex((line) => line.trim() !== "");
  const magic = /^%%(\w+)/.exec(lines[first] ?? "")?.[1];
  if (magic !== undefined && !PYTHON_MAGICS.has(magic)) return lines.map(commented).join("\n");
  return lines.map((line, at) => (isMagic(line, at === first) ? commented(line) : line)).join("\n");
}

/** `%` or `!` cannot begin a line of Python, but may go on one; only in an expression's middle, and then indented. */
const isMagic = (line: string, first: boolean) =>
  /^(%[A-Za-z]|!|\?)/.test(line) ||
  (first && line.startsWith("%%")) ||
  /^\s+(%[a-z]+\s|!\w)/.test(line) ||
  /^\w[\w.]*\?{1,2}$/.test(line);

/** In an indented block a comment alone would be no statement. */
const commented = (line: string) =>
  line.replace(/^(\s*)(.*)$/, (_, indent: string, rest: string) =>
    rest === "" ? indent : `${indent}${indent === "" ? "" : "pass  "}# ${rest}`,
  );

const bad = (entry: string, why: { en: string; zh: string }) => new Refusal("bad_notebook", { entry, why });
