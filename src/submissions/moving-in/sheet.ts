// The file beside the ZIP that says who is who: Canvas's gradebook export, Moodle's grading worksheet, or the answer of
// Canvas's API to "list assignment submissions", which alone knows when they came. Columns in English or Chinese.
import { z } from "zod";
import { decodeText, parseCsv } from "../../courses/roster-csv.ts";
import { type Sheet, Unreadable } from "./download.ts";
import { readTime } from "./times.ts";

type Column = "id" | "name" | "email" | "number" | "login" | "at";
const headings: Record<string, Column> = {
  identifier: "id",
  编号: "id",
  识别号: "id",
  id: "id",
  user_id: "id",
  student: "name",
  "full name": "name",
  "first name / surname": "name",
  全名: "name",
  姓名: "name",
  "email address": "email",
  email: "email",
  电子邮件地址: "email",
  邮箱地址: "email",
  电子邮箱: "email",
  "id number": "number",
  "sis user id": "number",
  学号: "number",
  username: "login",
  "sis login id": "login",
  "last modified (submission)": "at",
  "submitted at": "at",
  submitted_at: "at",
  "最后修改时间（提交）": "at",
  "最后修改时间(提交)": "at",
  "最后修改 (提交)": "at",
};

const answers = z.array(z.looseObject({ user_id: z.number(), submitted_at: z.string().nullish() }));

/** @throws Unreadable */
export function readSheet(bytes: Uint8Array, timeZone: string): Sheet {
  const decoded = decodeText(bytes);
  if (!decoded) throw new Unreadable("it is neither UTF-8 nor GBK", "它既不是 UTF-8 也不是 GBK 编码");
  if (/^\s*\[/.test(decoded.text)) return ofAnswers(readAnswers(decoded.text));
  const [heading, ...rows] = parseCsv(decoded.text);
  const columns = (heading?.cells ?? []).map((cell) => headings[cell.trim().toLowerCase()] ?? null);
  if (!columns.includes("id"))
    throw new Unreadable(
      "it has no column Identifier (Moodle's worksheet) or ID (Canvas's gradebook)",
      "它没有“Identifier”列（Moodle 评分表）或“ID”列（Canvas 成绩册）",
    );
  const people: Sheet["people"] = new Map();
  for (const { cells, line } of rows) {
    const of = (column: Column) => cells[columns.indexOf(column)]?.trim() || null;
    // Moodle writes "Participant 1234", in the language of the site.
    const id = /\d+$/.exec(of("id") ?? "")?.[0];
    if (id === undefined) continue;
    const written = of("at");
    const at = written === null || written === "-" ? null : readTime(written, timeZone);
    if (written !== null && written !== "-" && at === null)
      throw new Unreadable(
        `line ${line}: the time “${written}” is not understood`,
        `第 ${line} 行：无法理解时间“${written}”`,
      );
    const login = of("login");
    const numbers = [of("number"), login].filter((one) => one !== null);
    const email = of("email") ?? (login?.includes("@") ? login : null);
    people.set(id, { name: of("name"), email, numbers, at });
  }
  return { people };
}

function readAnswers(text: string): z.infer<typeof answers> {
  try {
    return answers.parse(JSON.parse(text));
  } catch {
    throw new Unreadable(
      "it begins like Canvas's list of submissions, but is none",
      "它的开头像 Canvas 的提交列表，但内容不是",
    );
  }
}

function ofAnswers(rows: z.infer<typeof answers>): Sheet {
  const people: Sheet["people"] = new Map();
  for (const { user_id, submitted_at } of rows) {
    const at = submitted_at ? new Date(submitted_at) : null;
    people.set(String(user_id), { name: null, email: null, numbers: [], at });
  }
  return { people };
}

/** Two files about the same people: what one does not say, the other may. */
export function joinSheets(sheets: Sheet[]): Sheet | null {
  if (sheets.length === 0) return null;
  const people: Sheet["people"] = new Map();
  for (const sheet of sheets) {
    for (const [id, one] of sheet.people) {
      const before = people.get(id);
      people.set(id, {
        name: before?.name ?? one.name,
        email: before?.email ?? one.email,
        numbers: [...(before?.numbers ?? []), ...one.numbers],
        at: before?.at ?? one.at,
      });
    }
  }
  return { people };
}
