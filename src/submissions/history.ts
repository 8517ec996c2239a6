// One person's submissions to an assignment, with what each is worth and which one counts.
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { allows } from "../courses/access.ts";
import type { Executor } from "../platform/database.ts";
import { whichCounts } from "../scoring/counting.ts";
import { chosenOf } from "./choose.ts";
import { listSubmissions, SUBMISSIONS_PAGE, type SubmissionEntry } from "./submissions.ts";
import type { Submission } from "./tables.ts";
import { type ScoreView, viewScores } from "./view-scores.ts";

export interface HistoryEntry {
  submission: Submission;
  view: ScoreView;
  counts: boolean;
}

/** More are not looked at: quotas end long before. */
const HISTORY_LIMIT = 400;

/** The viewer's own, newest first. */
export async function myHistory(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
): Promise<HistoryEntry[]> {
  return historyOf(db, viewer, access, viewer.id);
}

/**
 * Anybody's, for staff, with all of their points unless asked as the student sees them; `listSubmissions` gives
 * everyone else their own.
 */
export async function historyOf(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
  personId: string,
  options: { asStudent?: boolean } = {},
): Promise<HistoryEntry[]> {
  const filter = personId === viewer.id ? { mine: true } : { personId };
  const entries: SubmissionEntry[] = [];
  for (;;) {
    const before = entries.at(-1)?.submission.id;
    const page = await listSubmissions(db, viewer, access, { ...filter, ...(before && { before }) });
    entries.push(...page);
    if (page.length < SUBMISSIONS_PAGE || entries.length >= HISTORY_LIMIT) break;
  }
  const full = !options.asStudent && allows(access.standing, "submission.view_any") && personId !== viewer.id;
  const views = await viewScores(db, access, personId, entries, full);
  const graded = entries
    // What was taken back, or what we could not grade, is nobody's result.
    .filter(({ submission }) => views.get(submission.id)?.state !== "cancelled")
    .map(({ submission: { id, receivedAt } }) => {
      return { id, receivedAt, score: views.get(id)?.points?.testsNet ?? null };
    });
  const chosen = await chosenOf(db, access.assignment.id, personId);
  const counting = whichCounts(access.assignment.counting, graded, chosen.get(personId) ?? null);
  return entries.map(({ submission }) => ({
    submission,
    view: views.get(submission.id)!,
    counts: submission.id === counting?.id,
  }));
}
