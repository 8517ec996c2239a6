// Everything that the re-run's pages show.
import { eq, inArray } from "drizzle-orm";
import type { Viewer } from "../../accounts/viewer.ts";
import type { AssignmentAccess } from "../../assignments/assignments.ts";
import type { Executor } from "../../platform/database.ts";
import type { UserError } from "../../platform/errors.ts";
import { type ComparedTest, compareTests } from "../../submissions/compare.ts";
import { fail } from "../../submissions/errors.ts";
import { findRerun, listReruns, scopeCandidates } from "../../submissions/rerun.ts";
import { countOutcomes } from "../../submissions/rerun-progress.ts";
import { type RerunRow, rerunRows, rowsShown } from "../../submissions/rerun-rows.ts";
import { inScope, outcomeOf, previewOf } from "../../submissions/rerun-rules.ts";
import { batchScopes } from "../../submissions/tables.ts";
import { resultsOf } from "../../submissions/view-report.ts";
import { suites, suiteVersions } from "../../suites/tables.ts";
import type { RerunView } from "./page.tsx";
import { choiceValue, type NamedVersion, type StartView } from "./start.tsx";

/** More rows than a person reads; what differs most stands first. */
const ROWS_SHOWN = 300;

export async function loadStart(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
  said: { chosen?: string; reason?: string; error?: UserError } = {},
): Promise<StartView> {
  const all = await scopeCandidates(db, viewer, access);
  const { counting, suiteVersionId } = access.assignment;
  const older = [...new Set(all.map(({ versionId }) => versionId))].filter((id) => id !== suiteVersionId);
  const names = await versionsNamed(db, [...older, ...(suiteVersionId ? [suiteVersionId] : [])]);
  const plain = batchScopes.filter((scope) => scope !== "version").map((scope) => ({ scope, version: null }));
  const byVersion = older.flatMap((id) => {
    const version = names.get(id);
    return version ? [{ scope: "version" as const, version }] : [];
  });
  const choices = [...byVersion, ...plain].map((choice) => ({
    ...choice,
    count: inScope(counting, { scope: choice.scope, versionId: choice.version?.id ?? null }, all).length,
  }));
  const first = choices.find(({ count }) => count > 0);
  return {
    access,
    version: suiteVersionId ? (names.get(suiteVersionId) ?? null) : null,
    choices,
    earlier: await listReruns(db, viewer, access),
    chosen: said.chosen ?? (first ? choiceValue(first) : ""),
    reason: said.reason ?? "",
    error: said.error ?? null,
  };
}

async function versionsNamed(db: Executor, ids: string[]): Promise<Map<string, NamedVersion>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: suiteVersions.id, name: suites.name, number: suiteVersions.number })
    .from(suiteVersions)
    .innerJoin(suites, eq(suites.id, suiteVersions.suiteId))
    .where(inArray(suiteVersions.id, ids));
  return new Map(rows.map((row) => [row.id, row]));
}

/** @throws not_found */
export async function loadRerun(
  db: Executor,
  viewer: Viewer,
  id: string,
  { all, stale = false }: { all: boolean; stale?: boolean },
): Promise<RerunView> {
  const access = await findRerun(db, viewer, id);
  const rows = rowsShown(access, await rerunRows(db, access.rerun));
  const names = await versionsNamed(db, [access.rerun.versionId]);
  const one = access.rerun.scope === "one" ? (rows[0] ?? null) : null;
  const shown = all || one ? rows : rows.filter((row) => outcomeOf(row) !== "same").sort(byDifference);
  return {
    access,
    version: names.get(access.rerun.versionId)!,
    outcomes: countOutcomes(rows),
    otherDevices: rows.filter(({ otherDevice }) => otherDevice).length,
    total: rows.length,
    rows: shown.slice(0, ROWS_SHOWN),
    all,
    tests: one && (await rowTests(db, one)),
    preview: previewOf(rows),
    stale,
  };
}

/** The tests of both gradings of one submission; none of the new one before it has ended. */
async function rowTests(db: Executor, { before, after }: RerunRow): Promise<ComparedTest[]> {
  if (after.open || after.attemptId === null) return [];
  const was = before.attemptId === null ? [] : await resultsOf(db, { id: before.attemptId });
  return compareTests(was, await resultsOf(db, { id: after.attemptId }));
}

/** One submission of a re-run, old beside new. @throws not_found */
export async function loadRerunTests(db: Executor, viewer: Viewer, id: string, submissionId: string) {
  const access = await findRerun(db, viewer, id);
  const row = rowsShown(access, await rerunRows(db, access.rerun)).find(
    (one) => one.submissionId === submissionId,
  );
  if (!row) throw fail("not_found");
  return { access, row, tests: await rowTests(db, row) };
}

const order = ["lower", "higher", "new", "failed", "open", "same"];

/** Who loses stands first, the most on top. */
function byDifference(a: RerunRow, b: RerunRow): number {
  const size = (row: RerunRow) => Math.abs((row.after.score ?? 0) - (row.before.score ?? 0));
  return order.indexOf(outcomeOf(a)) - order.indexOf(outcomeOf(b)) || size(b) - size(a);
}
