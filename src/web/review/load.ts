// Everything that the reviewing page shows.
import { buffer } from "node:stream/consumers";
import type { Viewer } from "../../accounts/viewer.ts";
import type { Services } from "../../http/services.ts";
import { type Claim, claimOf } from "../../review/claims.ts";
import { listBank } from "../../review/comment-bank.ts";
import { reviewQueue, type ToReview, unclaimed } from "../../review/queue.ts";
import { findReview, type Review, type ReviewAccess, viewReview } from "../../review/review.ts";
import { neighbours } from "../../review/rules.ts";
import type { SavedComment } from "../../review/tables.ts";
import { memberAdjustments } from "../../submissions/by-hand.ts";
import { type Statement, statementsOfWork } from "../../submissions/contributions.ts";
import { listFiles, openFile } from "../../submissions/files.ts";
import type { ManifestEntryRow } from "../../submissions/tables.ts";
import { highlight, type Lines, languageOf } from "../source/highlight.ts";
import { readText, SHOWN_LIMIT_BYTES, type Shown } from "../source/read-text.ts";
import { loadReport, type ReportPart } from "../submission/load.ts";

/** More pages than a report has; how many there are only the reader in the frame knows. */
export const PDF_PAGES_LIMIT = 500;

export interface ShownFile {
  path: string;
  shown: Shown;
  lines: Lines;
}

/** What was handed in. */
export interface Work {
  access: ReviewAccess;
  viewerId: string;
  files: ManifestEntryRow[];
  file: ShownFile | null;
}

/** What somebody typed while somebody else saved the item. */
export interface Conflict {
  item: string;
  points: string;
  comment: string;
  theirs: { by: string; points: number; comment: string; version: number };
}

export interface ReviewView extends Work {
  part: ReportPart;
  review: Review;
  conflict: Conflict | null;
  left: number;
  claim: Claim | null;
  bank: SavedComment[];
  /** What single members of a group were given or taken. */
  single: Awaited<ReturnType<typeof memberAdjustments>>;
  /** What the group's members say they did; null where nobody is asked. */
  statements: Statement[] | null;
  previous: ToReview | null;
  next: ToReview | null;
}

/** @throws not_found, own_work */
export async function loadReview(
  services: Services,
  viewer: Viewer,
  id: string,
  path: string | undefined,
): Promise<ReviewView> {
  const { db } = services;
  const work = await loadWork(services, viewer, id, path);
  const { access } = work;
  const part = await loadReport(services, viewer, id, false);
  const review = (await viewReview(db, access))!;
  const queue = await reviewQueue(db, viewer, access);
  return {
    ...work,
    part,
    review,
    conflict: null,
    left: queue.filter((one) => one.left > 0).length,
    claim: await claimOf(db, access),
    single: await memberAdjustments(db, id),
    statements: await statementsOfWork(db, viewer, access),
    bank: await listBank(db, viewer, access),
    ...neighbours(await unclaimed(db, viewer, queue), id),
  };
}

/** @throws not_found, own_work */
export async function loadWork(
  services: Services,
  viewer: Viewer,
  id: string,
  path: string | undefined,
): Promise<Work> {
  const access = await findReview(services.db, viewer, id);
  const files = await listFiles(services.db, access);
  const first = files.find((file) => languageOf(file.path) === "python") ?? files[0];
  const wanted = path ?? first?.path;
  const file = wanted === undefined ? null : await readFile(services, access, wanted);
  return { access, viewerId: viewer.id, files, file };
}

/** @throws not_found */
export async function readFile(
  { db, blobs }: Services,
  access: ReviewAccess,
  path: string,
): Promise<ShownFile> {
  const { entry, bytes } = await openFile(db, blobs, access, path);
  if (entry.bytes > SHOWN_LIMIT_BYTES) {
    bytes.destroy();
    return { path, shown: { kind: "large" }, lines: [] };
  }
  const shown = readText(await buffer(bytes));
  const lines = shown.kind === "text" ? await highlight(entry.sha256, shown.text, languageOf(path)) : [];
  return { path, shown, lines };
}
