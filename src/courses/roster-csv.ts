// A roster as people have it: CSV from Excel (GBK on a Chinese Windows), from a registrar's export, from a text
// editor. Pure: bytes in, rows or problems out.
import { emailAddress, oneLine } from "../accounts/people.ts";
import { type Role, role } from "./tables.ts";

export const ROSTER_LIMIT_BYTES = 2 * 1024 * 1024;
const ROSTER_LIMIT_ROWS = 5000;
const PROBLEMS_SHOWN = 20;

export interface RosterLine {
  line: number;
  email: string;
  name: string;
  /** Null where the roster does not say: a new entry is a student's, an old one stays what it is. */
  role: Role | null;
  studentNumber: string | null;
  section: string | null;
}
export interface RosterProblem {
  line: number;
  en: string;
  zh: string;
}
export type RosterReading = { rows: RosterLine[]; encoding: string } | { problems: RosterProblem[] };

export type Column = "email" | "name" | "role" | "student_number" | "section";
const headings: Record<string, Column> = {
  email: "email",
  "e-mail": "email",
  邮箱: "email",
  电子邮箱: "email",
  电子邮件: "email",
  name: "name",
  姓名: "name",
  role: "role",
  角色: "role",
  student_number: "student_number",
  "student number": "student_number",
  sid: "student_number",
  学号: "student_number",
  section: "section",
  class: "section",
  班级: "section",
};
const roleWords: Record<string, Role> = {
  学生: "student",
  助教: "ta",
  教师: "instructor",
  老师: "instructor",
};

/** Reads a roster; either every row can be used or none is. */
export function readRoster(bytes: Uint8Array): RosterReading {
  const decoded = decode(bytes);
  if (!decoded) return problem(1, "The file is neither UTF-8 nor GBK.", "文件既不是 UTF-8 也不是 GBK 编码。");
  const records = parseCsv(decoded.text);
  const [heading, ...body] = records;
  const columns = heading?.cells.map((cell) => headings[cell.trim().toLowerCase()] ?? null) ?? [];
  for (const needed of ["email", "name"] as const) {
    if (columns.includes(needed)) continue;
    return problem(
      1,
      `The heading has no column “${needed}”.`,
      `表头缺少“${needed === "email" ? "邮箱" : "姓名"}”列。`,
    );
  }
  if (body.length > ROSTER_LIMIT_ROWS) {
    return problem(1, `More than ${ROSTER_LIMIT_ROWS} rows.`, `超过 ${ROSTER_LIMIT_ROWS} 行。`);
  }
  const problems: RosterProblem[] = [];
  const rows = body.flatMap((record) => readRow(record, columns, problems));
  problems.push(...duplicates(rows));
  if (problems.length > 0) return { problems: problems.slice(0, PROBLEMS_SHOWN) };
  return { rows, encoding: decoded.encoding };
}

function readRow(record: CsvRecord, columns: (Column | null)[], problems: RosterProblem[]): RosterLine[] {
  const at = (column: Column) => record.cells[columns.indexOf(column)]?.trim() ?? "";
  const { line } = record;
  const email = emailAddress.safeParse(at("email"));
  const name = oneLine(200).safeParse(at("name"));
  const word = at("role").toLowerCase();
  const known = role.nullable().safeParse(word === "" ? null : (roleWords[word] ?? word));
  const number = optional(at("student_number"), 64);
  const section = optional(at("section"), 64);
  if (!email.success) problems.push({ line, en: "no usable e-mail", zh: "邮箱无效" });
  if (!name.success) problems.push({ line, en: "no usable name", zh: "姓名无效" });
  if (!known.success) {
    problems.push({ line, en: "role is student, ta or instructor", zh: "角色应为学生、助教或教师" });
  }
  if (number === undefined) problems.push({ line, en: "no usable student number", zh: "学号无效" });
  if (section === undefined) problems.push({ line, en: "no usable section", zh: "班级无效" });
  if (!email.success || !name.success || !known.success || number === undefined || section === undefined)
    return [];
  return [{ line, email: email.data, name: name.data, role: known.data, studentNumber: number, section }];
}

/** One row as a form's fields say it, by the same rules as a file's. */
export function readOne(fields: Record<Column, string>): RosterReading {
  const columns: Column[] = ["email", "name", "role", "student_number", "section"];
  const problems: RosterProblem[] = [];
  const record = { line: 1, cells: columns.map((column) => fields[column]) };
  const rows = readRow(record, columns, problems);
  return problems.length > 0 ? { problems } : { rows, encoding: "form" };
}

function optional(text: string, limit: number): string | null | undefined {
  return text === "" ? null : oneLine(limit).safeParse(text).data;
}

function duplicates(rows: RosterLine[]): RosterProblem[] {
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const keys = [`email ${row.email}`, ...(row.studentNumber ? [`number ${row.studentNumber}`] : [])];
    const twice = keys.some((key) => seen.has(key));
    for (const key of keys) seen.add(key);
    return twice
      ? [{ line: row.line, en: "e-mail or student number stands twice", zh: "邮箱或学号重复" }]
      : [];
  });
}

function decode(bytes: Uint8Array): { text: string; encoding: string } | null {
  // Excel's "Unicode text" is UTF-16 with a mark; what has none is UTF-8, or else what a Chinese Windows writes.
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe;
  for (const encoding of marked ? ["utf-16le"] : ["utf-8", "gb18030"]) {
    try {
      // The decoder takes a byte order mark off by itself.
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
    } catch {
      // Not this one.
    }
  }
  return null;
}

interface CsvRecord {
  line: number;
  cells: string[];
}

/** RFC 4180, with the separators that Excel writes (comma, semicolon, tab) told by the heading; blank lines are skipped. */
export function parseCsv(text: string): CsvRecord[] {
  const heading = text.slice(0, text.search(/[\r\n]|$/));
  const separator = ["\t", ";"].find((sign) => heading.includes(sign)) ?? ",";
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  let began = 1;
  const endRecord = () => {
    cells.push(cell);
    if (cells.some((part) => part.trim() !== "")) records.push({ line: began, cells });
    cells = [];
    cell = "";
    began = line;
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === "\n") line++;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') cell += text[at++]!;
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === separator) {
      cells.push(cell);
      cell = "";
    } else if (sign === "\n") endRecord();
    else if (sign !== "\r") cell += sign;
  }
  endRecord();
  return records;
}

function problem(line: number, en: string, zh: string): RosterReading {
  return { problems: [{ line, en, zh }] };
}
