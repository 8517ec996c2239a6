// A line for each assignment of a course.
import type { Viewer } from "../../accounts/viewer.ts";
import { dueDates, listAssignments } from "../../assignments/assignments.ts";
import type { Assignment } from "../../assignments/tables.ts";
import type { CourseAccess } from "../../courses/access.ts";
import type { Executor } from "../../platform/database.ts";
import { type HistoryEntry, myHistory } from "../../submissions/history.ts";
import { attemptsLeft } from "../../submissions/quota.ts";
import { type AssignmentCount, submissionCounts } from "../../submissions/table.ts";
import { usedQuota } from "../../submissions/used.ts";

export interface CourseRow {
  assignment: Assignment;
  due: Date | null;
  /** A student's own; null for staff. */
  mine: { counting: HistoryEntry | null; latest: HistoryEntry | null; left: number | null } | null;
  /** For staff. */
  count: AssignmentCount | null;
}

export async function studentRows(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  now: Date,
): Promise<CourseRow[]> {
  const rows: CourseRow[] = [];
  for (const assignment of await listAssignments(db, viewer, access)) {
    const { own } = await dueDates(db, assignment, viewer.id);
    const history = await myHistory(db, viewer, { ...access, assignment });
    const used = await usedQuota(db, access.course, assignment, viewer.id);
    const mine = {
      counting: history.find(({ counts }) => counts) ?? null,
      latest: history[0] ?? null,
      left: attemptsLeft(assignment, used),
    };
    rows.push({ assignment, due: own, mine, count: null });
  }
  return rows.sort(byDue(now));
}

export async function staffRows(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  now: Date,
): Promise<CourseRow[]> {
  const counts = await submissionCounts(db, viewer, access);
  const rows = await listAssignments(db, viewer, access);
  const none = (assignmentId: string) => ({ assignmentId, people: 0, submissions: 0 });
  return rows
    .map((assignment) => ({
      assignment,
      due: assignment.dueAt,
      mine: null,
      count: counts.get(assignment.id) ?? none(assignment.id),
    }))
    .sort(byDue(now));
}

/** What is still to do first, the nearest due date on top; then what is over, the newest on top. */
function byDue(now: Date) {
  const place = ({ assignment, due }: CourseRow): number => {
    const over = assignment.state === "closed" || (due !== null && due < now);
    const at = due?.getTime() ?? (over ? 0 : Number.MAX_SAFE_INTEGER / 2);
    return over ? Number.MAX_SAFE_INTEGER - at : at;
  };
  return (a: CourseRow, b: CourseRow) =>
    place(a) - place(b) || a.assignment.slug.localeCompare(b.assignment.slug);
}
