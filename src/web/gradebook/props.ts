// What every part of the gradebook's page is drawn with, and its addresses.
import type { CourseAccess } from "../../courses/access.ts";
import type { Gradebook, GradebookQuery } from "../../gradebook/gradebook.ts";
import type { PageContext } from "../context.ts";

export interface Props {
  at: PageContext;
  access: CourseAccess;
  query: GradebookQuery;
  gradebook: Gradebook;
}

export const addressOf = ({ course }: CourseAccess) => `/courses/${course.slug}/gradebook`;

export function withQuery({ access, query }: Props, change: Partial<GradebookQuery>): string {
  return `${addressOf(access)}?${queryText({ ...query, ...change })}`;
}

export function queryText(query: Partial<GradebookQuery>): string {
  const named = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(named).toString();
}
