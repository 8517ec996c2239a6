// How a course and an assignment of it go, in the figures of the page of insight.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findAssignment, listAssignments } from "../assignments/assignments.ts";
import { permitSight } from "../courses/access.ts";
import { findCourse } from "../courses/courses.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { insightLines, insightOf, START_HOURS } from "../insight/course-insight.ts";
import { id, iso, moment, refusals, security, text, words } from "./answers.ts";
import { assignmentParam } from "./assignments.ts";

const tags = ["insight"];
const share = z.number().min(0).max(1);
const waits = z.object({ p50: z.number(), p95: z.number() }).nullable();

const course = createRoute({
  method: "get",
  path: "/courses/{course}/insight",
  tags,
  security,
  summary: "How many hand in, assignment by assignment (staff)",
  request: { params: z.object({ course: z.string() }) },
  responses: {
    200: text(
      z.object({
        items: z.array(
          z.object({
            id,
            slug: z.string(),
            title: words,
            dueAt: moment.nullable(),
            handedIn: z.int().openapi({ description: "Students." }),
            submissions: z.int(),
            named: z.int().openapi({ description: "Submissions in which a mistake was named." }),
          }),
        ),
      }),
      "By due date.",
    ),
    ...refusals(401, 403, 404),
  },
});

const needy = { id, name: z.string(), email: z.string() };
const figures = z.object({
  students: z.int(),
  handedIn: z.int(),
  graded: z.int(),
  days: z.array(z.object({ day: z.string(), submissions: z.int(), share: share.nullable() })),
  tests: z
    .array(
      z.object({
        name: z.string(),
        title: words,
        ran: z.int(),
        passed: z.int(),
        difficulty: share.openapi({ description: "Mean share of its points; 1 is easy." }),
        discrimination: z
          .number()
          .nullable()
          .openapi({ description: "Point-biserial, with the points in all other tests." }),
        attempts: z.int().nullable().openapi({ description: "Median number of the first that passed." }),
        never: z.int(),
        days: z.array(share.nullable()),
      }),
    )
    .openapi({ description: "The hardest first; `days` as above." }),
  mistakes: z.array(
    z.object({ mutant: z.string(), title: words, students: z.int(), days: z.array(z.int()) }),
  ),
  starts: z
    .array(z.int())
    .nullable()
    .openapi({
      description: `Students by their first submission: earlier than ${START_HOURS.join(", ")} hours before the due date, after it.`,
    }),
  hours: z.array(z.object({ before: z.int(), submissions: z.int(), wait: waits, grading: waits })),
  needy: z
    .object({
      notStarted: z.object({ all: z.int(), shown: z.array(z.object(needy)) }),
      stuck: z.object({
        all: z.int(),
        shown: z.array(z.object({ ...needy, test: z.string(), title: words, failures: z.int() })),
      }),
    })
    .nullable()
    .openapi({ description: "Null while names are not to be known." }),
});

const assignment = createRoute({
  method: "get",
  path: "/assignments/{assignment}/insight",
  tags,
  security,
  summary: "Tests as items, mistakes by day, when people start, waits, who needs somebody (staff)",
  request: { params: assignmentParam },
  responses: {
    200: text(figures, "Over the students of the roster; hidden tests included."),
    ...refusals(401, 403, 404),
  },
});

export function addInsight(api: OpenAPIHono<AppEnv>): void {
  api.openapi(course, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.valid("param").course);
    permitSight(viewer, access, "gradebook.view");
    const lines = await insightLines(db, viewer, access, await listAssignments(db, viewer, access));
    return c.json({ items: lines.map(({ dueAt, ...line }) => ({ ...line, dueAt: iso(dueAt) })) }, 200);
  });
  api.openapi(assignment, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    return c.json(await insightOf(db, viewer, access), 200);
  });
}
