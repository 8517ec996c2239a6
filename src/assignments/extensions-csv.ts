// Extensions for many, as a table: e-mail and date. Pure: text in, lines or problems out.
import { parseCsv } from "../courses/roster-csv.ts";
import { readZoned } from "./zoned.ts";

export interface ExtensionLine {
  line: number;
  email: string;
  dueAt: Date;
}
export type ExtensionReading = { lines: ExtensionLine[] } | { problems: string[] };

const LINES_LIMIT = 2000;
const columns: Record<string, "email" | "due"> = {
  email: "email",
  "e-mail": "email",
  邮箱: "email",
  due: "due",
  until: "due",
  date: "due",
  截止时间: "due",
  延至: "due",
};

/** Dates without an offset are in the course's zone; a date alone is its last minute. */
export function readExtensions(text: string, timeZone: string): ExtensionReading {
  const [heading, ...records] = parseCsv(text.replace(/^\ufeff/, ""));
  const found = heading?.cells.map((cell) => columns[cell.trim().toLowerCase()]) ?? [];
  const [email, due] = [found.indexOf("email"), found.indexOf("due")];
  if (email < 0 || due < 0) return { problems: ["1: email, due (邮箱, 截止时间)"] };
  if (records.length === 0 || records.length > LINES_LIMIT) return { problems: [`1–${LINES_LIMIT}`] };
  const problems: string[] = [];
  const seen = new Set<string>();
  const lines = records.flatMap(({ line, cells }) => {
    const who = cells[email]?.trim().toLowerCase() ?? "";
    const dueAt = readZoned(cells[due] ?? "", timeZone);
    if (!/^\S+@\S+$/.test(who) || !dueAt || seen.has(who)) {
      problems.push(`${line}: ${cells.join(", ").slice(0, 80)}`);
      return [];
    }
    seen.add(who);
    return [{ line, email: who, dueAt }];
  });
  return problems.length > 0 ? { problems: problems.slice(0, 20) } : { lines };
}
