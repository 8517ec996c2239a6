// What the page of a group shows.
import type { Viewer } from "../../accounts/viewer.ts";
import type { AssignmentAccess } from "../../assignments/assignments.ts";
import type { MistakeGroup } from "../../insight/mistakes.ts";
import type { SuiteConfig } from "../../judge/suite.ts";
import type { GroupPreview, GroupWish } from "../../review/group-preview.ts";
import type { GroupMark } from "../../review/tables.ts";
import type { PageContext } from "../context.ts";

export interface GroupView {
  access: AssignmentAccess;
  group: MistakeGroup;
  members: { id: string; number: number; name: string; own: boolean }[];
  marks: (GroupMark & { by: string; changed: number })[];
  rubric: SuiteConfig["rubric"];
  /** Files that everybody hands in. */
  paths: string[];
  /** What was asked for, and what it would do. */
  wish: GroupWish | null;
  preview: GroupPreview | null;
  maySave: boolean;
  viewer: Viewer;
}

export interface GroupProps {
  at: PageContext;
  view: GroupView;
}

export const groupAddress = ({ access, group }: Pick<GroupView, "access" | "group">) =>
  `/assignments/${access.course.slug}.${access.assignment.slug}/mistakes/${group.key}`;

export const itemTitle = (at: PageContext, { rubric }: GroupView, item: string): string =>
  rubric.find(({ id }) => id === item)?.title[at.lang] ?? item;
