// The gradebook as files. `csv` and `xlsx` are for staff: everything, as on the page. The forms of other systems
// reach students, so they hold what is released to each of them, as they see it here.
import { audit } from "../accounts/audit.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { CourseAccess } from "../courses/access.ts";
import type { Db } from "../platform/database.ts";
import { csvOf, type Value } from "./csv.ts";
import { type Gradebook, type GradebookQuery, wholeGradebook } from "./gradebook.ts";
import { canvasRows, gradescopeRows, moodleRows } from "./lms-forms.ts";
import { releasedPoints } from "./released.ts";

export const exportForms = ["csv", "xlsx", "canvas", "moodle", "gradescope"] as const;
export type ExportForm = (typeof exportForms)[number];

export interface Exported {
  name: string;
  mediaType: string;
  bytes: Buffer;
}

const CSV = "text/csv; charset=utf-8";
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/** Without it Excel reads a CSV in the machine's own code page. */
const BYTE_ORDER_MARK = "\uFEFF";

/** Is noted in the audit log: a file of everybody's points leaves the system. */
export async function exportGradebook(
  db: Db,
  viewer: Viewer,
  access: CourseAccess,
  form: ExportForm,
  query: GradebookQuery,
  lang: "en" | "zh",
): Promise<Exported> {
  const gradebook = await wholeGradebook(db, viewer, access, query);
  const { course } = access;
  await audit(db, {
    actorId: viewer.id,
    action: "gradebook.exported",
    courseId: course.id,
    subject: { kind: "course", id: course.id },
    detail: { form, students: gradebook.count },
  });
  if (form === "xlsx") {
    const bytes = await workbookOf(staffRows(gradebook, lang), course.title[lang]);
    return { name: `${course.slug}.xlsx`, mediaType: XLSX, bytes };
  }
  if (form === "csv") {
    const bytes = Buffer.from(BYTE_ORDER_MARK + csvOf(staffRows(gradebook, lang)));
    return { name: `${course.slug}.csv`, mediaType: CSV, bytes };
  }
  const released = await releasedPoints(db, gradebook.columns, gradebook.rows);
  const rows = { canvas: canvasRows, moodle: moodleRows, gradescope: gradescopeRows }[form];
  const bytes = Buffer.from(csvOf(rows(gradebook, released, lang)));
  return { name: `${course.slug}-${form}.csv`, mediaType: CSV, bytes };
}

const heads = {
  en: {
    name: "Name",
    email: "E-mail",
    number: "Student number",
    section: "Section",
    total: "Total",
    of: "Total of",
  },
  zh: { name: "姓名", email: "邮箱", number: "学号", section: "班级", total: "总分", of: "总分满分" },
};

/** A head, then a row a student: points as numbers, nothing where there are none. */
export function staffRows({ columns, rows }: Gradebook, lang: "en" | "zh"): Value[][] {
  const { name, email, number, section, total, of } = heads[lang];
  const titles = columns.map(({ assignment }) => assignment.title[lang]);
  const head = [name, email, number, section, ...titles, total, of];
  const body = rows.map((row) => [
    row.name,
    row.email,
    row.studentNumber,
    row.section,
    ...row.cells.map((cell) => (cell?.points ? cell.points.total / 100 : null)),
    row.total.points / 100,
    row.total.max / 100,
  ]);
  return [head, ...body];
}

async function workbookOf(rows: Value[][], title: string): Promise<Buffer> {
  // Loaded when it is asked for: the library is large, and a server starts without it.
  const { default: exceljs } = await import("exceljs");
  const book = new exceljs.Workbook();
  // A sheet's name has at most 31 characters and none of these.
  const sheet = book.addWorksheet(title.replace(/[*?:/\\[\]']/g, " ").slice(0, 31) || "Assay", {
    views: [{ state: "frozen", xSplit: 1, ySplit: 1 }],
  });
  for (const row of rows) sheet.addRow(row);
  sheet.getRow(1).font = { bold: true };
  for (const [at, width] of [28, 30, 16, 12].entries()) sheet.getColumn(at + 1).width = width;
  return Buffer.from(await book.xlsx.writeBuffer());
}
