// The book of late days: everybody's balance by kind of work, and who gave, spent and got back what.
import { and, asc, desc, eq, gt, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { type LateDayBudget, lateDayBudgets, workKind } from "../assignments/tables.ts";
import { type CourseAccess, permit } from "../courses/access.ts";
import { roster } from "../courses/tables.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import { lateDaysLeft } from "../scoring/late-days.ts";
import { fail } from "./errors.ts";
import { lockLateDays } from "./late-days.ts";
import { type LateDayRow, lateDayEntries } from "./tables.ts";

export const DAYS_LIMIT = 365;
const ENTRIES_SHOWN = 200;
export const BOOK_PAGE = 200;

export interface Balance {
  work: string;
  budget: number;
  left: number;
}

/** The course's budgets by kind of work. */
export function budgetsOf(db: Executor, courseId: string): Promise<LateDayBudget[]> {
  return db
    .select()
    .from(lateDayBudgets)
    .where(eq(lateDayBudgets.courseId, courseId))
    .orderBy(asc(lateDayBudgets.kind));
}

/** The viewer's own balances and their newest entries. */
export async function myLateDays(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
): Promise<{ balances: Balance[]; entries: LateDayRow[] }> {
  permit(viewer, access, "late_days.view");
  const entries = await db
    .select()
    .from(lateDayEntries)
    .where(and(eq(lateDayEntries.courseId, access.course.id), eq(lateDayEntries.personId, viewer.id)))
    .orderBy(desc(lateDayEntries.madeAt), desc(lateDayEntries.id));
  const budgets = await budgetsOf(db, access.course.id);
  return { balances: balancesOf(budgets, entries), entries: entries.slice(0, ENTRIES_SHOWN) };
}

/** A line for each kind of work that has a budget or an entry. */
export function balancesOf(budgets: LateDayBudget[], entries: LateDayRow[]): Balance[] {
  const works = [...new Set([...budgets.map(({ kind }) => kind), ...entries.map(({ work }) => work)])].sort();
  return works.map((work) => {
    const budget = budgets.find(({ kind }) => kind === work)?.days ?? 0;
    const own = entries.filter((entry) => entry.work === work);
    return { work, budget, left: lateDaysLeft(budget, own) };
  });
}

export interface BookLine {
  personId: string;
  name: string;
  email: string;
  balances: Balance[];
}

/** Everybody's balances, for staff, a page at a time by e-mail. */
export async function lateDayBook(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  after = "",
): Promise<BookLine[]> {
  permit(viewer, access, "submission.view_any");
  const courseId = access.course.id;
  const students = await db
    .select({ personId: people.id, name: people.name, email: people.email })
    .from(roster)
    .innerJoin(people, eq(people.id, roster.personId))
    .where(and(eq(roster.courseId, courseId), eq(roster.role, "student"), gt(people.email, after)))
    .orderBy(asc(people.email))
    .limit(BOOK_PAGE);
  const budgets = await budgetsOf(db, courseId);
  const rows = await db.select().from(lateDayEntries).where(eq(lateDayEntries.courseId, courseId));
  const entries = Map.groupBy(rows, ({ personId }) => personId);
  return students.map((one) => ({ ...one, balances: balancesOf(budgets, entries.get(one.personId) ?? []) }));
}

/** What everybody of the course begins with; 0 takes a budget away, and never what was given to one. @throws bad_days */
export async function setBudget(
  db: Db,
  viewer: Viewer,
  access: CourseAccess,
  wish: { kind: string; days: number },
): Promise<void> {
  permit(viewer, access, "late_days.edit");
  checkDays(wish, 0);
  const courseId = access.course.id;
  await transaction(db, async (tx) => {
    const row = { courseId, ...wish };
    const target = [lateDayBudgets.courseId, lateDayBudgets.kind];
    await tx
      .insert(lateDayBudgets)
      .values(row)
      .onConflictDoUpdate({ target, set: { days: wish.days } });
    await audit(tx, {
      actorId: viewer.id,
      action: "late_days.budget_set",
      courseId,
      subject: { kind: "course", id: courseId },
      detail: wish,
    });
  });
}

/** Gives one person late days. @throws nobody, bad_days, reason_needed */
export async function grantLateDays(
  db: Db,
  viewer: Viewer,
  access: CourseAccess,
  wish: { email: string; kind: string; days: number; reason: string },
): Promise<void> {
  permit(viewer, access, "late_days.edit");
  checkDays(wish, 1);
  const reason = wish.reason.trim();
  if (reason === "" || reason.length > 500) throw fail("reason_needed");
  const courseId = access.course.id;
  await transaction(db, async (tx) => {
    const [person] = await tx
      .select({ id: people.id })
      .from(roster)
      .innerJoin(people, eq(people.id, roster.personId))
      .where(and(eq(roster.courseId, courseId), eq(people.email, sql`lower(${wish.email.trim()})`)));
    if (!person) throw fail("nobody", { email: wish.email.slice(0, 200) });
    await lockLateDays(tx, courseId, [person.id]);
    const { kind: work, days } = wish;
    await tx
      .insert(lateDayEntries)
      .values({ courseId, personId: person.id, work, kind: "grant", days, reason, madeBy: viewer.id });
    await audit(tx, {
      actorId: viewer.id,
      action: "late_days.granted",
      courseId,
      subject: { kind: "person", id: person.id },
      detail: { work, days, reason },
    });
  });
}

function checkDays({ kind, days }: { kind: string; days: number }, least: number): void {
  const whole = Number.isSafeInteger(days) && days >= least && days <= DAYS_LIMIT;
  if (!whole || !workKind.safeParse(kind).success) throw fail("bad_days", { least, most: DAYS_LIMIT });
}
