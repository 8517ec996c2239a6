// The leaderboard of an assignment: each student's best by the suite's first measure, as the student themself sees it.
// Nothing of a test that is not open moves it: neither a value nor which submission stands for somebody.

import { and, eq, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import { requireScope, type Viewer } from "../accounts/viewer.ts";
import { type AssignmentAccess, dueDates } from "../assignments/assignments.ts";
import { allows, permit } from "../courses/access.ts";
import { roster } from "../courses/tables.ts";
import { attempts } from "../grading/tables.ts";
import type { Report } from "../judge/report.ts";
import type { Words } from "../judge/words.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import { isBlind } from "../submissions/blind.ts";
import { ofCountingRun } from "../submissions/counting-run.ts";
import { opennessOf } from "../submissions/openness.ts";
import { submissionMembers, submissions } from "../submissions/tables.ts";
import { type StudentReport, studentView } from "../submissions/visibility.ts";
import { suiteVersions } from "../suites/tables.ts";
import { fail } from "./errors.ts";
import { pseudonym } from "./pseudonym.ts";
import { leaderboardNames, leaderboards } from "./tables.ts";

type Value = StudentReport["leaderboard"][number];

export interface LeaderboardRow {
  rank: number;
  /** A pseudonym in both languages, or a name. */
  shown: Words;
  /** For staff alone. */
  name: string | null;
  mine: boolean;
  /** In the columns' order; null where there is none. */
  values: (Value["value"] | null)[];
}

export interface Leaderboard {
  on: boolean;
  columns: { name: string; order: "asc" | "desc" }[];
  rows: LeaderboardRow[];
  /** Whether the viewer stands there by name. */
  named: boolean;
}

/** @throws not_found where there is none for the viewer */
export async function leaderboardOf(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
  sort: { column: number; order: "asc" | "desc" } | null = null,
): Promise<Leaderboard> {
  requireScope(viewer, "read");
  const { assignment } = access;
  const staff = allows(access.standing, "gradebook.view") && !isBlind(access.standing, assignment);
  const columns = await declaredColumns(db, access);
  const on = await isOn(db, access);
  if (columns.length === 0 || (!on && !staff)) throw fail("not_found");
  const named = await db
    .select({ id: leaderboardNames.personId })
    .from(leaderboardNames)
    .where(eq(leaderboardNames.assignmentId, assignment.id));
  const byName = new Set(named.map(({ id }) => id));
  const entries = await bestOf(db, access, columns);
  const ranked = ranking(entries, columns);
  const rows = ranked.map(({ people: members, values, rank }): LeaderboardRow => {
    const shown = members.map(({ id, name }) =>
      byName.has(id) ? { en: name, zh: name } : pseudonym(assignment.id, id),
    );
    return {
      rank,
      shown: {
        en: shown.map(({ en }) => en).join(", "),
        zh: shown.map(({ zh }) => zh).join("、"),
      },
      name: staff ? members.map(({ name }) => name).join(", ") : null,
      mine: members.some(({ id }) => id === viewer.id),
      values,
    };
  });
  return { on, columns, rows: sort ? sortedBy(rows, sort) : rows, named: byName.has(viewer.id) };
}

/** Whether there is one for the viewer: where its suite declares one, staff always, students once it is on. */
export async function hasLeaderboard(db: Executor, access: AssignmentAccess): Promise<boolean> {
  if ((await declaredColumns(db, access)).length === 0) return false;
  return allows(access.standing, "gradebook.view") || isOn(db, access);
}

async function isOn(db: Executor, { assignment }: AssignmentAccess): Promise<boolean> {
  return (await db.$count(leaderboards, eq(leaderboards.assignmentId, assignment.id))) > 0;
}

async function declaredColumns(db: Executor, { assignment }: AssignmentAccess) {
  if (assignment.suiteVersionId === null) return [];
  const [version] = await db
    .select({ config: suiteVersions.config })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, assignment.suiteVersionId));
  return version?.config.leaderboard ?? [];
}

interface Entry {
  submissionId: string;
  /** One, or the members of a group. */
  people: { id: string; name: string }[];
  values: (Value["value"] | null)[];
}

/** Of each student of the roster, the submission that is best by the first column; a group that shares it is one row. */
async function bestOf(
  db: Executor,
  access: AssignmentAccess,
  columns: Leaderboard["columns"],
): Promise<Entry[]> {
  const { course, assignment } = access;
  const rows = await db
    .select({
      submissionId: submissions.id,
      personId: people.id,
      name: people.name,
      tests: suiteVersions.tests,
      leaderboard: sql<Report["leaderboard"]>`${attempts.report} -> 'leaderboard'`,
    })
    .from(submissionMembers)
    .innerJoin(submissions, eq(submissions.id, submissionMembers.submissionId))
    .innerJoin(attempts, and(ofCountingRun(), eq(attempts.isFinal, true)))
    .innerJoin(suiteVersions, eq(suiteVersions.id, submissions.suiteVersionId))
    .innerJoin(people, eq(people.id, submissionMembers.personId))
    .innerJoin(
      roster,
      and(
        eq(roster.personId, submissionMembers.personId),
        eq(roster.courseId, course.id),
        eq(roster.role, "student"),
      ),
    )
    .where(and(eq(submissions.assignmentId, assignment.id), eq(attempts.state, "finished")));
  const { last } = await dueDates(db, assignment, rows[0]?.personId ?? course.id);
  const ids = [...new Set(rows.map(({ personId }) => personId))];
  const openness = await opennessOf(db, assignment, last, ids);
  const best = new Map<string, Entry>();
  for (const { submissionId, personId, name, tests, leaderboard } of rows) {
    // Without a suite's word on its tests nothing is known to be open.
    if (!tests) continue;
    const { leaderboard: open } = studentView(
      { declared: tests, results: [], finished: true, leaderboard, circumstances: null },
      openness(personId),
      "none",
    );
    const values = columns.map((column) => open.find((one) => one.name === column.name)?.value ?? null);
    const entry = { submissionId, people: [{ id: personId, name }], values };
    const known = best.get(personId);
    if (!known || compareValues(values[0]!, known.values[0]!, columns[0]!.order) < 0)
      best.set(personId, entry);
  }
  const shown = [...best.values()].filter(({ values }) => values.some((value) => value !== null));
  // By what each of them sees, too: one whose results are held back has other values.
  const alike = Map.groupBy(shown, ({ submissionId, values }) => JSON.stringify([submissionId, values]));
  return [...alike.values()].map((all) => ({ ...all[0]!, people: all.flatMap((one) => one.people) }));
}

/** Below 0: `a` is better. What is missing is worst; a text is compared as one. */
export function compareValues(a: Value["value"], b: Value["value"], order: "asc" | "desc"): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const sign = order === "asc" ? 1 : -1;
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * String(a).localeCompare(String(b));
}

/** Equal values share a rank: 1, 2, 2, 4. */
function ranking(entries: Entry[], columns: Leaderboard["columns"]): (Entry & { rank: number })[] {
  const better = (a: Entry, b: Entry) => {
    for (const [at, { order }] of columns.entries()) {
      const sign = compareValues(a.values[at]!, b.values[at]!, order);
      if (sign !== 0) return sign;
    }
    return 0;
  };
  const sorted = [...entries].sort((a, b) => better(a, b) || (a.submissionId < b.submissionId ? -1 : 1));
  let rank = 0;
  return sorted.map((entry, at) => {
    if (at === 0 || better(sorted[at - 1]!, entry) !== 0) rank = at + 1;
    return { ...entry, rank };
  });
}

function sortedBy(rows: LeaderboardRow[], sort: { column: number; order: "asc" | "desc" }): LeaderboardRow[] {
  return [...rows].sort(
    (a, b) =>
      compareValues(a.values[sort.column] ?? null, b.values[sort.column] ?? null, sort.order) ||
      a.rank - b.rank,
  );
}

/** On or off, by instructors. */
export async function switchLeaderboard(
  db: Db,
  viewer: Viewer,
  access: AssignmentAccess,
  on: boolean,
): Promise<void> {
  permit(viewer, access, "assignment.edit");
  const assignmentId = access.assignment.id;
  await transaction(db, async (tx) => {
    if (on) await tx.insert(leaderboards).values({ assignmentId }).onConflictDoNothing();
    else await tx.delete(leaderboards).where(eq(leaderboards.assignmentId, assignmentId));
    await audit(tx, {
      actorId: viewer.id,
      action: "leaderboard.switched",
      courseId: access.course.id,
      subject: { kind: "assignment", id: assignmentId },
      detail: { on },
    });
  });
}

/** Under one's own name or not; nobody decides it for another. */
export async function showMyName(
  db: Db,
  viewer: Viewer,
  access: AssignmentAccess,
  named: boolean,
): Promise<void> {
  permit(viewer, access, "submission.view_own");
  const row = { assignmentId: access.assignment.id, personId: viewer.id };
  if (named) await db.insert(leaderboardNames).values(row).onConflictDoNothing();
  else
    await db
      .delete(leaderboardNames)
      .where(
        and(eq(leaderboardNames.assignmentId, row.assignmentId), eq(leaderboardNames.personId, row.personId)),
      );
}
