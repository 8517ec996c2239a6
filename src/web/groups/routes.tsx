// Groups of a course: a student's own with its code, staff's overview. Plain forms.
import type { Context, Hono } from "hono";
import { z } from "zod";
import { listAssignments } from "../../assignments/assignments.ts";
import { findCourse } from "../../courses/courses.ts";
import {
  createGroup,
  createGroupSet,
  importGroups,
  joinGroup,
  leaveGroup,
  listGroups,
  placeMember,
  readGroupLines,
  removeMember,
} from "../../courses/groups.ts";
import { groupFormations, slug } from "../../courses/tables.ts";
import { fail } from "../../http/errors.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { GroupsPage } from "./page.tsx";

const newSet = z.object({
  slug,
  titleEn: z.string().trim().min(1).max(300),
  titleZh: z.string().trim().min(1).max(300),
  most: z.coerce.number().int().min(1).max(50),
  formation: z.enum(groupFormations),
});

export function addGroups(web: Hono<AppEnv>): void {
  web.get("/courses/:course/groups", async (c) => {
    const { db, viewer, access } = await asked(c);
    const sets = await listGroups(db, viewer, access);
    const assignments = await listAssignments(db, viewer, access);
    return c.html(<GroupsPage at={pageContext(c)} access={access} sets={sets} assignments={assignments} />);
  });
  web.post("/courses/:course/groups", async (c) => {
    const { db, viewer, access } = await asked(c);
    const read = newSet.safeParse(await c.req.parseBody());
    if (!read.success) {
      const [issue] = read.error.issues;
      throw fail("invalid", { where: issue?.path.join(".") ?? "", why: issue?.message ?? "" });
    }
    const { titleEn, titleZh, most, ...wish } = read.data;
    const title = { en: titleEn, zh: titleZh };
    await createGroupSet(db, viewer, access, { ...wish, title, mostMembers: most });
    return done(c);
  });
  web.post("/courses/:course/groups/:set/new", async (c) => {
    const { db, viewer, access } = await asked(c);
    await createGroup(db, viewer, access, c.req.param("set"), await field(c, "name"));
    return done(c);
  });
  web.post("/courses/:course/groups/:set/join", async (c) => {
    const { db, viewer, access } = await asked(c);
    await joinGroup(db, viewer, access, c.req.param("set"), await field(c, "code"));
    return done(c, "groups.joined");
  });
  web.post("/courses/:course/groups/:set/leave", async (c) => {
    const { db, viewer, access } = await asked(c);
    await leaveGroup(db, viewer, access, c.req.param("set"));
    return done(c, "groups.left");
  });
  web.post("/courses/:course/groups/:set/import", async (c) => {
    const { db, viewer, access } = await asked(c);
    await importGroups(db, viewer, access, c.req.param("set"), readGroupLines(await field(c, "lines")));
    return done(c);
  });
  web.post("/courses/:course/groups/:set/members/:group", async (c) => {
    const { db, viewer, access } = await asked(c);
    await placeMember(db, viewer, access, c.req.param("group"), await field(c, "email"));
    return done(c);
  });
  web.post("/courses/:course/groups/:set/remove/:person", async (c) => {
    const { db, viewer, access } = await asked(c);
    await removeMember(db, viewer, access, c.req.param("set"), c.req.param("person"));
    return done(c);
  });
}

async function asked(c: Context<AppEnv>) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  return { db, viewer, access: await findCourse(db, viewer, c.req.param("course") ?? "") };
}

async function field(c: Context<AppEnv>, name: string): Promise<string> {
  const value = (await c.req.parseBody())[name];
  return typeof value === "string" ? value : "";
}

function done(c: Context<AppEnv>, key: Parameters<typeof setFlash>[1] = "groups.done") {
  setFlash(c, key);
  return c.redirect(`/courses/${c.req.param("course")}/groups`, 303);
}
