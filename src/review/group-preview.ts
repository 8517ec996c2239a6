// What one comment, or one item's grade, for a whole group of submissions would do to each of them, before it does.
import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { and, eq, sql } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { permitSight } from "../courses/access.ts";
import { type Executor, idList } from "../platform/database.ts";
import { mostOf, pointsNow } from "../scoring/rubric.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { codeOf, isBlind } from "../submissions/blind.ts";
import { membersOf } from "../submissions/members.ts";
import { rubricOfAssignment } from "../submissions/rubric-worth.ts";
import { manifestEntries, rubricGrades, submissions } from "../submissions/tables.ts";
import { suiteVersions } from "../suites/tables.ts";
import { COMMENT_LIMIT_CHARACTERS, COMMENTS_LIMIT, fail } from "./errors.ts";
import { readPoints } from "./rules.ts";
import { lineComments } from "./tables.ts";

/** A larger file is not searched for its line. */
const SEARCHED_LIMIT_BYTES = 1024 * 1024;
/** Of one group; a course has no more students than this who make one mistake in one assignment. */
export const GROUP_LIMIT = 1000;

export type GroupWish =
  /** On the first line of the file that has `near` in it, else on the first of all. */
  | { kind: "comment"; text: string; path: string; near: string }
  /** `replace`: also what somebody has given already. */
  | { kind: "item"; text: string; item: string; points: string; replace: boolean };

/** Why a submission is left alone. */
export type Left = "own" | "given" | "same" | "no-file" | "no-item" | "full";

export interface GroupLine {
  submissionId: string;
  number: number;
  /** Its people, or its code where it is graded without names. */
  name: string;
  /** Hundredths of the item, as they count now; null: none. */
  before: number | null;
  after: number | null;
  /** Of the comment. */
  line: number | null;
  left: Left | null;
  /** Version of the grade that is there, 0 for none. */
  version: number;
}

export interface GroupPreview {
  /** The wish as it was understood: hundredths, of what the item is worth now. */
  points: number | null;
  most: number | null;
  lines: GroupLine[];
  changes: number;
  /** Names what was looked at: another one by now is another preview. */
  basis: string;
}

export interface GroupParts {
  db: Executor;
  blobs: BlobStore;
}

/** @param ids of submissions of this assignment; others are left out. @throws bad_comment, no_such_item, bad_points */
export async function previewGroup(
  { db, blobs }: GroupParts,
  viewer: Viewer,
  access: AssignmentAccess,
  ids: string[],
  wish: GroupWish,
): Promise<GroupPreview> {
  permitSight(viewer, access, "review.grade");
  const said = wish.text.trim();
  if (said.length > COMMENT_LIMIT_CHARACTERS || (wish.kind === "comment" && said === ""))
    throw fail("bad_comment", { limit: COMMENT_LIMIT_CHARACTERS });
  const rows = await groupRows(db, viewer, access, ids);
  const worth = wish.kind === "item" ? await worthOf(db, access, wish) : null;
  const lines =
    wish.kind === "item"
      ? await itemLines(db, rows, wish, worth!)
      : await commentLines({ db, blobs }, rows, wish);
  const hash = createHash("sha256").update(JSON.stringify([wish, worth]));
  for (const { submissionId, version, line, left } of lines)
    hash.update(`\n${submissionId} ${version} ${line} ${left}`);
  return {
    ...{ points: worth?.points ?? null, most: worth?.most ?? null, lines },
    changes: lines.filter(({ left }) => left === null).length,
    basis: hash.digest("hex").slice(0, 32),
  };
}

async function worthOf(
  db: Executor,
  access: AssignmentAccess,
  wish: Extract<GroupWish, { kind: "item" }>,
): Promise<{ points: number; most: number }> {
  const item = (await rubricOfAssignment(db, access)).find(({ id }) => id === wish.item);
  if (!item) throw fail("no_such_item", { item: wish.item.slice(0, 100) });
  const points = readPoints(wish.points);
  if (points === null || points < 0 || points > mostOf(item))
    throw fail("bad_points", { least: 0, most: item.points });
  return { points, most: mostOf(item) };
}

/** Whose submissions they are, by the names that the viewer may know. */
export async function groupMembers(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
  ids: string[],
): Promise<{ id: string; number: number; name: string; own: boolean }[]> {
  permitSight(viewer, access, "submission.view_any");
  const rows = await groupRows(db, viewer, access, ids);
  return rows.map(({ id, number, name, own }) => ({ id, number, name, own }));
}

type Row = Awaited<ReturnType<typeof groupRows>>[number];

async function groupRows(
  db: Executor,
  viewer: Viewer,
  { assignment, standing }: AssignmentAccess,
  ids: string[],
) {
  const found = await db
    .select({
      id: submissions.id,
      number: submissions.number,
      archive: submissions.archiveBlob,
      config: suiteVersions.config,
    })
    .from(submissions)
    .innerJoin(suiteVersions, eq(suiteVersions.id, submissions.suiteVersionId))
    .where(and(eq(submissions.assignmentId, assignment.id), sql`${submissions.id} = any(${idList(ids)})`))
    .orderBy(submissions.id)
    .limit(GROUP_LIMIT);
  const members = await membersOf(
    db,
    found.map(({ id }) => id),
  );
  const blind = isBlind(standing, assignment);
  return found.map(({ config, ...row }) => {
    const people = members.get(row.id)!;
    const own = people.some(({ id }) => id === viewer.id);
    const name = blind ? codeOf(row.id) : people.map((one) => one.name).join(", ");
    return { ...row, own, name, rubric: config.rubric };
  });
}

const lineFor = ({ id, number, name, own }: Row): GroupLine => ({
  ...{ submissionId: id, number, name, before: null, after: null, line: null, version: 0 },
  left: own ? "own" : null,
});

async function itemLines(
  db: Executor,
  rows: Row[],
  { item, replace }: Extract<GroupWish, { kind: "item" }>,
  { points, most }: { points: number; most: number },
): Promise<GroupLine[]> {
  const ids = idList(rows.map(({ id }) => id));
  const given = await db
    .select()
    .from(rubricGrades)
    .where(and(eq(rubricGrades.item, item), sql`${rubricGrades.submissionId} = any(${ids})`));
  const grades = new Map(given.map((grade) => [grade.submissionId, grade]));
  return rows.map((row) => {
    const own = row.rubric.find(({ id }) => id === item);
    const grade = grades.get(row.id);
    const before = grade ? pointsNow(grade.points, grade.outOf ?? (own ? mostOf(own) : most), most) : null;
    const line = { ...lineFor(row), before, version: grade?.version ?? 0 };
    const left = line.left ?? (own ? leftAlone(before, points, replace) : "no-item");
    return { ...line, left, after: left === null ? points : before };
  });
}

function leftAlone(before: number | null, points: number, replace: boolean): Left | null {
  if (before === null) return null;
  if (before === points) return "same";
  return replace ? null : "given";
}

async function commentLines(
  { db, blobs }: GroupParts,
  rows: Row[],
  { path, near }: Extract<GroupWish, { kind: "comment" }>,
): Promise<GroupLine[]> {
  const ids = idList(rows.map(({ id }) => id));
  const files = await db
    .select()
    .from(manifestEntries)
    .where(and(eq(manifestEntries.path, path), sql`${manifestEntries.submissionId} = any(${ids})`));
  const file = new Map(files.map((entry) => [entry.submissionId, entry]));
  const counts = await db
    .select({ id: lineComments.submissionId, count: sql<number>`count(*)::int` })
    .from(lineComments)
    .where(sql`${lineComments.submissionId} = any(${ids})`)
    .groupBy(lineComments.submissionId);
  const full = new Set(counts.filter(({ count }) => count >= COMMENTS_LIMIT).map(({ id }) => id));
  const lines: GroupLine[] = [];
  for (const row of rows) {
    const entry = file.get(row.id);
    const line = lineFor(row);
    if (!line.left && !entry) line.left = "no-file";
    if (!line.left && full.has(row.id)) line.left = "full";
    if (!line.left && entry) line.line = await placeOf(blobs, row.archive, entry, near);
    lines.push(line);
  }
  return lines;
}

/** The first line with the words in it, from 1. */
async function placeOf(
  blobs: BlobStore,
  archive: string,
  { offset, bytes }: { offset: number; bytes: number },
  near: string,
): Promise<number> {
  const wanted = near.trim();
  if (wanted === "" || bytes > SEARCHED_LIMIT_BYTES || bytes === 0) return 1;
  const lines = (await text(await blobs.open(archive, { offset, length: bytes }))).split("\n");
  return (
    Math.max(
      0,
      lines.findIndex((one) => one.includes(wanted)),
    ) + 1
  );
}
