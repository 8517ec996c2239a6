// Assignments of a course.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import {
  ASSIGNMENTS_PAGE,
  changeAssignment,
  createAssignment,
  dueDates,
  findAssignment,
  listAssignments,
} from "../assignments/assignments.ts";
import {
  type Assignment,
  assignmentState,
  contributionSettings,
  countingRules,
  workKind,
} from "../assignments/tables.ts";
import { permit } from "../courses/access.ts";
import { findCourseForAny } from "../courses/courses.ts";
import { slug } from "../courses/tables.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { diagnosisReaders } from "../judge/suite.ts";
import { databaseNow } from "../platform/time.ts";
import { groupLateRules } from "../scoring/late-days.ts";
import { renewDeviceTerms } from "../submissions/device-terms.ts";
import { payersOf, quoteLateness } from "../submissions/late-days.ts";
import { lateWords } from "../submissions/late-words.ts";
import { attemptsLeft } from "../submissions/quota.ts";
import { suiteInUse } from "../submissions/submit.ts";
import { usedQuota } from "../submissions/used.ts";
import {
  body,
  id,
  iso,
  moment,
  page,
  pageOf,
  refusals,
  security,
  text,
  words,
  wordsGiven,
} from "./answers.ts";
import { courseParam } from "./courses.ts";

const tags = ["assignments"];
export const assignmentParam = z.object({
  assignment: z
    .string()
    .min(1)
    .max(130)
    .openapi({ description: "Id, or course and assignment by short names.", example: "mml-2026.hw4-dtw" }),
});
const dates = {
  state: assignmentState,
  opensAt: moment.nullable(),
  dueAt: moment.nullable(),
  graceSeconds: z.int().min(0).max(86_400),
  latePercentPerDay: z.int().min(0).max(100),
  lateLastDay: z
    .int()
    .min(0)
    .max(365)
    .nullable()
    .openapi({ description: "Late days taken; null has no end." }),
  lateFlatPercent: z.int().min(0).max(100).openapi({ description: "Taken once from whatever is late." }),
  workKind,
  lateDaysMost: z
    .int()
    .min(0)
    .max(365)
    .nullable()
    .openapi({ description: "Late days that may be spent here." }),
  groupLateRule: z.enum(groupLateRules),
  earlyAt: moment.nullable(),
  earlyBonusPercent: z.int().min(0).max(100),
  earlyMalusPercent: z.int().min(0).max(100),
  counting: z.enum(countingRules),
  attemptsTotal: z.int().min(1).max(10_000).nullable(),
  attemptsPerDay: z.int().min(1).max(1000).nullable(),
  cooldownSeconds: z.int().min(0).max(86_400),
  resultsPublishedAt: moment.nullable(),
  groupSetId: id.nullable().openapi({ description: "The set whose groups hand in together." }),
  contributions: z.enum(contributionSettings).openapi({
    description: "Whether members of a group each state their part, read by staff, or by the group as well.",
  }),
  diagnosisReaders: z
    .enum(diagnosisReaders)
    .nullable()
    .openapi({ description: "Who is told which known mistake a submission made; null: as the suite says." }),
  diagnosisAttempts: z
    .int()
    .min(1)
    .max(100)
    .nullable()
    .openapi({ description: "For `after_attempts`: failures of the same test; null: as the suite says." }),
  gpuFallback: z.boolean().openapi({
    description: "Grade on a CPU at reduced scale where no GPU is to be had, if the suite allows it.",
  }),
  gpuMinutesAWeek: z
    .int()
    .min(1)
    .max(10_080)
    .nullable()
    .openapi({ description: "GPU minutes for each group and week; null has no end." }),
  blind: z.boolean().openapi({ description: "Graded without names until the results are out." }),
  secondMarkPercent: z.int().min(0).max(100),
  regradeDays: z
    .int()
    .min(0)
    .max(365)
    .nullable()
    .openapi({ description: "Days after publication for regrade requests; null takes none." }),
};
const assignment = z
  .object({ id, courseId: id, slug: z.string(), title: words, suiteVersionId: id.nullable(), ...dates })
  .openapi("Assignment");
const details = assignment
  .extend({
    /** The viewer's own. */
    yourDueAt: moment.nullable(),
    attemptsLeft: z.int().nullable(),
    files: z.object({ required: z.array(z.string()), optional: z.array(z.string()) }).nullable(),
    uploadLimitBytes: z.int().nullable(),
    late: z
      .object({
        days: z.int(),
        seconds: z.int(),
        percent: z.int(),
        charge: z.int(),
        left: z.int(),
        words: z.string(),
      })
      .nullable()
      .openapi({ description: "What handing in now would cost; null while it would be on time." }),
  })
  .openapi("AssignmentDetails");
const change = z
  .object({ title: wordsGiven, suiteVersionId: id.nullable(), ...dates })
  .partial()
  .openapi("AssignmentChange");

const list = createRoute({
  method: "get",
  path: "/courses/{course}/assignments",
  tags,
  security,
  summary: "A course's assignments",
  request: { params: courseParam, query: z.object({ after: z.string().max(64).default("") }) },
  responses: {
    200: text(pageOf(assignment), "A page, by short name; drafts for staff only."),
    ...refusals(401, 403, 404),
  },
});
const create = createRoute({
  method: "post",
  path: "/courses/{course}/assignments",
  tags,
  security,
  summary: "Make an assignment (instructors)",
  request: { params: courseParam, ...body(change.extend({ slug, title: wordsGiven })) },
  responses: { 201: text(assignment, "The assignment."), ...refusals(401, 403, 404, 409, 422) },
});
const get = createRoute({
  method: "get",
  path: "/assignments/{assignment}",
  tags,
  security,
  summary: "An assignment, with what concerns me",
  request: { params: assignmentParam },
  responses: { 200: text(details, "The assignment."), ...refusals(401, 403, 404) },
});
const patch = createRoute({
  method: "patch",
  path: "/assignments/{assignment}",
  tags,
  security,
  summary: "Change an assignment (instructors)",
  request: { params: assignmentParam, ...body(change) },
  responses: { 200: text(assignment, "As it is now."), ...refusals(401, 403, 404, 409, 422) },
});
export function addAssignments(api: OpenAPIHono<AppEnv>): void {
  api.openapi(list, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourseForAny(db, viewer, c.req.valid("param").course);
    const rows = await listAssignments(db, viewer, access, c.req.valid("query").after);
    return c.json(
      page(rows, ASSIGNMENTS_PAGE, (row) => row.slug, assignmentAnswer),
      200,
    );
  });
  api.openapi(create, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourseForAny(db, viewer, c.req.valid("param").course);
    const { slug, title, ...wish } = c.req.valid("json");
    const made = await createAssignment(db, viewer, access, { ...changeOf(wish), slug, title });
    return c.json(assignmentAnswer(made), 201);
  });
  api.openapi(get, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    permit(viewer, access, "assignment.view");
    const due = await dueDates(db, access.assignment, viewer.id);
    const suite = access.assignment.suiteVersionId ? await suiteInUse(db, access) : null;
    const used = await usedQuota(db, access.course, access.assignment, viewer.id);
    const payers = await payersOf(db, access, viewer);
    const quote = await quoteLateness(db, viewer, access, await databaseNow(db), payers);
    const answer = {
      ...assignmentAnswer(access.assignment),
      late: quote && {
        days: quote.days,
        seconds: quote.seconds,
        percent: quote.percent,
        charge: quote.charge,
        left: quote.left,
        words: lateWords(quote, c.var.lang),
      },
      yourDueAt: iso(due.own),
      attemptsLeft: attemptsLeft(access.assignment, used),
      files: suite?.config.files ?? null,
      uploadLimitBytes: suite?.config.limits.upload ?? null,
    };
    return c.json(answer, 200);
  });
  api.openapi(patch, async (c) => {
    const wish = changeOf(c.req.valid("json"));
    const changed = await changeAssignment(
      c.var.services.db,
      viewerOf(c),
      c.req.valid("param").assignment,
      wish,
    );
    await renewDeviceTerms(c.var.services.db, changed);
    return c.json(assignmentAnswer(changed), 200);
  });
}

type Change = z.infer<typeof change>;

/** Moments as dates; what is absent stays absent. */
function changeOf({ opensAt, dueAt, earlyAt, resultsPublishedAt, ...rest }: Change) {
  const moments = Object.entries({ opensAt, dueAt, earlyAt, resultsPublishedAt }).flatMap(([name, at]) =>
    at === undefined ? [] : [[name, at === null ? null : new Date(at)] as const],
  );
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return Object.fromEntries<unknown>([...given, ...moments]) as Parameters<typeof changeAssignment>[3];
}

function assignmentAnswer({ createdAt: _, updatedAt: __, ...row }: Assignment) {
  const moments = {
    opensAt: iso(row.opensAt),
    dueAt: iso(row.dueAt),
    earlyAt: iso(row.earlyAt),
    resultsPublishedAt: iso(row.resultsPublishedAt),
  };
  return { ...row, ...moments };
}
