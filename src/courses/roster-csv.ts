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
/** What other systems have instead: two columns for a name, a name with a comma, a name to sign in with. */
type OtherColumn = "first_name" | "last_name" | "sortable_name" | "login";
const headings: Record<string, Column | OtherColumn> = {
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
  // Gradescope's roster and grades.
  "first name": "first_name",
  "last name": "last_name",
  sections: "section",
  // Moodle's participants.
  "email address": "email",
  surname: "last_name",
  "id number": "student_number",
  groups: "section",
  名: "first_name",
  姓氏: "last_name",
  姓: "last_name",
  邮箱地址: "email",
  电子邮件地址: "email",
  小组: "section",
  // Canvas's gradebook.
  student: "sortable_name",
  "sis user id": "student_number",
  "sis login id": "login",
};
const roleWords: Record<string, Role> = {
  reader: "ta",
  "teaching assistant": "ta",
  teacher: "instructor",
  学生: "student",
  助教: "ta",
  教师: "instructor",
  老师: "instructor",
};

/**
 * Reads a roster; either every row can be used or none is.
 * @param emailDomain completes the names that people sign in with where the file has no e-mails (Canvas).
 */
export function readRoster(bytes: Uint8Array, emailDomain = ""): RosterReading {
  const decoded = decodeText(bytes);
  if (!decoded) return problem(1, "The file is neither UTF-8 nor GBK.", "文件既不是 UTF-8 也不是 GBK 编码。");
  const [heading, ...body] = parseCsv(decoded.text);
  const columns = heading?.cells.map((cell) => headings[cell.trim().toLowerCase()] ?? null) ?? [];
  const missing = missingColumn(columns);
  if (missing) return missing;
  if (body.length > ROSTER_LIMIT_ROWS) {
    return problem(1, `More than ${ROSTER_LIMIT_ROWS} rows.`, `超过 ${ROSTER_LIMIT_ROWS} 行。`);
  }
  const problems: RosterProblem[] = [];
  const rows = body
    .map((record) => asOurs(record, columns, emailDomain))
    .filter(({ cells }) => !(columns.includes("sortable_name") && isCanvasOwn(cells[NAME]!)))
    .flatMap((record) => readRow(record, ourColumns, problems));
  problems.push(...duplicates(rows));
  if (problems.length > 0) return { problems: problems.slice(0, PROBLEMS_SHOWN) };
  return { rows, encoding: decoded.encoding };
}

function missingColumn(columns: (Column | OtherColumn | null)[]): RosterReading | null {
  const has = (...any: (Column | OtherColumn)[]) => any.some((column) => columns.includes(column));
  if (!has("email", "login")) return problem(1, "The heading has no column “email”.", "表头缺少“邮箱”列。");
  if (!has("name", "first_name", "last_name", "sortable_name"))
    return problem(1, "The heading has no column “name”.", "表头缺少“姓名”列。");
  return null;
}

const ourColumns: Column[] = ["email", "name", "role", "student_number", "section"];
const NAME = ourColumns.indexOf("name");

/** A row in our own columns, whichever the file has. */
function asOurs(record: CsvRecord, columns: (Column | OtherColumn | null)[], emailDomain: string): CsvRecord {
  const at = (column: Column | OtherColumn) => record.cells[columns.indexOf(column)]?.trim() ?? "";
  const login = at("login");
  const completed =
    login !== "" && !login.includes("@") && emailDomain !== "" ? `${login}@${emailDomain}` : login;
  const name = at("name") || joined(at("first_name"), at("last_name")) || unsorted(at("sortable_name"));
  return {
    line: record.line,
    cells: [at("email") || completed, name, at("role"), at("student_number"), at("section")],
  };
}

/** Canvas's row of maxima, and the student that it makes for teachers to look through. */
const isCanvasOwn = (name: string) => name === "Points Possible" || name === "Test Student";

const isHan = (text: string) => /^\p{Script=Han}+$/u.test(text);

/** Chinese names begin with the family's and have no space. */
function joined(first: string, last: string): string {
  if (isHan(first) && isHan(last)) return last + first;
  return [first, last].filter((part) => part !== "").join(" ");
}

/** `Smith, Jane` as people say it. */
function unsorted(name: string): string {
  const [last = "", ...first] = name.split(",").map((part) => part.trim());
  return first.length === 0 ? last : joined(first.join(" "), last);
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
  const problems: RosterProblem[] = [];
  const record = { line: 1, cells: ourColumns.map((column) => fields[column]) };
  const rows = readRow(record, ourColumns, problems);
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

/** UTF-8, UTF-16 with a mark, or GBK; null for what is no text. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: string } | null {
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
