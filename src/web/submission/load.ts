// Everything that a submission's page shows, read through the viewer's eyes.
import type { Viewer } from "../../accounts/viewer.ts";
import { may } from "../../courses/access.ts";
import { type DeviceWait, deviceWait } from "../../grading/device-wait.ts";
import { estimateWait, type WaitEstimate } from "../../grading/queries.ts";
import type { Services } from "../../http/services.ts";
import type { TestReport } from "../../judge/report.ts";
import type { Executor } from "../../platform/database.ts";
import { type Review, viewReview } from "../../review/review.ts";
import { mayChoose } from "../../submissions/choose.ts";
import { type Statement, statementsOfWork } from "../../submissions/contributions.ts";
import { listFiles } from "../../submissions/files.ts";
import { type HistoryEntry, historyOf } from "../../submissions/history.ts";
import { olderWaiting } from "../../submissions/replace.ts";
import { isOpenSingle, rerunsOf } from "../../submissions/rerun-one.ts";
import { hasStaffTests } from "../../submissions/stage-runs.ts";
import { findSubmission, isOwn, noteLook, type SubmissionAccess } from "../../submissions/submissions.ts";
import type { ManifestEntryRow, Rerun } from "../../submissions/tables.ts";
import { type ReportView, viewReport } from "../../submissions/view-report.ts";
import type { StudentTest } from "../../submissions/visibility.ts";
import { loadRegrades, type RegradeView } from "../regrade/asked.ts";
import { PLOT_MEDIA_TYPE, type Plot, readPlot } from "./plot.ts";

/** A student's test has no visibility: what they see is visible. */
export type ShownTest = StudentTest & Partial<Pick<TestReport, "visibility">>;

export interface ReportPart {
  access: SubmissionAccess;
  report: ReportView;
  tests: ShownTest[];
  score: number;
  max: number;
  estimate: WaitEstimate | null;
  /** What keeps it from a GPU; null where it needs none or does not wait. */
  device: DeviceWait | null;
  /** By the artifact's blob. */
  plots: Map<string, Plot | null>;
  /** Whether the viewer may take it back while it waits. */
  mayCancel: boolean;
  /** Numbers of older ones that wait for a GPU as well: it may take their place. */
  older: number[];
  /** Staff who look as the student does. */
  asStudent: boolean;
}

export interface SubmissionView extends ReportPart {
  regrades: RegradeView;
  /** Whether the viewer may let this one count. */
  mayChoose: boolean;
  /** What people wrote; null until its reader may see it. */
  review: Review | null;
  history: HistoryEntry[];
  files: ManifestEntryRow[];
  /** For staff: what the group's members say they did. */
  statements: Statement[] | null;
  /** For staff: the suite has tests that only they run. */
  staffTests: boolean;
  /** For staff: the re-runs that it was part of, and whether they may begin one. */
  reruns: { all: Rerun[]; open: Rerun | null; mayBegin: boolean } | null;
}

const PLOT_LIMIT_BYTES = 2_000_000;

/** The report alone, for a page that grows while it is looked at. @throws not_found */
export async function loadReport(
  { db, blobs }: Services,
  viewer: Viewer,
  id: string,
  asStudent: boolean,
): Promise<ReportPart> {
  const access = await findSubmission(db, viewer, id);
  const report = await viewReport(db, viewer, access, { asStudent });
  if (!report) throw new Error(`submission ${id} has no attempt`);
  const shown = report.staff ?? report.student;
  const { attempt } = report;
  const device = attempt.ahead === null ? null : await deviceWait(db, attempt.id);
  // What waits for a device is told its start by the rota (device-wait.ts), and nothing by how many are ahead.
  const estimate =
    attempt.ahead === null || (device && device.devices > 0)
      ? null
      : await estimateWait(db, attempt.id, attempt.ahead);
  const older = device ? await olderWaiting(db, access, attempt) : [];
  const plots = new Map<string, Plot | null>();
  for (const artifact of shown.tests.flatMap((test) => test.artifacts)) {
    if (artifact.mediaType !== PLOT_MEDIA_TYPE || artifact.bytes > PLOT_LIMIT_BYTES) continue;
    plots.set(artifact.blob, readPlot((await blobs.read(artifact.blob)).toString("utf8")));
  }
  const { tests, score, max } = shown;
  const own = isOwn(viewer, access);
  const mayCancel = may(viewer, access, own ? "attempt.cancel_own" : "attempt.cancel_any");
  const seen = { access, report, tests, score, max };
  const numbers = older.map((one) => one.submission.number);
  return {
    ...seen,
    estimate,
    device,
    older: numbers,
    plots,
    mayCancel,
    asStudent: asStudent && access.staff,
  };
}

/** The whole page; a look at somebody else's work is noted. @throws not_found */
export async function loadSubmission(
  services: Services,
  viewer: Viewer,
  id: string,
  asStudent: boolean,
): Promise<SubmissionView> {
  const { db } = services;
  const part = await loadReport(services, viewer, id, asStudent);
  await noteLook(db, viewer, part.access, "page");
  return {
    ...part,
    mayChoose: await mayChoose(db, viewer, part.access),
    review: await viewReview(db, asSeen(part.access, asStudent)),
    regrades: await loadRegrades(db, viewer, part.access),
    history: await historyOf(db, viewer, part.access, part.access.seenAs, { asStudent }),
    files: await listFiles(db, part.access),
    reruns: part.access.staff && !asStudent ? await loadReruns(db, viewer, part.access) : null,
    statements: part.access.staff && !asStudent ? await statementsOfWork(db, viewer, part.access) : null,
    staffTests: part.access.staff && (await hasStaffTests(db, part.access.submission)),
  };
}

async function loadReruns(db: Executor, viewer: Viewer, access: SubmissionAccess) {
  const all = await rerunsOf(db, viewer, access);
  const open = all.find(isOpenSingle) ?? null;
  return { all, open, mayBegin: open === null && may(viewer, access, "rerun.one") && !isOwn(viewer, access) };
}

/** Staff who look as the student does get of a review what the student gets. */
const asSeen = (access: SubmissionAccess, asStudent: boolean): SubmissionAccess =>
  asStudent ? { ...access, staff: false } : access;
