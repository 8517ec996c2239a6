// Groups of a course: sets, one's own group, staff's placing of people.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findCourse } from "../courses/courses.ts";
import {
  createGroup,
  createGroupSet,
  importGroups,
  joinGroup,
  leaveGroup,
  listGroups,
  removeMember,
} from "../courses/groups.ts";
import { groupFormations, slug } from "../courses/tables.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { body, id, refusals, security, text, words, wordsGiven } from "./answers.ts";
import { courseParam } from "./courses.ts";

const tags = ["groups"];
const member = z.object({ id, name: z.string(), email: z.string() });
const group = z.object({ id, name: z.string(), code: z.string(), members: z.array(member) }).openapi("Group");
const settings = { mostMembers: z.int().min(1).max(50), formation: z.enum(groupFormations) };
const set = z
  .object({ id, slug: z.string(), title: words, ...settings, groups: z.array(group) })
  .openapi("GroupSet");
const setParam = courseParam.extend({
  set: z.string().min(1).max(64).openapi({ description: "Id or short name of the set." }),
});
const path = "/courses/{course}/group-sets";

const list = createRoute({
  method: "get",
  path,
  tags,
  security,
  summary: "A course's sets of groups, with my own group; for staff with all",
  request: { params: courseParam },
  responses: { 200: text(z.object({ items: z.array(set) }), "By short name."), ...refusals(401, 403, 404) },
});
const create = createRoute({
  method: "post",
  path,
  tags,
  security,
  summary: "Make a set of groups (staff)",
  request: { params: courseParam, ...body(z.object({ slug, title: wordsGiven, ...settings })) },
  responses: { 201: text(z.object({ id }), "Made."), ...refusals(401, 403, 404, 409, 422) },
});
const found = createRoute({
  method: "post",
  path: `${path}/{set}/groups`,
  tags,
  security,
  summary: "Make a group: a student is in it at once",
  request: { params: setParam, ...body(z.object({ name: z.string().trim().min(1).max(80) })) },
  responses: { 201: text(z.object({ id, code: z.string() }), "Made."), ...refusals(401, 403, 404, 409) },
});
const join = createRoute({
  method: "post",
  path: `${path}/{set}/join`,
  tags,
  security,
  summary: "Join a group by its code",
  request: { params: setParam, ...body(z.object({ code: z.string().min(1).max(40) })) },
  responses: { 204: { description: "You are in it." }, ...refusals(401, 403, 404, 409, 422) },
});
const leave = createRoute({
  method: "post",
  path: `${path}/{set}/leave`,
  tags,
  security,
  summary: "Leave my group; what we handed in stays mine",
  request: { params: setParam },
  responses: { 204: { description: "You are out of it." }, ...refusals(401, 403, 404) },
});
const members = createRoute({
  method: "put",
  path: `${path}/{set}/members`,
  tags,
  security,
  summary: "Put people of the roster into groups by name (staff)",
  request: {
    params: setParam,
    ...body(z.array(z.object({ email: z.string(), group: z.string().trim().min(1).max(80) })).max(2000)),
  },
  responses: { 204: { description: "All of them are placed." }, ...refusals(401, 403, 404, 409, 422) },
});
const remove = createRoute({
  method: "delete",
  path: `${path}/{set}/members/{person}`,
  tags,
  security,
  summary: "Take somebody out of their group (staff)",
  request: { params: setParam.extend({ person: id }) },
  responses: { 204: { description: "Out of it." }, ...refusals(401, 403, 404) },
});

export function addGroups(api: OpenAPIHono<AppEnv>): void {
  api.openapi(list, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const sets = await listGroups(db, viewer, await findCourse(db, viewer, c.req.valid("param").course));
    return c.json({ items: sets.map(setAnswer) }, 200);
  });
  api.openapi(create, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.valid("param").course);
    const { id } = await createGroupSet(db, viewer, access, c.req.valid("json"));
    return c.json({ id }, 201);
  });
  api.openapi(found, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { course, set } = c.req.valid("param");
    const access = await findCourse(db, viewer, course);
    const { id, code } = await createGroup(db, viewer, access, set, c.req.valid("json").name);
    return c.json({ id, code }, 201);
  });
  api.openapi(join, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { course, set } = c.req.valid("param");
    await joinGroup(db, viewer, await findCourse(db, viewer, course), set, c.req.valid("json").code);
    return c.body(null, 204);
  });
  api.openapi(leave, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { course, set } = c.req.valid("param");
    await leaveGroup(db, viewer, await findCourse(db, viewer, course), set);
    return c.body(null, 204);
  });
  api.openapi(members, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { course, set } = c.req.valid("param");
    await importGroups(db, viewer, await findCourse(db, viewer, course), set, c.req.valid("json"));
    return c.body(null, 204);
  });
  api.openapi(remove, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { course, set, person } = c.req.valid("param");
    await removeMember(db, viewer, await findCourse(db, viewer, course), set, person);
    return c.body(null, 204);
  });
}

type Sets = Awaited<ReturnType<typeof listGroups>>;
const setAnswer = ({ id, slug, title, mostMembers, formation, groups }: Sets[number]) => ({
  id,
  slug,
  title,
  mostMembers,
  formation,
  groups: groups.map(({ id, name, code, members }) => ({ id, name, code, members })),
});
