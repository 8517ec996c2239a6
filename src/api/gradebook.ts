// The gradebook: a page of it as JSON, and all of it as a file.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findCourseForAny } from "../courses/courses.ts";
import { exportForms, exportGradebook } from "../gradebook/export.ts";
import { type GradebookRow, gradebookPage, gradebookQuery } from "../gradebook/gradebook.ts";
import { downloadHeaders } from "../http/headers.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { hundredths, id, moment, refusals, security, text, words } from "./answers.ts";
import { courseParam } from "./courses.ts";
import { attemptWord } from "./report.ts";

const tags = ["gradebook"];
const query = z.object({
  q: z.string().max(100).optional().openapi({ description: "In name, e-mail or student number." }),
  section: z.string().max(100).optional(),
  sort: z
    .string()
    .max(64)
    .optional()
    .openapi({ description: "name, number, section, total or an assignment's short name." }),
  order: z.enum(["asc", "desc"]).optional(),
  size: z.coerce.number().optional().openapi({ description: "25, 50, 100 or 200." }),
  page: z.coerce.number().optional(),
});
const cell = z.object({
  submissionId: id,
  number: z.int(),
  receivedAt: moment,
  state: attemptWord.nullable(),
  lateDays: z.int(),
  total: hundredths.nullable(),
  max: hundredths.nullable(),
});
const gradebook = z
  .object({
    assignments: z.array(
      z.object({ id, slug: z.string(), title: words, max: hundredths, weight: z.int().nullable() }),
    ),
    students: z.array(
      z.object({
        personId: id,
        name: z.string(),
        email: z.string(),
        studentNumber: z.string().nullable(),
        section: z.string().nullable(),
        cells: z.array(cell.nullable()).openapi({ description: "In the order of `assignments`." }),
        total: hundredths,
        max: hundredths,
      }),
    ),
    count: z.int().openapi({ description: "Students on all pages." }),
  })
  .openapi("Gradebook");

const get = createRoute({
  method: "get",
  path: "/courses/{course}/gradebook",
  tags,
  security,
  summary: "Points of students in assignments, a page at a time (staff)",
  request: { params: courseParam, query },
  responses: { 200: text(gradebook, "The page."), ...refusals(401, 403, 404) },
});
const download = createRoute({
  method: "get",
  path: "/courses/{course}/gradebook/export/{form}",
  tags,
  security,
  summary: "The gradebook as a file (staff)",
  description:
    "`csv` and `xlsx` hold everything, for staff. `canvas`, `moodle` and `gradescope` hold what is released to each " +
    "student, as they see it. Texts that a spreadsheet would take for a formula begin with an apostrophe in CSV.",
  request: { params: courseParam.extend({ form: z.enum(exportForms) }), query },
  responses: { 200: { description: "The file." }, ...refusals(401, 403, 404) },
});

export function addGradebook(api: OpenAPIHono<AppEnv>): void {
  api.openapi(get, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourseForAny(db, viewer, c.req.valid("param").course);
    const { columns, rows, count } = await gradebookPage(
      db,
      viewer,
      access,
      gradebookQuery.parse(c.req.valid("query")),
    );
    const assignments = columns.map(({ assignment, max, weight }) => {
      return { id: assignment.id, slug: assignment.slug, title: assignment.title, max, weight };
    });
    return c.json({ assignments, students: rows.map(rowAnswer), count }, 200);
  });
  api.openapi(download, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { course, form } = c.req.valid("param");
    const access = await findCourseForAny(db, viewer, course);
    const asked = gradebookQuery.parse(c.req.valid("query"));
    const { name, mediaType, bytes } = await exportGradebook(db, viewer, access, form, asked, c.var.lang);
    const headers = { ...downloadHeaders(name, bytes.length), "Content-Type": mediaType };
    return c.body(new Uint8Array(bytes), 200, headers);
  });
}

function rowAnswer({ cells, total, ...student }: GradebookRow) {
  const shown = cells.map(
    (one) =>
      one && {
        submissionId: one.submissionId,
        number: one.number,
        receivedAt: one.receivedAt.toISOString(),
        state: one.state,
        lateDays: one.timing.days,
        total: one.points?.total ?? null,
        max: one.points?.max ?? null,
      },
  );
  return { ...student, cells: shown, total: total.points, max: total.max };
}
