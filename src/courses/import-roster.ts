// A roster into rows: people who are not there yet are made, roles and numbers are brought up to date. Nobody is
// taken off by an import, and nobody who is there already is renamed by one: an instructor of one course has no
// say over a person of another.
import { and, eq, inArray, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { createPerson, peopleByEmail } from "../accounts/people.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { type Executor, type Tx, transaction, violates } from "../platform/database.ts";
import { UserError } from "../platform/errors.ts";
import { type CourseAccess, permit } from "./access.ts";
import { courseErrors, fail } from "./errors.ts";
import { ROSTER_LIMIT_BYTES, type RosterLine, type RosterProblem, readRoster } from "./roster-csv.ts";
import { courses, type Role, type RosterEntry, roster } from "./tables.ts";

export interface ImportedRoster {
  /** People made by this import: they need a link to set a password. */
  created: { id: string; email: string; name: string }[];
  added: number;
  changed: number;
  unchanged: number;
  encoding: string;
}

/** All of a roster or, with every problem named, none of it. @throws bad_roster, roster_too_large */
export async function importRoster(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  bytes: Uint8Array,
  emailDomain = "",
): Promise<ImportedRoster> {
  permit(viewer, access, "roster.edit");
  const reading = readAll(bytes, emailDomain);
  return importLines(db, viewer, access, reading.rows, reading.encoding);
}

/** Rows that can be used, or every problem. @throws bad_roster, roster_too_large */
function readAll(bytes: Uint8Array, emailDomain: string): { rows: RosterLine[]; encoding: string } {
  if (bytes.length > ROSTER_LIMIT_BYTES) {
    throw new UserError("roster_too_large", courseErrors.roster_too_large, {
      limit: `${ROSTER_LIMIT_BYTES / 1024 / 1024} MB`,
    });
  }
  const reading = readRoster(bytes, emailDomain);
  if ("problems" in reading) throw badRoster(reading.problems);
  return reading;
}

/** `person`: made by it, and put on the roster. */
export type LineChange = "person" | "added" | "changed" | "unchanged";

export interface PreviewedLine {
  line: RosterLine;
  change: LineChange;
  before: Pick<RosterEntry, "role" | "studentNumber" | "section"> | null;
  after: Pick<RosterEntry, "role" | "studentNumber" | "section">;
}

/** What an import would do, without doing it. @throws bad_roster, roster_too_large */
export async function previewRoster(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  bytes: Uint8Array,
  emailDomain = "",
): Promise<{ lines: PreviewedLine[]; encoding: string }> {
  permit(viewer, access, "roster.edit");
  const { rows, encoding } = readAll(bytes, emailDomain);
  const emails = rows.map(({ email }) => email);
  const known = await peopleByEmail(db, emails);
  const entries = await db.select().from(roster).where(eq(roster.courseId, access.course.id));
  const byPerson = new Map(entries.map((entry) => [entry.personId, entry]));
  const lines = rows.map((line): PreviewedLine => {
    const person = known.get(line.email);
    const before = (person && byPerson.get(person.id)) ?? null;
    const after = {
      role: line.role ?? before?.role ?? "student",
      studentNumber: line.studentNumber ?? before?.studentNumber ?? null,
      section: line.section ?? before?.section ?? null,
    };
    const change = before ? (isSame(before, line) ? "unchanged" : "changed") : "added";
    return { line, change: person ? change : "person", before, after };
  });
  return { lines, encoding };
}

/** All of these lines, or none. @throws bad_roster, last_instructor */
export async function importLines(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  lines: RosterLine[],
  encoding: string,
): Promise<ImportedRoster> {
  permit(viewer, access, "roster.edit");
  try {
    return await transaction(db, (tx) => writeRoster(tx, viewer, access, lines, encoding));
  } catch (error) {
    if (!violates(error, "roster_student_number")) throw error;
    throw badRoster([
      { line: 1, en: "a student number belongs to someone else already", zh: "某个学号已属于其他人" },
    ]);
  }
}

async function writeRoster(
  tx: Tx,
  viewer: Viewer,
  { course }: CourseAccess,
  lines: RosterLine[],
  encoding: string,
): Promise<ImportedRoster> {
  await tx.select({ id: courses.id }).from(courses).where(eq(courses.id, course.id)).for("update");
  const known = await peopleByEmail(
    tx,
    lines.map(({ email }) => email),
  );
  const result: ImportedRoster = { created: [], added: 0, changed: 0, unchanged: 0, encoding };
  for (const { email, name } of lines) {
    if (known.has(email)) continue;
    const person = await createPerson(tx, viewer, { email, name });
    known.set(email, person);
    result.created.push({ id: person.id, email, name });
  }
  const ids = [...known.values()].map(({ id }) => id);
  const before = await tx
    .select()
    .from(roster)
    .where(and(eq(roster.courseId, course.id), inArray(roster.personId, ids)));
  for (const line of lines) {
    const personId = known.get(line.email)!.id;
    const old = before.find((row) => row.personId === personId);
    if (old && isSame(old, line)) result.unchanged++;
    else if (old) result.changed++;
    else result.added++;
  }
  const rows = lines.map((line) => ({
    courseId: course.id,
    personId: known.get(line.email)!.id,
    role: roleOf(line, before, known.get(line.email)!.id),
    studentNumber: line.studentNumber,
    section: line.section,
  }));
  for (let from = 0; from < rows.length; from += 500) {
    await tx
      .insert(roster)
      .values(rows.slice(from, from + 500))
      .onConflictDoUpdate({
        target: [roster.courseId, roster.personId],
        set: {
          role: sql`excluded.role`,
          studentNumber: sql`coalesce(excluded.student_number, ${roster.studentNumber})`,
          section: sql`coalesce(excluded.section, ${roster.section})`,
        },
      });
  }
  await keepAnInstructor(tx, course.id, before);
  await audit(tx, {
    actorId: viewer.id,
    action: "roster.imported",
    courseId: course.id,
    subject: { kind: "course", id: course.id },
    detail: { created: result.created.length, added: result.added, changed: result.changed },
  });
  return result;
}

function roleOf(line: RosterLine, before: RosterEntry[], personId: string): Role {
  return line.role ?? before.find((row) => row.personId === personId)?.role ?? "student";
}

/** An import may not leave a course that had an instructor without one. */
async function keepAnInstructor(tx: Tx, courseId: string, before: RosterEntry[]): Promise<void> {
  if (!before.some(({ role }) => role === "instructor")) return;
  const [left] = await tx
    .select({ personId: roster.personId })
    .from(roster)
    .where(and(eq(roster.courseId, courseId), eq(roster.role, "instructor")))
    .limit(1);
  if (!left) throw fail("last_instructor");
}

function isSame(old: RosterEntry, line: RosterLine): boolean {
  return (
    (line.role ?? old.role) === old.role &&
    (line.studentNumber ?? old.studentNumber) === old.studentNumber &&
    (line.section ?? old.section) === old.section
  );
}

/** Each problem with its line, in both languages: the sentence is made per language, not from one text. */
function badRoster(problems: RosterProblem[]): UserError {
  const { status, en, zh } = courseErrors.bad_roster;
  const list = (lang: "en" | "zh") =>
    problems
      .map((p) => (lang === "en" ? `Line ${p.line}: ${p.en}.` : `第 ${p.line} 行：${p.zh}。`))
      .join(" ");
  return new UserError(
    "bad_roster",
    { status, en: en.replace("{problems}", list("en")), zh: zh.replace("{problems}", list("zh")) },
    { line: problems[0]?.line ?? 1 },
  );
}
