// The roster: looked through, imported after a look at what would change, and changed one person at a time.
import { createHash } from "node:crypto";
import type { Context, Hono } from "hono";
import { invite } from "../../accounts/people.ts";
import { type CourseAccess, permit } from "../../courses/access.ts";
import { findCourse, removeFromRoster } from "../../courses/courses.ts";
import { importLines, importRoster, type PreviewedLine, previewRoster } from "../../courses/import-roster.ts";
import { ROSTER_LIMIT_BYTES, readOne } from "../../courses/roster-csv.ts";
import { changeRosterRow, findRosterRow, rosterQuery, searchRoster } from "../../courses/roster-entries.ts";
import { role } from "../../courses/tables.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { EntryPage } from "./entry.tsx";
import { InvitationsPage } from "./invitations.tsx";
import { RosterPage, Rows } from "./list.tsx";
import { PreviewPage } from "./preview.tsx";

export function addRoster(web: Hono<AppEnv>): void {
  web.get("/courses/:course/roster", (c) => showRoster(c, null));
  web.post("/courses/:course/roster/preview", async (c) => {
    const access = await editorOf(c);
    const { file, domain } = await c.req.parseBody();
    const bytes = file instanceof File ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
    return orRoster(c, () => showPreview(c, access, { bytes, domain: domainOf(domain) }, false));
  });
  web.post("/courses/:course/roster/import", async (c) => {
    const access = await editorOf(c);
    const form = await c.req.parseBody();
    const bytes = Buffer.from(text(form.file), "base64");
    const given = { bytes, domain: domainOf(form.domain) };
    return orRoster(c, () => importSeen(c, access, given, text(form.preview)));
  });
  web.post("/courses/:course/roster/add", async (c) => {
    const access = await editorOf(c);
    const form = await c.req.parseBody();
    const field = (name: string) => text(form[name]);
    const reading = readOne({
      ...{ email: field("email"), name: field("name"), role: field("role") },
      ...{ student_number: field("student_number"), section: field("section") },
    });
    if ("problems" in reading) {
      c.status(422);
      return showRoster(c, reading.problems.map((problem) => problem[c.var.lang]).join(", "));
    }
    return orRoster(c, async () => {
      const { created } = await importLines(c.var.services.db, viewerOf(c), access, reading.rows, "form");
      return finished(c, access, created, "roster.added");
    });
  });
  addEntry(web);
}

function addEntry(web: Hono<AppEnv>): void {
  web.get("/courses/:course/roster/:person", async (c) => showEntry(c, await editorOf(c), null));
  web.post("/courses/:course/roster/:person", async (c) => {
    const access = await editorOf(c);
    const form = await c.req.parseBody();
    const optional = (name: string) => text(form[name]).trim().slice(0, 64) || null;
    const change = {
      role: role.catch("student").parse(form.role),
      studentNumber: optional("student_number"),
      section: optional("section"),
    };
    return orEntry(c, access, async () => {
      await changeRosterRow(c.var.services.db, viewerOf(c), access, c.req.param("person"), change);
      setFlash(c, "roster.changed");
      return c.redirect(`/courses/${access.course.slug}/roster`, 303);
    });
  });
  web.post("/courses/:course/roster/:person/remove", async (c) => {
    const access = await editorOf(c);
    return orEntry(c, access, async () => {
      await removeFromRoster(c.var.services.db, viewerOf(c), access, c.req.param("person"));
      setFlash(c, "roster.removed");
      return c.redirect(`/courses/${access.course.slug}/roster`, 303);
    });
  });
}

const text = (field: unknown) => (typeof field === "string" ? field : "");

async function editorOf(c: Context<AppEnv>): Promise<CourseAccess> {
  const viewer = viewerOf(c);
  const access = await findCourse(c.var.services.db, viewer, c.req.param("course")!);
  permit(viewer, access, "roster.edit");
  return access;
}

async function showRoster(c: Context<AppEnv>, error: string | null) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const access = await findCourse(db, viewer, c.req.param("course")!);
  const query = rosterQuery.parse(c.req.query());
  const view = { access, query, error, ...(await searchRoster(db, viewer, access, query)) };
  const at = pageContext(c);
  return c.html(
    c.req.header("hx-request") ? <Rows at={at} view={view} /> : <RosterPage at={at} view={view} />,
  );
}

/** A roster's file, and what completes names to sign in with where it has no e-mails. */
interface Given {
  bytes: Uint8Array;
  domain: string;
}

/** `example.edu`, also where somebody wrote `@example.edu`; what is no domain makes no e-mail, and its line says so. */
const domainOf = (field: unknown) => text(field).trim().replace(/^@/, "").slice(0, 253);

async function showPreview(c: Context<AppEnv>, access: CourseAccess, given: Given, stale: boolean) {
  const { bytes, domain } = given;
  const seen = await previewRoster(c.var.services.db, viewerOf(c), access, bytes, domain);
  const file = Buffer.from(bytes).toString("base64");
  const view = { access, ...seen, file, domain, preview: nameOf(seen.lines), stale };
  return c.html(<PreviewPage at={pageContext(c)} view={view} />);
}

/** Imports what was seen; where the roster has changed meanwhile, it is shown again instead. */
async function importSeen(c: Context<AppEnv>, access: CourseAccess, given: Given, preview: string) {
  const { bytes, domain } = given;
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  if (bytes.length > ROSTER_LIMIT_BYTES) return showPreview(c, access, given, false);
  const { lines } = await previewRoster(db, viewer, access, bytes, domain);
  if (nameOf(lines) !== preview) {
    c.status(409);
    return showPreview(c, access, given, true);
  }
  const { created } = await importRoster(db, viewer, access, bytes, domain);
  return finished(c, access, created, "roster.imported");
}

const nameOf = (lines: PreviewedLine[]) => createHash("sha256").update(JSON.stringify(lines)).digest("hex");

/** Administrators get the links of new people, once; who holds such a link can sign in as that person. */
async function finished(
  c: Context<AppEnv>,
  access: CourseAccess,
  created: { id: string; email: string }[],
  key: "roster.added" | "roster.imported",
) {
  const { auth, publicUrl } = c.var.services;
  if (created.length > 0 && viewerOf(c).admin) {
    const invitations = [];
    for (const { id, email } of created) {
      invitations.push({ email, url: `${publicUrl}/set-password#${await invite(auth, id)}` });
    }
    return c.html(<InvitationsPage at={pageContext(c)} access={access} invitations={invitations} />);
  }
  setFlash(c, created.length > 0 ? "roster.invitations.none" : key, created.length > 0 ? "info" : "success");
  return c.redirect(`/courses/${access.course.slug}/roster`, 303);
}

/** What a person did wrong is said on the roster's page. */
async function orRoster(c: Context<AppEnv>, act: () => Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof UserError) || error.status === 403 || error.status === 404) throw error;
    c.status(422);
    return showRoster(c, error.sentence(c.var.lang));
  }
}

async function orEntry(
  c: Context<AppEnv>,
  access: CourseAccess,
  act: () => Promise<Response>,
): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof UserError) || error.status === 403 || error.status === 404) throw error;
    c.status(409);
    return showEntry(c, access, error.sentence(c.var.lang));
  }
}

async function showEntry(c: Context<AppEnv>, access: CourseAccess, error: string | null) {
  const row = await findRosterRow(c.var.services.db, viewerOf(c), access, c.req.param("person")!);
  return c.html(<EntryPage at={pageContext(c)} access={access} row={row} error={error} />);
}
