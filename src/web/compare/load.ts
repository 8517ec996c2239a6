// Two submissions of the same person to the same assignment, read through the viewer's eyes.
import { buffer } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import type { Viewer } from "../../accounts/viewer.ts";
import type { Services } from "../../http/services.ts";
import {
  type ComparedFile,
  type ComparedTest,
  compareFiles,
  compareTests,
  type Filed,
} from "../../submissions/compare.ts";
import { fail } from "../../submissions/errors.ts";
import { allFiles, openFile } from "../../submissions/files.ts";
import { findSubmission, noteLook, type SubmissionAccess } from "../../submissions/submissions.ts";
import { type ReportView, viewReport } from "../../submissions/view-report.ts";
import { readText, SHOWN_LIMIT_BYTES, type Shown } from "../source/read-text.ts";
import { type Hunk, lineDiff } from "./line-diff.ts";

/** More are named, not shown line by line. */
export const FILES_LINE_BY_LINE = 20;

export interface Side {
  access: SubmissionAccess;
  report: ReportView;
}

/** Of a file that is in both: its lines, or why there are none. */
export interface FileLines extends ComparedFile {
  lines: Hunk[] | "binary" | "large" | null;
}

export interface CompareView {
  before: Side;
  after: Side;
  /** Null until both have a result: a test that has not run is not gone. */
  tests: ComparedTest[] | null;
  files: FileLines[];
  asStudent: boolean;
}

/** @throws not_found, also for two that have nothing to do with each other. */
export async function loadCompare(
  services: Services,
  viewer: Viewer,
  ids: { before: string; after: string },
  asStudent: boolean,
): Promise<CompareView> {
  const before = await sideOf(services, viewer, ids.before, asStudent);
  const after = await sideOf(services, viewer, ids.after, asStudent);
  if (!areOfOne(before.access, after.access)) throw fail("not_found");
  for (const { access } of [before, after]) await noteLook(services.db, viewer, access, "comparison");
  const ended = [before, after].every(({ report }) => report.attempt.state === "finished");
  const shown = ({ report }: Side) => (report.staff ?? report.student).tests;
  return {
    ...{ before, after, asStudent: asStudent && after.access.staff },
    tests: ended ? compareTests(shown(before), shown(after)) : null,
    files: await fileLines(services, before.access, after.access),
  };
}

async function sideOf({ db }: Services, viewer: Viewer, id: string, asStudent: boolean): Promise<Side> {
  const access = await findSubmission(db, viewer, id);
  const report = await viewReport(db, viewer, access, { asStudent });
  if (!report) throw fail("not_found");
  return { access, report };
}

/** The same assignment, and somebody whose name is on both. */
function areOfOne(one: SubmissionAccess, other: SubmissionAccess): boolean {
  const names = new Set(one.members.map(({ id }) => id));
  return (
    one.submission.id !== other.submission.id &&
    one.assignment.id === other.assignment.id &&
    other.members.some(({ id }) => names.has(id))
  );
}

async function fileLines(
  services: Services,
  before: SubmissionAccess,
  after: SubmissionAccess,
): Promise<FileLines[]> {
  const [was, is] = [await allFiles(services.db, before), await allFiles(services.db, after)];
  const files: FileLines[] = [];
  let compared = 0;
  for (const file of compareFiles(was, is)) {
    const both = file.change === "changed" && compared < FILES_LINE_BY_LINE;
    if (both) compared += 1;
    files.push({
      ...file,
      lines: both ? await linesOf(services, before, after, file.path, [was, is]) : null,
    });
  }
  return files;
}

async function linesOf(
  services: Services,
  before: SubmissionAccess,
  after: SubmissionAccess,
  path: string,
  manifests: readonly Filed[][],
): Promise<FileLines["lines"]> {
  const large = manifests.some((files) => files.some((f) => f.path === path && f.bytes > SHOWN_LIMIT_BYTES));
  if (large) return "large";
  const was = await textOf(services, before, path);
  const is = await textOf(services, after, path);
  if (was.kind !== "text" || is.kind !== "text")
    return was.kind === "large" || is.kind === "large" ? "large" : "binary";
  await setImmediate(); // others' requests come in between
  return lineDiff(was.text, is.text) ?? "large";
}

async function textOf({ db, blobs }: Services, access: SubmissionAccess, path: string): Promise<Shown> {
  const { bytes } = await openFile(db, blobs, access, path);
  return readText(await buffer(bytes));
}
