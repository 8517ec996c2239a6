// Columns as other systems import them. Pure.
import type { Value } from "./csv.ts";
import type { Gradebook, GradebookRow } from "./gradebook.ts";
import type { Released } from "./released.ts";

type Lang = "en" | "zh";
type ReleasedMap = ReadonlyMap<string, Released>;
type Rows = (gradebook: Gradebook, released: ReleasedMap, lang: Lang) => Value[][];

const of = (released: ReleasedMap, row: GradebookRow, assignmentId: string) =>
  released.get(`${row.personId} ${assignmentId}`) ?? null;
const scores = ({ columns }: Gradebook, released: ReleasedMap, row: GradebookRow): Value[] =>
  columns.map(({ assignment }) => {
    const one = of(released, row, assignment.id);
    return one && one.total / 100;
  });
const titles = ({ columns }: Gradebook, lang: Lang) =>
  columns.map(({ assignment }) => assignment.title[lang]);

/**
 * Canvas' gradebook: five columns that name a student (`SIS User ID` or `SIS Login ID` suffices to find one), then
 * assignments by title; the row of points possible is told by its four blanks. An empty cell changes nothing there.
 */
export const canvasRows: Rows = (gradebook, released, lang) => [
  ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ...titles(gradebook, lang)],
  ["    Points Possible", null, null, null, null, ...gradebook.columns.map(({ max }) => max / 100)],
  ...gradebook.rows.map((row) => [
    row.name,
    null,
    row.studentNumber,
    row.email,
    row.section,
    ...scores(gradebook, released, row),
  ]),
];

/** Moodle's grade import: map `Email address` or `ID number` to the person, and each title to a grade item. */
export const moodleRows: Rows = (gradebook, released, lang) => [
  ["First name", "Last name", "ID number", "Email address", ...titles(gradebook, lang)],
  ...gradebook.rows.map((row) => [
    ...namesOf(row.name),
    row.studentNumber,
    row.email,
    ...scores(gradebook, released, row),
  ]),
];

/** The columns of Gradescope's own "download grades" of a course, for whatever reads those. */
export const gradescopeRows: Rows = (gradebook, released, lang) => [
  [
    "First Name",
    "Last Name",
    "SID",
    "Email",
    "Sections",
    ...titles(gradebook, lang).flatMap((title) => [
      title,
      `${title} - Max Points`,
      `${title} - Submission Time`,
      `${title} - Lateness (H:M:S)`,
    ]),
  ],
  ...gradebook.rows.map((row) => [
    ...namesOf(row.name),
    row.studentNumber,
    row.email,
    row.section,
    ...gradebook.columns.flatMap(({ assignment, max }): Value[] => {
      const one = of(released, row, assignment.id);
      if (!one) return [null, max / 100, null, null];
      const { receivedAt, due } = one.standing;
      return [one.total / 100, max / 100, timeOf(receivedAt), latenessOf(receivedAt, due)];
    }),
  ]),
];

/** A name in two words is split at its last blank; any other (a Chinese one) is the first name whole. */
export function namesOf(name: string): [first: string, last: string] {
  const at = /^[\p{Script=Latin}\s.'-]+$/u.test(name) ? name.lastIndexOf(" ") : -1;
  return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 1)];
}

/** `2026-11-20 15:59:00 +0000`. */
const timeOf = (at: Date) => `${at.toISOString().slice(0, 19).replace("T", " ")} +0000`;

/** Hours may have more than two digits. */
export function latenessOf(receivedAt: Date, due: Date | null): string {
  const seconds = due ? Math.max(0, Math.floor((receivedAt.getTime() - due.getTime()) / 1000)) : 0;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
