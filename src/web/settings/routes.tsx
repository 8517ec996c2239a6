// An assignment's settings: a plain form; what cannot be used is said beside its field, and nothing is saved then.
import type { Context, Hono } from "hono";
import {
  type AssignmentAccess,
  changeAssignment,
  createAssignment,
  findAssignment,
} from "../../assignments/assignments.ts";
import { type Assignment, assignments } from "../../assignments/tables.ts";
import { type CourseAccess, permit } from "../../courses/access.ts";
import { findCourse } from "../../courses/courses.ts";
import { slug as slugShape } from "../../courses/tables.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { renewDeviceTerms } from "../../submissions/device-terms.ts";
import { countOlderGraded } from "../../submissions/older-graded.ts";
import { listPublished } from "../../suites/suites.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { type Form, fields, readSettings } from "./fields.ts";
import { SettingsPage, type SettingsView } from "./page.tsx";

export function addSettings(web: Hono<AppEnv>): void {
  web.get("/courses/:course/assignments/new", async (c) => {
    const access = await leaderOf(c);
    return show(c, access, null, { form: newForm(access) });
  });
  web.post("/courses/:course/assignments", async (c) => {
    const access = await leaderOf(c);
    const form = await formOf(c);
    const { change, wrong } = readSettings(form, access.course.timeZone);
    const slug = form.slug?.trim() ?? "";
    if (!slugShape.safeParse(slug).success) wrong.unshift("slug");
    return saved(c, access, null, { form, wrong }, async () => {
      const { title = { en: "", zh: "" } } = change;
      await createAssignment(c.var.services.db, viewerOf(c), access, { ...change, slug, title });
      setFlash(c, "settings.created");
      return `/assignments/${access.course.slug}.${slug}/settings`;
    });
  });
  web.get("/assignments/:assignment/settings", async (c) => {
    const access = await editorOf(c);
    return show(c, access, access.assignment, { form: formFor(access.assignment, access.course.timeZone) });
  });
  web.post("/assignments/:assignment/settings", async (c) => {
    const access = await editorOf(c);
    const form = await formOf(c);
    const { change, wrong } = readSettings(form, access.course.timeZone);
    return saved(c, access, access.assignment, { form, wrong }, async () => {
      const { db } = c.var.services;
      await renewDeviceTerms(db, await changeAssignment(db, viewerOf(c), access.assignment.id, change));
      setFlash(c, "settings.saved");
      return `/assignments/${access.course.slug}.${access.assignment.slug}/settings`;
    });
  });
}

async function leaderOf(c: Context<AppEnv>): Promise<CourseAccess> {
  const viewer = viewerOf(c);
  const access = await findCourse(c.var.services.db, viewer, c.req.param("course")!);
  permit(viewer, access, "assignment.edit");
  return access;
}

async function editorOf(c: Context<AppEnv>): Promise<AssignmentAccess> {
  const viewer = viewerOf(c);
  const access = await findAssignment(c.var.services.db, viewer, c.req.param("assignment")!);
  permit(viewer, access, "assignment.edit");
  return access;
}

async function formOf(c: Context<AppEnv>): Promise<Form> {
  const entries = Object.entries(await c.req.parseBody());
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

function formFor(assignment: Assignment, zone: string): Form {
  const shown = fields.map((field) => [field.name, field.show(assignment, zone)] as const);
  const { title, suiteVersionId } = assignment;
  return {
    ...Object.fromEntries(shown),
    "title-en": title.en,
    "title-zh": title.zh,
    suiteVersionId: suiteVersionId ?? "",
  };
}

/** The columns' own defaults, so that the form and the API begin with the same. */
function newForm({ course }: CourseAccess): Form {
  const columns = Object.entries(assignments).flatMap(([name, column]) =>
    column && typeof column === "object" && "default" in column ? [[name, column.default ?? null]] : [],
  );
  const title = { en: "", zh: "" };
  return formFor({ ...Object.fromEntries(columns), title, suiteVersionId: null }, course.timeZone);
}

async function saved(
  c: Context<AppEnv>,
  access: CourseAccess,
  assignment: Assignment | null,
  said: { form: Form; wrong: string[] },
  save: () => Promise<string>,
) {
  c.status(422);
  if (said.wrong.length > 0) return show(c, access, assignment, said);
  try {
    return c.redirect(await save(), 303);
  } catch (error) {
    if (!(error instanceof UserError) || error.status === 403 || error.status === 404) throw error;
    return show(c, access, assignment, { ...said, refusal: error.sentence(c.var.lang) });
  }
}

async function show(
  c: Context<AppEnv>,
  access: CourseAccess,
  assignment: Assignment | null,
  said: Pick<SettingsView, "form"> & Partial<SettingsView>,
) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const versions = await listPublished(db, viewer, access);
  const older = assignment ? await countOlderGraded(db, viewer, { ...access, assignment }) : 0;
  const view = { wrong: [], refusal: null, ...said, access, assignment, versions, older };
  return c.html(<SettingsPage at={pageContext(c)} view={view} />);
}
