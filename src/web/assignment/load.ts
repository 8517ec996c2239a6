// Everything that an assignment's page shows, read through the viewer's eyes.
import type { Viewer } from "../../accounts/viewer.ts";
import { type AssignmentAccess, dueDates, findAssignment } from "../../assignments/assignments.ts";
import { type Acceptance, acceptanceOf } from "../../assignments/dates.ts";
import { allows, permit } from "../../courses/access.ts";
import { hasLeaderboard } from "../../gradebook/leaderboard.ts";
import type { Services } from "../../http/services.ts";
import type { SuiteConfig } from "../../judge/suite.ts";
import { databaseNow } from "../../platform/time.ts";
import { type OwnStatements, ownStatements } from "../../submissions/contributions.ts";
import { type HistoryEntry, myHistory } from "../../submissions/history.ts";
import { daysLeft, type LateQuote, payersOf, quoteLateness } from "../../submissions/late-days.ts";
import { attemptsLeft, feedbackFor } from "../../submissions/quota.ts";
import { suiteInUse } from "../../submissions/submit.ts";
import type { Feedback } from "../../submissions/tables.ts";
import { usedQuota } from "../../submissions/used.ts";
import { readSheet, type StudentFiles, studentFiles } from "../../suites/student-files.ts";
import type { Lang } from "../messages/translate.ts";
import { type Sheet, sheetOf } from "./sheet.ts";

export interface AssignmentView {
  access: AssignmentAccess;
  /** Whether the viewer works here as staff: they may submit at any time. */
  staff: boolean;
  now: Date;
  due: Date | null;
  extended: boolean;
  acceptance: Acceptance;
  /** What it would cost to submit now; null while that is on time. */
  late: LateQuote | null;
  /** Late days of this kind of work. */
  daysLeft: number;
  left: number | null;
  /** How much the next submission's report will say. */
  feedback: Feedback;
  history: HistoryEntry[];
  /** Names of the others whom a student hands in with; null where everybody works alone. */
  partners: string[] | null;
  statements: OwnStatements;
  suite: { config: SuiteConfig; files: StudentFiles } | null;
  leaderboard: boolean;
  /** Whose eyes staff look with; null: the viewer's own. */
  seenAs: { id: string; name: string } | null;
  sheet: (Sheet & { lang: Lang }) | null;
}

/** @throws not_found, not_allowed */
export async function loadAssignment(
  { db, blobs }: Services,
  viewer: Viewer,
  ref: string,
  lang: Lang,
): Promise<AssignmentView> {
  const access = await findAssignment(db, viewer, ref);
  permit(viewer, access, "assignment.view");
  const { assignment, course } = access;
  const now = await databaseNow(db);
  const { own } = await dueDates(db, assignment, viewer.id);
  const payers = await payersOf(db, access, viewer);
  const used = await usedQuota(db, course, assignment, viewer.id);
  const opened =
    allows(access.standing, "assignment.view_draft") || !assignment.opensAt || assignment.opensAt <= now;
  const version = assignment.suiteVersionId && opened ? await suiteInUse(db, access) : null;
  const files = version && (await studentFiles(db, blobs, version.id));
  const found = files && (await readSheet(blobs, files, lang));
  return {
    access,
    seenAs: null,
    partners: assignment.groupSetId
      ? payers.filter(({ id }) => id !== viewer.id).map(({ name }) => name)
      : null,
    staff: allows(access.standing, "submission.create_any_time"),
    now,
    due: own,
    extended: own?.getTime() !== assignment.dueAt?.getTime(),
    acceptance: acceptanceOf(assignment, own, now),
    late: await quoteLateness(db, viewer, access, now, payers),
    daysLeft: (await daysLeft(db, course.id, assignment.workKind, [viewer.id])).get(viewer.id) ?? 0,
    left: attemptsLeft(assignment, used),
    feedback: feedbackFor(assignment, used, now),
    history: await myHistory(db, viewer, access),
    statements: await ownStatements(db, viewer, access),
    suite: version && files && { config: version.config, files },
    leaderboard: await hasLeaderboard(db, access),
    sheet: found && { ...sheetOf(`${files.hash}:${found.lang}`, found.text), lang: found.lang },
  };
}
