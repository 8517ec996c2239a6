// A group of submissions with the same mistake: one comment or one item's grade for all, shown before it is given; and
// the mistake as a mutant of the suite's next version.
import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { findAssignment } from "../../assignments/assignments.ts";
import { allows, permit } from "../../courses/access.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { fail } from "../../insight/errors.ts";
import { type Basis, mistakeGroup, titleOf } from "../../insight/mistakes.ts";
import { draftMutant, type MutantWish, saveMutant } from "../../insight/save-mutant.ts";
import { UserError } from "../../platform/errors.ts";
import { listGroupMarks, markGroup, undoGroupMark } from "../../review/group-marks.ts";
import { type GroupWish, groupMembers, previewGroup } from "../../review/group-preview.ts";
import { rubricOfAssignment } from "../../submissions/rubric-worth.ts";
import { findSubmission, noteLook } from "../../submissions/submissions.ts";
import { findVersion } from "../../suites/suites.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { GroupPage } from "./group.tsx";
import { type GroupView, groupAddress } from "./group-view.ts";
import { MutantPage } from "./mutant.tsx";

type Ask = Context<AppEnv>;
type Form = Record<string, unknown>;

export function addGroup(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/mistakes/:group", async (c) => show(c, await load(c), null));
  web.post("/assignments/:assignment/mistakes/:group/preview", async (c) => {
    const form = await c.req.parseBody();
    const view = await load(c, form);
    return withPreview(c, view, wishIn(form), null);
  });
  web.post("/assignments/:assignment/mistakes/:group", async (c) => {
    const form = await c.req.parseBody();
    const view = await load(c, form);
    const { access, group } = view;
    const wish = wishIn(form);
    try {
      const { key, submissions } = group;
      const named = { key, title: titleOf(group), submissions };
      await markGroup(c.var.services, viewerOf(c), access, named, wish, text(form.basis));
    } catch (error) {
      if (!isShown(error)) throw error;
      return withPreview(c, view, wish, error);
    }
    return back(c, view, "group.applied");
  });
  web.post("/assignments/:assignment/mistakes/:group/undo", async (c) => {
    const form = await c.req.parseBody();
    const viewer = viewerOf(c);
    const { db } = c.var.services;
    const access = await findAssignment(db, viewer, c.req.param("assignment"));
    const { kept } = await undoGroupMark(db, viewer, access, text(form.mark));
    setFlash(c, kept > 0 ? "group.undone-some" : "group.undone", kept > 0 ? "info" : "success");
    return c.redirect(
      `/assignments/${c.req.param("assignment")}/mistakes/${c.req.param("group")}?on=${basisIn(form)}`,
      303,
    );
  });
  addMutant(web);
}

function addMutant(web: Hono<AppEnv>): void {
  web.get("/assignments/:assignment/mistakes/:group/mutant", async (c) => {
    const view = await load(c);
    return showMutant(c, view, c.req.query("submission") ?? "", null, null);
  });
  web.post("/assignments/:assignment/mistakes/:group/mutant", async (c) => {
    const form = await c.req.parseBody({ all: true });
    const view = await load(c, form);
    const wish = mutantIn(form);
    const id = text(form.submission);
    const viewer = viewerOf(c);
    try {
      const access = await memberOf(c, view, id);
      const { version } = await saveMutant(c.var.services, viewer, access, wish);
      setFlash(c, "mutant.saved");
      return c.redirect(`/suite-versions/${version.id}`, 303);
    } catch (error) {
      if (!isShown(error)) throw error;
      return showMutant(c, view, id, wish, error);
    }
  });
}

async function showMutant(
  c: Ask,
  view: GroupView,
  id: string,
  wish: MutantWish | null,
  error: UserError | null,
) {
  const viewer = viewerOf(c);
  permit(viewer, view.access, "suite.register");
  const access = await memberOf(c, view, id);
  await noteLook(c.var.services.db, viewer, access, "as a mutant");
  let draft = null;
  let said = error;
  try {
    draft = await draftMutant(c.var.services, viewer, access);
  } catch (fault) {
    if (!isShown(fault)) throw fault;
    said = fault;
  }
  const tests = view.group.alike?.tests ?? [];
  const page = (
    <MutantPage at={pageContext(c)} view={view} props={{ access, draft, tests, wish, error: said }} />
  );
  return c.html(page, (said?.status ?? 200) as ContentfulStatusCode);
}

/** Only one of the group: others are other mistakes. @throws not_found */
async function memberOf(c: Ask, { group }: GroupView, id: string) {
  if (!group.submissions.includes(id)) throw fail("not_found");
  return findSubmission(c.var.services.db, viewerOf(c), id);
}

async function withPreview(c: Ask, view: GroupView, wish: GroupWish, error: UserError | null) {
  const { access, group } = view;
  try {
    const preview = await previewGroup(c.var.services, viewerOf(c), access, group.submissions, wish);
    return show(c, { ...view, wish, preview }, error);
  } catch (fault) {
    if (!isShown(fault)) throw fault;
    return show(c, { ...view, wish }, error ?? fault);
  }
}

function show(c: Ask, view: GroupView, error: UserError | null) {
  const page = <GroupPage at={pageContext(c)} view={view} error={error} />;
  return c.html(page, (error?.status ?? 200) as ContentfulStatusCode);
}

async function load(c: Ask, form: Form = {}): Promise<GroupView> {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const access = await findAssignment(db, viewer, c.req.param("assignment")!);
  const on = form.on ?? c.req.query("on");
  const find = (basis: Basis) => mistakeGroup(db, viewer, access, c.req.param("group")!, basis);
  const first = await find(basisIn({ on }));
  // Nobody said which: what counts, where the mistake still counts for somebody.
  const group = on === undefined && first?.submissions.length === 0 ? await find("latest") : first;
  if (!group) throw fail("not_found");
  const versionId = access.assignment.suiteVersionId;
  const version = versionId ? (await findVersion(db, viewer, versionId)).version : null;
  return {
    ...{ access, group, wish: null, preview: null, viewer },
    members: await groupMembers(db, viewer, access, group.submissions),
    marks: await listGroupMarks(db, viewer, access, group.key),
    rubric: await rubricOfAssignment(db, access),
    paths: version?.config.files.required ?? [],
    maySave:
      group.alike !== null &&
      allows(access.standing, "suite.register") &&
      version?.config.mode === "isolated",
  };
}

function wishIn(form: Form): GroupWish {
  if (form.kind === "item") {
    const replace = form.replace === "yes";
    return { kind: "item", text: text(form.text), item: text(form.item), points: text(form.points), replace };
  }
  return {
    kind: "comment",
    text: text(form.text),
    path: text(form.path),
    near: text(form.near).slice(0, 200),
  };
}

function mutantIn(form: Form): MutantWish {
  const words = (name: string) => ({
    en: text(form[`${name}-en`]).trim(),
    zh: text(form[`${name}-zh`]).trim(),
  });
  const fails = [form.fails].flat().filter((one) => typeof one === "string" && one !== "") as string[];
  return {
    ...{ name: text(form.name).trim(), title: words("title"), hint: words("hint"), fails },
    read: form.read === "yes",
  };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const basisIn = ({ on }: Form): Basis => (on === "latest" ? "latest" : "counted");
const isShown = (error: unknown): error is UserError =>
  error instanceof UserError && [409, 422].includes(error.status);

function back(c: Ask, view: GroupView, said: Parameters<typeof setFlash>[1]) {
  setFlash(c, said);
  return c.redirect(`${groupAddress(view)}?on=${view.group.basis}`, 303);
}
