// Courses and their rosters.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { AUDIT_PAGE, courseAudit } from "../accounts/audit.ts";
import { emailAddress, invite, oneLine, personByEmail } from "../accounts/people.ts";
import { copyCourse } from "../assignments/copy-course.ts";
import { shiftDays } from "../assignments/copy-plan.ts";
import { type CourseAccess, permit, type Standing } from "../courses/access.ts";
import {
  COURSES_PAGE,
  createCourse,
  findCourse,
  findCourseForAny,
  listCourses,
  listRoster,
  ROSTER_PAGE,
  removeFromRoster,
} from "../courses/courses.ts";
import { importRoster, previewRoster } from "../courses/import-roster.ts";
import { changeRosterRow } from "../courses/roster-entries.ts";
import { role, slug } from "../courses/tables.ts";
import { fail } from "../http/errors.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { body, id, moment, page, pageOf, refusals, security, text, words, wordsGiven } from "./answers.ts";
import { invitationUrl } from "./people.ts";

const tags = ["courses"];
const standing = z.enum(["student", "ta", "instructor", "admin"] satisfies Standing[]);
const course = z
  .object({ id, slug: z.string(), title: words, timeZone: z.string(), role: standing, createdAt: moment })
  .openapi("Course");
const rosterRow = z
  .object({
    personId: id,
    name: z.string(),
    email: z.string(),
    role,
    studentNumber: z.string().nullable(),
    section: z.string().nullable(),
  })
  .openapi("RosterRow");
const auditEntry = z
  .object({
    id: z.int(),
    at: moment,
    actorId: id.nullable(),
    action: z.string(),
    subject: z.object({ kind: z.string(), id: z.string() }),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi("AuditEntry");

export const courseParam = z.object({
  course: z.string().min(1).max(64).openapi({ description: "Id or short name.", example: "mml-2026" }),
});
const timeZone = z.string().refine((name) => {
  try {
    // An offset is no zone: it knows no summer time.
    return !/^[+-]/.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }) !== null;
  } catch {
    return false;
  }
}, "no known time zone");

const list = createRoute({
  method: "get",
  path: "/courses",
  tags,
  security,
  summary: "My courses",
  request: { query: z.object({ after: z.string().max(64).default("") }) },
  responses: { 200: text(pageOf(course), "A page, by short name."), ...refusals(401, 403) },
});
const create = createRoute({
  method: "post",
  path: "/courses",
  tags,
  security,
  summary: "Make a course (administrators)",
  request: body(
    z.object({
      slug,
      title: wordsGiven,
      timeZone: timeZone.default("Asia/Shanghai"),
      instructor: emailAddress
        .optional()
        .openapi({ description: "E-mail of somebody who is there already." }),
    }),
  ),
  responses: { 201: text(course, "The course."), ...refusals(401, 403, 404, 409, 422) },
});
const get = createRoute({
  method: "get",
  path: "/courses/{course}",
  tags,
  security,
  summary: "One of my courses",
  request: { params: courseParam },
  responses: { 200: text(course, "The course."), ...refusals(401, 403, 404) },
});
const copy = createRoute({
  method: "post",
  path: "/courses/{course}/copy",
  tags,
  security,
  summary: "Make a course from another, its dates moved (administrators)",
  description:
    "Suites in use with secrets of their own, assignments as drafts, sets of groups without groups, late days by kind of " +
    "work; nobody of the roster, nobody's work. Dates move by whole days of the course's time zone: 364 keeps the day of " +
    "the week.",
  request: {
    params: courseParam,
    ...body(
      z.object({
        slug,
        title: wordsGiven.optional(),
        shiftDays,
        instructor: emailAddress.optional(),
      }),
    ),
  },
  responses: {
    201: text(course.extend({ suites: z.int(), assignments: z.int() }), "The new course."),
    ...refusals(401, 403, 404, 409, 422),
  },
});
const roster = createRoute({
  method: "get",
  path: "/courses/{course}/roster",
  tags,
  security,
  summary: "Who is in it (staff)",
  request: { params: courseParam, query: z.object({ after: z.string().max(300).default("") }) },
  responses: { 200: text(pageOf(rosterRow), "A page, by e-mail."), ...refusals(401, 403, 404) },
});
const emailDomain = z.object({
  emailDomain: z
    .string()
    .max(200)
    .regex(/^[\w.-]*$/)
    .default("")
    .openapi({ description: "Completes names to sign in with, where the file has no e-mails." }),
});
const importRoute = createRoute({
  method: "post",
  path: "/courses/{course}/roster",
  tags,
  security,
  summary: "Import a roster from CSV (instructors)",
  description:
    "Send the CSV as the body (`text/csv`), in UTF-8 or GBK. The heading names the columns: email, name, and if " +
    "you like role (student, ta, instructor), student_number, section; in Chinese 邮箱, 姓名, 角色, 学号, 班级. " +
    "Gradescope's roster, Moodle's list of participants and Canvas's gradebook export are taken as they come. " +
    "All rows are imported or none.",
  request: { params: courseParam, query: emailDomain },
  responses: {
    200: text(
      z.object({
        created: z.int(),
        added: z.int(),
        changed: z.int(),
        unchanged: z.int(),
        encoding: z.string(),
        invitations: z.array(z.object({ email: z.string(), url: z.url() })).openapi({
          description:
            "For administrators: links by which new people set a password. Others ask one for them.",
        }),
      }),
      "What it changed.",
    ),
    ...refusals(401, 403, 404, 409, 413, 422),
  },
});
const previewRoute = createRoute({
  method: "post",
  path: "/courses/{course}/roster/preview",
  tags,
  security,
  summary: "What an import would change, without doing it (instructors)",
  request: { params: courseParam, query: emailDomain },
  responses: {
    200: text(
      z.object({
        encoding: z.string(),
        lines: z.array(
          z.object({
            line: z.int(),
            email: z.string(),
            name: z.string(),
            change: z.enum(["person", "added", "changed", "unchanged"]),
          }),
        ),
      }),
      "Each line with what it would do; `person`: somebody new is made.",
    ),
    ...refusals(401, 403, 404, 413, 422),
  },
});
const change = createRoute({
  method: "put",
  path: "/courses/{course}/roster/{person}",
  tags,
  security,
  summary: "Give someone on the roster another role, number or section (instructors)",
  request: {
    params: courseParam.extend({ person: id }),
    ...body(z.object({ role, studentNumber: oneLine(64).nullable(), section: oneLine(64).nullable() })),
  },
  responses: { 204: { description: "Changed." }, ...refusals(401, 403, 404, 409, 422) },
});
const remove = createRoute({
  method: "delete",
  path: "/courses/{course}/roster/{person}",
  tags,
  security,
  summary: "Take someone off the roster (instructors)",
  request: { params: courseParam.extend({ person: id }) },
  responses: { 204: { description: "Gone; what they handed in stays." }, ...refusals(401, 403, 404, 409) },
});
const log = createRoute({
  method: "get",
  path: "/courses/{course}/audit",
  tags,
  security,
  summary: "Who did what (instructors)",
  request: {
    params: courseParam,
    query: z.object({ before: z.coerce.number().int().positive().optional() }),
  },
  responses: { 200: text(pageOf(auditEntry), "A page, newest first."), ...refusals(401, 403, 404) },
});

export function addCourses(api: OpenAPIHono<AppEnv>): void {
  api.openapi(list, async (c) => {
    const rows = await listCourses(c.var.services.db, viewerOf(c), c.req.valid("query").after);
    return c.json(
      page(rows, COURSES_PAGE, (row) => row.course.slug, courseAnswer),
      200,
    );
  });
  api.openapi(create, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { instructor, ...wish } = c.req.valid("json");
    const person = instructor === undefined ? null : await personByEmail(db, instructor);
    if (instructor !== undefined && !person) throw fail("invalid", { where: "instructor", why: "not known" });
    const made = await createCourse(db, viewer, wish, person?.id ?? null);
    return c.json(courseAnswer({ course: made, standing: "admin" }), 201);
  });
  api.openapi(get, async (c) => {
    const access = await findCourse(c.var.services.db, viewerOf(c), c.req.valid("param").course);
    return c.json(courseAnswer(access), 200);
  });
  api.openapi(copy, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const from = await findCourseForAny(db, viewer, c.req.valid("param").course);
    const { instructor, ...wish } = c.req.valid("json");
    const person = instructor === undefined ? null : await personByEmail(db, instructor);
    if (instructor !== undefined && !person) throw fail("invalid", { where: "instructor", why: "not known" });
    const { course: made, ...counts } = await copyCourse(db, viewer, from, {
      ...wish,
      instructorId: person?.id ?? null,
    });
    return c.json({ ...courseAnswer({ course: made, standing: "admin" }), ...counts }, 201);
  });
  addRoster(api);
  api.openapi(log, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourseForAny(db, viewer, c.req.valid("param").course);
    permit(viewer, access, "audit.view");
    const rows = await courseAudit(db, access.course.id, c.req.valid("query").before);
    const answer = page(
      rows,
      AUDIT_PAGE,
      (row) => String(row.id),
      ({ id, at, actorId, action, subjectKind, subjectId, detail }) => {
        return {
          id,
          at: at.toISOString(),
          actorId,
          action,
          subject: { kind: subjectKind, id: subjectId },
          detail,
        };
      },
    );
    return c.json(answer, 200);
  });
}

function addRoster(api: OpenAPIHono<AppEnv>): void {
  api.openapi(roster, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourseForAny(db, viewer, c.req.valid("param").course);
    const rows = await listRoster(db, viewer, access, c.req.valid("query").after);
    return c.json(
      page(
        rows,
        ROSTER_PAGE,
        (row) => row.email,
        (row) => row,
      ),
      200,
    );
  });
  api.openapi(importRoute, async (c) => {
    const { db, auth, publicUrl } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourseForAny(db, viewer, c.req.valid("param").course);
    permit(viewer, access, "roster.edit");
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const { created, ...counts } = await importRoster(
      db,
      viewer,
      access,
      bytes,
      c.req.valid("query").emailDomain,
    );
    // An instructor who held such a link could sign in as that person in every other course.
    const invited = viewer.admin ? created : [];
    const invitations = [];
    for (const { id, email } of invited) {
      invitations.push({ email, url: invitationUrl(publicUrl, await invite(auth, id)) });
    }
    return c.json({ ...counts, created: created.length, invitations }, 200);
  });
  api.openapi(previewRoute, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourseForAny(db, viewer, c.req.valid("param").course);
    permit(viewer, access, "roster.edit");
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const { lines, encoding } = await previewRoster(
      db,
      viewer,
      access,
      bytes,
      c.req.valid("query").emailDomain,
    );
    const shown = lines.map(({ line: { line, email, name }, change }) => ({ line, email, name, change }));
    return c.json({ encoding, lines: shown }, 200);
  });
  api.openapi(change, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { course, person } = c.req.valid("param");
    const access = await findCourseForAny(db, viewer, course);
    await changeRosterRow(db, viewer, access, person, c.req.valid("json"));
    return c.body(null, 204);
  });
  api.openapi(remove, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { course, person } = c.req.valid("param");
    await removeFromRoster(db, viewer, await findCourseForAny(db, viewer, course), person);
    return c.body(null, 204);
  });
}

function courseAnswer({ course, standing }: CourseAccess) {
  const { id, slug, title, timeZone, createdAt } = course;
  return { id, slug, title, timeZone, role: standing, createdAt: createdAt.toISOString() };
}
