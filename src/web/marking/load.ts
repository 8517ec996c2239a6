// Everything that the page of the staff's marking shows, through the viewer's eyes.
import type { Viewer } from "../../accounts/viewer.ts";
import { type AssignmentAccess, findAssignment } from "../../assignments/assignments.ts";
import { allows, permitSight } from "../../courses/access.ts";
import type { SuiteConfig } from "../../judge/suite.ts";
import type { Executor } from "../../platform/database.ts";
import { type SecondMarking, secondMarking } from "../../review/second-marks.ts";
import { type Shared, sharesProgress } from "../../review/sharing.ts";
import {
  listWorths,
  previewWorth,
  rubricOfAssignment,
  type WorthPreview,
} from "../../submissions/rubric-worth.ts";
import type { PageContext } from "../context.ts";

export interface MarkingView {
  access: AssignmentAccess;
  leads: boolean;
  shared: Shared;
  second: SecondMarking;
  rubric: SuiteConfig["rubric"];
  worths: Awaited<ReturnType<typeof listWorths>>;
  preview: WorthPreview | null;
}

/** @throws not_found */
export async function loadMarking(
  db: Executor,
  viewer: Viewer,
  ref: string,
  wanted: { item: string; points: number } | null,
): Promise<MarkingView> {
  const access = await findAssignment(db, viewer, ref);
  permitSight(viewer, access, "submission.view_any");
  return {
    access,
    leads: allows(access.standing, "review.share"),
    shared: await sharesProgress(db, viewer, access),
    second: await secondMarking(db, viewer, access),
    rubric: await rubricOfAssignment(db, access),
    worths: await listWorths(db, viewer, access),
    preview: wanted && (await previewWorth(db, viewer, access, wanted)),
  };
}

export interface Props {
  at: PageContext;
  view: MarkingView;
}
export const refOf = ({ access }: MarkingView) =>
  `/assignments/${access.course.slug}.${access.assignment.slug}`;
