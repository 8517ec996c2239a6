// Who may do what in a course: this table and nothing else decides. What is not in it nobody may do.

import type { Scope } from "../accounts/tables.ts";
import { requireScope, type Viewer } from "../accounts/viewer.ts";
import { fail } from "./errors.ts";
import type { Course, Role } from "./tables.ts";

/** What someone is in a course; an administrator who is not on its roster is `admin`. */
export type Standing = Role | "admin";

interface Rule {
  /** Which scope a token needs for it. */
  scope: Scope;
  allowed: readonly Standing[];
}

const everyone: readonly Standing[] = ["student", "ta", "instructor", "admin"];
const staff: readonly Standing[] = ["ta", "instructor", "admin"];
const leaders: readonly Standing[] = ["instructor", "admin"];

export const actions = {
  "course.view": { scope: "read", allowed: everyone },
  "course.edit": { scope: "manage", allowed: leaders },
  "roster.view": { scope: "read", allowed: staff },
  "roster.edit": { scope: "manage", allowed: leaders },
  /** Until when files and words of what was handed in are kept. */
  "retention.view": { scope: "read", allowed: leaders },
  "retention.edit": { scope: "manage", allowed: leaders },
  "audit.view": { scope: "read", allowed: leaders },
  "group.view": { scope: "read", allowed: everyone },
  "group.join": { scope: "submit", allowed: ["student"] },
  "group.manage": { scope: "manage", allowed: staff },
  "suite.view": { scope: "read", allowed: staff },
  "suite.register": { scope: "manage", allowed: leaders },
  "suite.publish": { scope: "manage", allowed: leaders },
  "assignment.view": { scope: "read", allowed: everyone },
  "assignment.view_draft": { scope: "read", allowed: staff },
  "assignment.edit": { scope: "manage", allowed: leaders },
  "extension.grant": { scope: "manage", allowed: leaders },
  /** Answering a student who asked for one. */
  "extension.answer": { scope: "manage", allowed: staff },
  "extension.ask": { scope: "submit", allowed: everyone },
  /** What one's own part of a group's work was. */
  "contribution.state": { scope: "submit", allowed: ["student"] },
  "late_days.view": { scope: "read", allowed: everyone },
  "late_days.edit": { scope: "manage", allowed: leaders },
  /** What tests are worth, over results that are there. */
  "score.change": { scope: "manage", allowed: leaders },
  "submission.create": { scope: "submit", allowed: everyone },
  /** Before the opening, after the end, past a limit: staff try an assignment out. */
  "submission.create_any_time": { scope: "submit", allowed: staff },
  /** Work that was handed in elsewhere, in its student's name and at its own time. */
  "submission.move_in": { scope: "manage", allowed: leaders },
  "submission.choose": { scope: "submit", allowed: everyone },
  "submission.view_own": { scope: "read", allowed: everyone },
  "submission.view_any": { scope: "read", allowed: staff },
  /** Rubric grades, adjustments, comments; never on one's own work (review/review.ts). */
  "review.grade": { scope: "manage", allowed: staff },
  /** Who grades what, blind or not, how much is marked twice. */
  "review.share": { scope: "manage", allowed: leaders },
  "regrade.ask": { scope: "submit", allowed: everyone },
  /** Never by whose name the submission has, nor by who graded it (review/regrade.ts). */
  "regrade.answer": { scope: "manage", allowed: staff },
  /** Everybody's points in everything, and what is made of them. */
  "gradebook.view": { scope: "read", allowed: staff },
  /** How many workers a deadline needs, from times that were measured over the whole installation. */
  "capacity.view": { scope: "read", allowed: leaders },
  /** Pairs of submissions that have much in common, and looking for them. */
  "similarity.view": { scope: "read", allowed: staff },
  "similarity.run": { scope: "manage", allowed: staff },
  "rerun.view": { scope: "read", allowed: staff },
  "rerun.decide": { scope: "manage", allowed: leaders },
  /** One submission, never of one's own work (submissions/rerun-one.ts). */
  "rerun.one": { scope: "manage", allowed: staff },
  /** Everything that an attempt was graded with, hidden tests too: for `assay debug` (submissions/bundle.ts). */
  "attempt.debug": { scope: "manage", allowed: staff },
  /** The queue for GPUs: others' work in it without names; only one's own course's is moved. */
  "rota.view": { scope: "read", allowed: staff },
  "rota.move": { scope: "manage", allowed: staff },
  "attempt.cancel_own": { scope: "submit", allowed: everyone },
  "attempt.cancel_any": { scope: "manage", allowed: leaders },
} as const satisfies Record<string, Rule>;
export type Action = keyof typeof actions;

/** A course in hand, and what the viewer is in it: proof that they may see it. */
export interface CourseAccess {
  course: Course;
  standing: Standing;
}

/** Whether the role allows it; a token's scope is another matter. */
export function allows(standing: Standing, action: Action): boolean {
  return (actions[action].allowed as readonly Standing[]).includes(standing);
}

/** Whether viewer and role allow it, scope included. */
export function may(viewer: Viewer, { standing }: CourseAccess, action: Action): boolean {
  return allows(standing, action) && viewer.scopes.includes(actions[action].scope);
}

/** @throws not_allowed for the role, insufficient_scope for the token. */
export function permit(viewer: Viewer, { standing }: CourseAccess, action: Action): void {
  if (!allows(standing, action)) throw fail("not_allowed", { role: standing });
  requireScope(viewer, actions[action].scope);
}

/** Like `permit`, for what must not even be seen: @throws not_found */
export function permitSight(viewer: Viewer, { standing }: CourseAccess, action: Action): void {
  if (!allows(standing, action)) throw fail("not_found");
  requireScope(viewer, actions[action].scope);
}
