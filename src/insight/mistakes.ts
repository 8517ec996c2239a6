// What an assignment's students did not understand: known mistakes by how many made them, and failures that no known
// mistake explains, in groups that fail alike. For staff, with hidden tests.
import { createHash } from "node:crypto";
import { and, desc, eq, sql } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { permitSight } from "../courses/access.ts";
import { roster } from "../courses/tables.ts";
import { standings } from "../gradebook/standings.ts";
import { attempts, testResults } from "../grading/tables.ts";
import type { Diagnosis } from "../judge/diagnosis-words.ts";
import type { TestReport } from "../judge/report.ts";
import type { Words } from "../judge/words.ts";
import { type Executor, idList } from "../platform/database.ts";
import { ofCountingRun } from "../submissions/counting-run.ts";
import { stillDiagnosing } from "../submissions/still-diagnosing.ts";
import { submissionMembers, submissions } from "../submissions/tables.ts";
import { kindOfFailure } from "./kind-of-failure.ts";

export interface KnownMistake {
  /** Names the group in addresses. */
  key: string;
  mutant: string;
  title: Words;
  hint: Words;
  /** Students whose latest, and whose counted submission has it. */
  latest: number;
  counted: number;
  /** The submissions with it, the newest first; at most `SHOWN`. */
  submissions: string[];
}

export interface UnknownGroup {
  key: string;
  /** Titles of the tests that fail, in the suite's order. */
  tests: { name: string; title: Words }[];
  /** Of the first of them (kind-of-failure.ts). */
  kind: string;
  students: number;
  /** The message of the first, from the newest submission. */
  message: Words | null;
  submissions: string[];
}

export interface Mistakes {
  students: number;
  /** Students whose latest submission is graded. */
  graded: number;
  /** Of them those in whose failures a name is still looked for: what has none yet is in no group below. */
  looking: number;
  /** The most frequent first. */
  known: KnownMistake[];
  unknown: UnknownGroup[];
}

const SHOWN = 10;
const GROUPS_LIMIT = 50;

export async function mistakesOf(db: Executor, viewer: Viewer, access: AssignmentAccess): Promise<Mistakes> {
  permitSight(viewer, access, "gradebook.view");
  const { students, latest, counted, failures, looking } = await failuresIn(db, access);
  return {
    students,
    graded: [...latest.values()].filter((id) => failures.has(id)).length,
    looking: [...latest.values()].filter((id) => looking.has(id)).length,
    known: knownIn(failures, latest, counted),
    unknown: unknownIn(failures, latest),
  };
}

/** Which submission of each student is looked at: the one that counts, or the one that came last. */
export const bases = ["counted", "latest"] as const;
export type Basis = (typeof bases)[number];

export interface MistakeGroup {
  key: string;
  basis: Basis;
  /** Null for failures that no known mistake explains. */
  known: Pick<KnownMistake, "mutant" | "title" | "hint"> | null;
  /** Of failures without a name: what they have in common. */
  alike: Pick<UnknownGroup, "tests" | "kind" | "message"> | null;
  /** Where it first shows, as `module.function`; null for failures without a name. */
  where: string | null;
  /** Everybody's, the newest first; no more than there are students. */
  submissions: string[];
}

/** What a group is called. */
export function titleOf({ known, alike }: Pick<MistakeGroup, "known" | "alike">): Words {
  if (known) return known.title;
  const titles = alike!.tests.slice(0, 3).map(({ title }) => title);
  return { en: titles.map(({ en }) => en).join(", "), zh: titles.map(({ zh }) => zh).join("，") };
}

/** All submissions with the same mistake, by the address of their group; null where nobody's has it (any more). */
export async function mistakeGroup(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
  key: string,
  basis: Basis,
): Promise<MistakeGroup | null> {
  permitSight(viewer, access, "gradebook.view");
  const found = await failuresIn(db, access);
  const ids = [...new Set(found[basis].values())].sort().reverse();
  const every = [...new Set([...ids, ...found.latest.values()])];
  for (const id of every) {
    const known = sureIn(found.failures.get(id)).find(({ mutant }) => keyOf(mutant) === key);
    const alike = alikeIn(found.failures.get(id));
    if (!known && alike?.key !== key) continue;
    const has = (one: string) =>
      known
        ? sureIn(found.failures.get(one)).some(({ mutant }) => mutant === known.mutant)
        : alikeIn(found.failures.get(one))?.key === key;
    const where = known?.evidence.function ?? null;
    const what = { known: known ?? null, alike: known ? null : alike, where };
    return { key, basis, ...what, submissions: ids.filter(has) };
  }
  return null;
}

async function failuresIn(db: Executor, { course, assignment }: AssignmentAccess) {
  const rows = await db
    .select({ id: roster.personId })
    .from(roster)
    .where(and(eq(roster.courseId, course.id), eq(roster.role, "student")));
  const students = rows.map(({ id }) => id);
  const latest = await latestOf(db, assignment.id, students);
  const found = await standings(db, [assignment], students);
  const counted = new Map(found.map(({ personId, submissionId }) => [personId, submissionId]));
  const { failures, looking } = await failuresOf(db, [...new Set([...latest.values(), ...counted.values()])]);
  return { students: students.length, latest, counted, failures, looking };
}

/** Of each student the submission that came last, with their name on it; newest first. */
async function latestOf(
  db: Executor,
  assignmentId: string,
  students: string[],
): Promise<Map<string, string>> {
  const rows = await db
    .selectDistinctOn([submissionMembers.personId], {
      personId: submissionMembers.personId,
      id: submissions.id,
      receivedAt: submissions.receivedAt,
    })
    .from(submissions)
    .innerJoin(submissionMembers, eq(submissionMembers.submissionId, submissions.id))
    .where(
      and(
        eq(submissions.assignmentId, assignmentId),
        sql`${submissionMembers.personId} = any(${idList(students)})`,
      ),
    )
    .orderBy(submissionMembers.personId, desc(submissions.receivedAt), desc(submissions.id));
  rows.sort((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime());
  return new Map(rows.map(({ personId, id }) => [personId, id]));
}

interface Failure {
  name: string;
  title: Words;
  kind: string;
  message: Words | null;
  diagnosis: Diagnosis | null;
}

interface Failures {
  /** Of each graded submission the tests that lost points; an empty list where none did. */
  failures: Map<string, Failure[]>;
  /** Submissions of whose failures some are left out, as their names are still looked for. */
  looking: Set<string>;
}

async function failuresOf(db: Executor, ids: string[]): Promise<Failures> {
  const failures = new Map<string, Failure[]>();
  const looking = new Set<string>();
  if (ids.length === 0) return { failures, looking };
  const rows = await db
    .select({
      id: submissions.id,
      name: testResults.name,
      lost: sql<boolean>`${testResults.score} < ${testResults.max}`,
      diagnosis: testResults.diagnosis,
      diagnosing: attempts.diagnosing,
      finishedAt: attempts.finishedAt,
      // Not the whole result: what a test printed and its picture of wrong places stay where they are.
      title: sql<Words>`${testResults.result} -> 'title'`,
      verdict: sql<TestReport["verdict"]>`${testResults.result} ->> 'verdict'`,
      message: sql<Words | null>`nullif(${testResults.result} -> 'message', 'null'::jsonb)`,
      traceback: sql<string | null>`right(${testResults.result} ->> 'traceback', 2000)`,
      mismatch: sql<boolean>`(${testResults.result} -> 'extra') ? 'mismatch'`,
    })
    .from(submissions)
    .innerJoin(attempts, and(ofCountingRun(), eq(attempts.isFinal, true)))
    .innerJoin(testResults, eq(testResults.attemptId, attempts.id))
    .where(sql`${submissions.id} = any(${idList(ids)})`)
    .orderBy(submissions.id, testResults.position);
  for (const { id, name, lost, diagnosis, title, message, mismatch, ...row } of rows) {
    const list = failures.get(id) ?? [];
    failures.set(id, list);
    if (!lost) continue;
    const kind = kindOfFailure({ ...row, message, extra: mismatch ? { mismatch } : {} });
    if (diagnosis === null && stillDiagnosing(row)) looking.add(id);
    else list.push({ name, title, kind, message, diagnosis });
  }
  return { failures, looking };
}

/** A person's own: mistakes that only tie with another do not count as known. */
const sureIn = (failures: Failure[] | undefined): Diagnosis[] =>
  (failures ?? []).flatMap(({ diagnosis }) => (diagnosis?.others.length === 0 ? [diagnosis] : []));

function knownIn(
  failures: Map<string, Failure[]>,
  latest: Map<string, string>,
  counted: Map<string, string>,
): KnownMistake[] {
  const known = new Map<string, KnownMistake>();
  const count = (submission: string, which: "latest" | "counted") => {
    const own = new Map(sureIn(failures.get(submission)).map((diagnosis) => [diagnosis.mutant, diagnosis]));
    for (const { mutant, title, hint } of own.values()) {
      const one = known.get(mutant) ?? {
        ...{ key: keyOf(mutant), mutant, title, hint, latest: 0, counted: 0 },
        submissions: [] as string[],
      };
      known.set(mutant, one);
      one[which]++;
      if (which === "latest" && one.submissions.length < SHOWN && !one.submissions.includes(submission))
        one.submissions.push(submission);
    }
  };
  for (const submission of latest.values()) count(submission, "latest");
  for (const submission of counted.values()) count(submission, "counted");
  return [...known.values()].sort((a, b) => b.latest - a.latest || b.counted - a.counted);
}

/** Mutants are called by names of folders, which may be anything; addresses are not. */
const keyOf = (words: string): string => createHash("sha256").update(words).digest("hex").slice(0, 16);

/** What a submission's failures without a name have in common with others'; null where all have a name. */
function alikeIn(failures: Failure[] | undefined): Omit<UnknownGroup, "students" | "submissions"> | null {
  const unmatched = (failures ?? []).filter(({ diagnosis }) => diagnosis?.others.length !== 0);
  const [first] = unmatched;
  if (!first) return null;
  const tests = unmatched.map(({ name, title }) => ({ name, title }));
  const key = keyOf([first.kind, ...tests.map(({ name }) => name)].join("\n"));
  return { key, tests, kind: first.kind, message: first.message };
}

function unknownIn(failures: Map<string, Failure[]>, latest: Map<string, string>): UnknownGroup[] {
  const groups = new Map<string, UnknownGroup>();
  for (const submission of latest.values()) {
    const alike = alikeIn(failures.get(submission));
    if (!alike) continue;
    const group = groups.get(alike.key) ?? { ...alike, students: 0, submissions: [] };
    groups.set(alike.key, group);
    group.students++;
    if (group.submissions.length < SHOWN && !group.submissions.includes(submission))
      group.submissions.push(submission);
  }
  return [...groups.values()].sort((a, b) => b.students - a.students).slice(0, GROUPS_LIMIT);
}
