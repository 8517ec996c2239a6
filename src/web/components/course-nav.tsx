// The parts of a course that its staff work in; a student has only one, and sees no such line.
import { allows, type CourseAccess } from "../../courses/access.ts";
import type { PageContext } from "../context.ts";
import type { MessageKey } from "../messages/translate.ts";

export type CoursePart =
  | "assignments"
  | "suites"
  | "queue"
  | "groups"
  | "gradebook"
  | "insight"
  | "roster"
  | "audit";

export function CourseNav({ at, access, here }: { at: PageContext; access: CourseAccess; here: CoursePart }) {
  const { course, standing } = access;
  if (!allows(standing, "suite.view")) return null;
  const base = `/courses/${course.slug}`;
  const parts: (readonly [CoursePart, string, MessageKey])[] = [
    ["assignments", base, "nav.assignments"],
    ["suites", `${base}/suites`, "nav.suites"],
    ["queue", `${base}/queue`, "queue.open"],
    ["groups", `${base}/groups`, "groups.title"],
    ["gradebook", `${base}/gradebook`, "gradebook.title"],
    ["insight", `${base}/insight`, "nav.insight"],
    ["roster", `${base}/roster`, "nav.roster"],
    ...(allows(standing, "audit.view") ? ([["audit", `${base}/audit`, "nav.audit"]] as const) : []),
  ];
  return (
    <nav aria-label={at.t("nav.course")} class="mb-6 border-b border-base-300">
      <ul class="-mb-px flex flex-wrap gap-x-6">
        {parts.map(([part, href, label]) => (
          <li>
            <a
              href={href}
              aria-current={part === here ? "page" : undefined}
              class={`inline-block border-b-2 py-2 text-sm ${
                part === here
                  ? "border-primary font-semibold text-primary"
                  : "border-transparent hover:border-base-content/30"
              }`}
            >
              {at.t(label)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
