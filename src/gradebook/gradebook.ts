// The gradebook: students of a course × its assignments, a page at a time; for staff, with everything in it.
import { and, eq, inArray, ne, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { type Assignment, assignments } from "../assignments/tables.ts";
import { type CourseAccess, permit, permitSight } from "../courses/access.ts";
import { roster } from "../courses/tables.ts";
import type { SuiteConfig } from "../judge/suite.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import { courseTotal } from "../scoring/course-total.ts";
import { mostOf, rubricUnder } from "../scoring/rubric.ts";
import { isBlind } from "../submissions/blind.ts";
import { rubricInForce, worthsOf } from "../submissions/rubric-worth.ts";
import { type DeclaredSuiteTest, suiteVersions } from "../suites/tables.ts";
import { fail, WEIGHT_LIMIT } from "./errors.ts";
import { keptPoints, keptStandingsOf, refreshStandings } from "./kept.ts";
import { type Standing, standings } from "./standings.ts";
import { assignmentWeights } from "./tables.ts";

export const GRADEBOOK_SIZES = [25, 50, 100, 200] as const;
const COLUMNS_LIMIT = 100;

/** What a gradebook's address says; whatever is not understood is as if it were absent. */
export const gradebookQuery = z.object({
  q: z.string().trim().max(100).catch(""),
  section: z.string().trim().max(100).catch(""),
  /** `name`, `number`, `section`, `total`, or an assignment's short name. */
  sort: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .catch("name"),
  order: z.enum(["asc", "desc"]).catch("asc"),
  size: z.coerce
    .number()
    .pipe(z.union(GRADEBOOK_SIZES.map((size) => z.literal(size))))
    .catch(50),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
export type GradebookQuery = z.infer<typeof gradebookQuery>;

export interface Column {
  assignment: Assignment;
  /** Hundredths: tests and rubric of the suite version in use. */
  max: number;
  weight: number | null;
}

export interface Student {
  personId: string;
  name: string;
  email: string;
  studentNumber: string | null;
  section: string | null;
}

export interface GradebookRow extends Student {
  /** In the columns' order; null where nothing was handed in. */
  cells: (Standing | null)[];
  /** Hundredths. */
  total: { points: number; max: number };
}

export interface Gradebook {
  columns: Column[];
  rows: GradebookRow[];
  /** Rows of all pages. */
  count: number;
  sections: string[];
}

export async function gradebookPage(
  db: Db,
  viewer: Viewer,
  access: CourseAccess,
  query: GradebookQuery,
): Promise<Gradebook> {
  permitSight(viewer, access, "gradebook.view");
  const columns = await columnsOf(db, access);
  const students = await studentsOf(db, access, query);
  const sections = await sectionsOf(db, access);
  const shown = await pageOf(db, access, columns, students, query);
  return { columns, rows: shown, count: students.length, sections };
}

/** Everybody that a query names, without pages: for exports, from rows alone. */
export async function wholeGradebook(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  query: GradebookQuery,
): Promise<Gradebook> {
  permitSight(viewer, access, "gradebook.view");
  const columns = await columnsOf(db, access);
  const students = await studentsOf(db, access, query);
  const found = await standings(
    db,
    columns.map(({ assignment }) => assignment),
    students.map(({ personId }) => personId),
  );
  const rows = sorted(withCells(columns, students, found), columns, query);
  return { columns, rows, count: rows.length, sections: [] };
}

/** Only the page's people are reckoned, whatever it is sorted by. */
async function pageOf(
  db: Db,
  access: CourseAccess,
  columns: Column[],
  students: Student[],
  query: GradebookQuery,
): Promise<GradebookRow[]> {
  const all = columns.map(({ assignment }) => assignment);
  await refreshStandings(db, access.course.id, all);
  const from = (query.page - 1) * query.size;
  const page = (await inOrder(db, columns, students, query)).slice(from, from + query.size);
  const ids = page.map(({ personId }) => personId);
  return withCells(columns, page, await keptStandingsOf(db, all, ids));
}

async function inOrder(
  db: Db,
  columns: Column[],
  students: Student[],
  query: GradebookQuery,
): Promise<Student[]> {
  const column = columns.find(({ assignment }) => assignment.slug === query.sort);
  if (!column && query.sort !== "total") return sortedStudents(students, query);
  const some = column ? [column] : columns;
  const kept = await keptPoints(
    db,
    some.map(({ assignment }) => assignment),
  );
  const value = ({ personId }: Student) => {
    const points = kept.get(personId) ?? {};
    return column ? (points[column.assignment.id] ?? null) : totalOf(columns, points).points;
  };
  return byPoints(students, value, query);
}

function totalOf(columns: Column[], points: Readonly<Record<string, number | null>>) {
  return courseTotal(
    columns.map(({ assignment, max, weight }) => ({ points: points[assignment.id] ?? null, max, weight })),
  );
}

function withCells(columns: Column[], students: Student[], found: Standing[]): GradebookRow[] {
  const cells = new Map(found.map((one) => [`${one.personId} ${one.assignmentId}`, one]));
  return students.map(({ personId, name, email, studentNumber, section }) => {
    const row = columns.map(({ assignment }) => cells.get(`${personId} ${assignment.id}`) ?? null);
    const points = Object.fromEntries(
      columns.map(({ assignment }, at) => [assignment.id, row[at]?.points?.total ?? null]),
    );
    return { personId, name, email, studentNumber, section, cells: row, total: totalOf(columns, points) };
  });
}

function sorted(rows: GradebookRow[], columns: Column[], query: GradebookQuery): GradebookRow[] {
  const at = columns.findIndex(({ assignment }) => assignment.slug === query.sort);
  if (at < 0 && query.sort !== "total") return sortedStudents(rows, query);
  const value = (row: GradebookRow) => (at < 0 ? row.total.points : (row.cells[at]?.points?.total ?? null));
  return byPoints(rows, value, query);
}

/** Who has no points stands last, whichever way it is sorted; who has as many, by name. */
function byPoints<S extends Student>(
  students: readonly S[],
  value: (one: S) => number | null,
  query: GradebookQuery,
): S[] {
  const sign = query.order === "asc" ? 1 : -1;
  return sortedStudents(students, { ...query, sort: "name", order: "asc" })
    .map((one) => ({ one, points: value(one) }))
    .sort((a, b) => {
      if (a.points === null || b.points === null)
        return Number(a.points === null) - Number(b.points === null);
      return sign * (a.points - b.points);
    })
    .map(({ one }) => one);
}

function sortedStudents<S extends Student>(students: readonly S[], { sort, order }: GradebookQuery): S[] {
  const value = (one: Student) =>
    sort === "number" ? one.studentNumber : sort === "section" ? one.section : one.name;
  const sign = order === "asc" ? 1 : -1;
  return students
    .map((one) => ({ one, key: value(one) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      return sign * (collator.compare(a.key, b.key) || collator.compare(a.one.email, b.one.email));
    })
    .map(({ one }) => one);
}

/** Chinese names by sound, numbers by value. */
const collator = new Intl.Collator("zh-CN", { numeric: true });

/** Every assignment that students see, by due date. */
export async function columnsOf(db: Executor, { course, standing }: CourseAccess): Promise<Column[]> {
  const found = await db
    .select({
      assignment: assignments,
      tests: suiteVersions.tests,
      config: suiteVersions.config,
      weight: assignmentWeights.weight,
    })
    .from(assignments)
    .leftJoin(suiteVersions, eq(suiteVersions.id, assignments.suiteVersionId))
    .leftJoin(assignmentWeights, eq(assignmentWeights.assignmentId, assignments.id))
    .where(and(eq(assignments.courseId, course.id), ne(assignments.state, "draft")))
    .orderBy(sql`${assignments.dueAt} asc nulls last`, assignments.slug)
    .limit(COLUMNS_LIMIT);
  // What somebody grades without names they do not see by name meanwhile.
  const rows = found.filter(({ assignment }) => !isBlind(standing, assignment));
  const worths = await worthsOf(
    db,
    rows.map(({ assignment }) => assignment.id),
  );
  return rows.map(({ assignment, weight, tests, config }) => ({
    assignment,
    max: mostOfVersion(tests, rubricUnder(config?.rubric ?? [], worths.get(assignment.id))),
    weight,
  }));
}

/** Hundredths that the suite version in use has to give; 0 without one. */
export async function maxOf(db: Executor, { id, suiteVersionId }: Assignment): Promise<number> {
  if (suiteVersionId === null) return 0;
  const { tests, config } = suiteVersions;
  const [version] = await db
    .select({ tests, config })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, suiteVersionId));
  return version ? mostOfVersion(version.tests, await rubricInForce(db, id, version.config.rubric)) : 0;
}

function mostOfVersion(tests: DeclaredSuiteTest[] | null, rubric: SuiteConfig["rubric"]): number {
  const ofTests = (tests ?? []).reduce((sum, test) => sum + test.max, 0);
  return ofTests + rubric.reduce((sum, item) => sum + mostOf(item), 0);
}

async function studentsOf(
  db: Executor,
  { course }: CourseAccess,
  { q, section }: GradebookQuery,
): Promise<Student[]> {
  return db
    .select({
      personId: people.id,
      name: people.name,
      email: people.email,
      studentNumber: roster.studentNumber,
      section: roster.section,
    })
    .from(roster)
    .innerJoin(people, eq(people.id, roster.personId))
    .where(
      and(
        eq(roster.courseId, course.id),
        eq(roster.role, "student"),
        section === "" ? undefined : eq(roster.section, section),
        named(q),
      ),
    );
}

function named(q: string): SQL | undefined {
  if (q === "") return undefined;
  const pattern = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
  return sql`(${people.name} ilike ${pattern} or ${people.email} ilike ${pattern} or ${roster.studentNumber} ilike ${pattern})`;
}

async function sectionsOf(db: Executor, { course }: CourseAccess): Promise<string[]> {
  const rows = await db
    .selectDistinct({ section: roster.section })
    .from(roster)
    .where(and(eq(roster.courseId, course.id), eq(roster.role, "student")));
  return rows.flatMap(({ section }) => section ?? []).sort(collator.compare);
}

/** @param wish by short name; an empty text takes a weight away. @throws bad_weight */
export async function setWeights(
  db: Db,
  viewer: Viewer,
  access: CourseAccess,
  wish: Record<string, string>,
): Promise<void> {
  permit(viewer, access, "assignment.edit");
  const columns = await columnsOf(db, access);
  const changed = columns.flatMap(({ assignment, weight }) => {
    const given = wish[assignment.slug];
    const wanted = given === undefined ? weight : readWeight(given);
    return wanted === weight
      ? []
      : [{ assignmentId: assignment.id, slug: assignment.slug, before: weight, weight: wanted }];
  });
  if (changed.length === 0) return;
  await transaction(db, async (tx) => {
    const ids = changed.map(({ assignmentId }) => assignmentId);
    await tx.delete(assignmentWeights).where(inArray(assignmentWeights.assignmentId, ids));
    const rows = changed.flatMap(({ assignmentId, weight }) =>
      weight === null ? [] : [{ assignmentId, weight }],
    );
    if (rows.length > 0) await tx.insert(assignmentWeights).values(rows);
    await audit(tx, {
      actorId: viewer.id,
      action: "gradebook.weights_changed",
      courseId: access.course.id,
      subject: { kind: "course", id: access.course.id },
      detail: Object.fromEntries(changed.map(({ slug, before, weight }) => [slug, { before, weight }])),
    });
  });
}

function readWeight(given: string): number | null {
  const text = given.trim();
  if (text === "") return null;
  const weight = Number(text);
  if (!/^\d+$/.test(text) || weight > WEIGHT_LIMIT) {
    throw fail("bad_weight", { limit: WEIGHT_LIMIT, given: text.slice(0, 40) });
  }
  return weight;
}
