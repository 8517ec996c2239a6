// Submissions from elsewhere: a download is uploaded, looked at, mended and taken in. Plain forms, so that all of it
// works without scripts.
import type { Context, Hono } from "hono";
import { type AssignmentAccess, findAssignment } from "../../assignments/assignments.ts";
import { permit } from "../../courses/access.ts";
import type { AppEnv } from "../../http/services.ts";
import { shownName, sizeInWords, withUpload } from "../../http/upload.ts";
import { viewerOf } from "../../http/viewer.ts";
import { UserError } from "../../platform/errors.ts";
import { fail } from "../../submissions/errors.ts";
import {
  addPeopleFile,
  beginImport,
  DOWNLOAD_LIMIT_BYTES,
  decideImport,
  dropImport,
  findImport,
  listImports,
  lookAtDownload,
  lookAtImport,
  PEOPLE_FILE_LIMIT_BYTES,
} from "../../submissions/imports.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { ImportPage, ImportPart } from "./page.tsx";
import { refOf, StartPage } from "./start.tsx";

export function addMovingIn(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/move-in", async (c) => showStart(c, await assignmentOf(c), null));
  web.post("/assignments/:assignment/move-in", async (c) => {
    const viewer = viewerOf(c);
    const access = await assignmentOf(c);
    try {
      const { id } = await withUpload(c, viewer.id, DOWNLOAD_LIMIT_BYTES, (upload) =>
        lookAtDownload(c.var.services, viewer, access, upload),
      );
      return c.redirect(`/imports/${id}`, 303);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      c.status(422);
      return showStart(c, access, error);
    }
  });
  addImport(web);
}

function addImport(web: Hono<AppEnv>): void {
  web.get("/imports/:import", (c) => showImport(c, null));
  web.get("/imports/:import/part", async (c) => {
    const access = await importOf(c);
    // What changed with its end is on the whole page.
    if (access.row.state !== "applying") c.header("HX-Refresh", "true");
    const view = { access, looked: await lookAtImport(c.var.services.db, access), error: null };
    return c.html(<ImportPart at={pageContext(c)} view={view} />);
  });
  web.post("/imports/:import/people", (c) =>
    orPage(c, async () => {
      const { file } = await c.req.parseBody();
      if (!(file instanceof File)) return;
      if (file.size > PEOPLE_FILE_LIMIT_BYTES)
        throw fail("people_file_too_large", { limit: sizeInWords(PEOPLE_FILE_LIMIT_BYTES) });
      const bytes = new Uint8Array(await file.arrayBuffer());
      await addPeopleFile(c.var.services, await importOf(c), { name: shownName(file.name), bytes });
      setFlash(c, "moving.saved");
    }),
  );
  web.post("/imports/:import/choices", (c) =>
    orPage(c, async () => {
      const form = await c.req.parseBody({ all: true });
      const [keys, said] = [listOf(form.key), listOf(form.person)];
      const people = new Map(keys.map((key, place) => [key, said[place] ?? ""]));
      const moment = listOf(form.moment)[0] ?? "";
      await decideImport(c.var.services.db, await importOf(c), { people, moment });
      setFlash(c, "moving.saved");
    }),
  );
  web.post("/imports/:import/apply", (c) =>
    orPage(c, async () => {
      const { basis } = await c.req.parseBody();
      const said = typeof basis === "string" ? basis : "";
      await beginImport(c.var.services.db, viewerOf(c), await importOf(c), said);
    }),
  );
  web.post("/imports/:import/drop", async (c) => {
    const access = await importOf(c);
    await dropImport(c.var.services.db, viewerOf(c), access);
    setFlash(c, "moving.dropped");
    return c.redirect(`${refOf(access)}/move-in`, 303);
  });
}

const listOf = (field: unknown): string[] =>
  (Array.isArray(field) ? field : [field]).filter((one) => typeof one === "string");

async function assignmentOf(c: Context<AppEnv>): Promise<AssignmentAccess> {
  const viewer = viewerOf(c);
  const access = await findAssignment(c.var.services.db, viewer, c.req.param("assignment")!);
  permit(viewer, access, "submission.move_in");
  return access;
}

const importOf = (c: Context<AppEnv>) => findImport(c.var.services.db, viewerOf(c), c.req.param("import")!);

/** Acts, and shows the import again; what a person did wrong is said on its page. */
async function orPage(c: Context<AppEnv>, act: () => Promise<void>): Promise<Response> {
  try {
    await act();
    return c.redirect(`/imports/${c.req.param("import")}`, 303);
  } catch (error) {
    if (!(error instanceof UserError) || error.status === 403 || error.status === 404) throw error;
    c.status(error.status === 409 ? 409 : 422);
    return showImport(c, error);
  }
}

async function showImport(c: Context<AppEnv>, error: UserError | null) {
  const access = await importOf(c);
  const view = { access, looked: await lookAtImport(c.var.services.db, access), error };
  return c.html(<ImportPage at={pageContext(c)} view={view} />);
}

async function showStart(c: Context<AppEnv>, access: AssignmentAccess, error: UserError | null) {
  const earlier = await listImports(c.var.services.db, viewerOf(c), access);
  return c.html(<StartPage at={pageContext(c)} view={{ access, earlier, error }} />);
}
