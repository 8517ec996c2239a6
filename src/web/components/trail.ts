// The way to a page, as it stands above its title: words and addresses, the outermost first.
import type { AssignmentAccess } from "../../assignments/assignments.ts";
import type { Course } from "../../courses/tables.ts";
import type { PageContext } from "../context.ts";

export type Trail = [words: string, address: string][];

export const courseTrail = (at: PageContext, { slug, title }: Pick<Course, "slug" | "title">): Trail => [
  [at.t("nav.courses"), "/"],
  [title[at.lang], `/courses/${slug}`],
];

type Place = Pick<AssignmentAccess, "course" | "assignment">;
const addressOf = ({ course, assignment }: Place) => `/assignments/${course.slug}.${assignment.slug}`;

export const assignmentTrail = (at: PageContext, place: Place): Trail => [
  ...courseTrail(at, place.course),
  [place.assignment.title[at.lang], addressOf(place)],
];

/** To what lies behind an assignment's table of submissions. */
export const submissionsTrail = (at: PageContext, place: Place): Trail => [
  ...assignmentTrail(at, place),
  [at.t("table.title"), `${addressOf(place)}/submissions`],
];
