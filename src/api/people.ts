// People of the installation, for administrators.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { audit } from "../accounts/audit.ts";
import { fail } from "../accounts/errors.ts";
import {
  checkPasswordLength,
  createPerson,
  emailAddress,
  invite,
  listPeople,
  oneLine,
  PEOPLE_PAGE,
  personById,
  setPassword,
} from "../accounts/people.ts";
import { language } from "../accounts/tables.ts";
import { requireAdmin } from "../accounts/viewer.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { transaction } from "../platform/database.ts";
import { body, id, page, pageOf, refusals, security, text } from "./answers.ts";
import { person, personAnswer } from "./me.ts";

const tags = ["people"];
const invitation = z.object({ url: z.url().openapi({ description: "Opens once, within two weeks." }) });

const list = createRoute({
  method: "get",
  path: "/people",
  tags,
  security,
  summary: "People, by e-mail",
  request: {
    query: z.object({ search: z.string().max(100).default(""), after: z.string().max(300).default("") }),
  },
  responses: { 200: text(pageOf(person), "A page."), ...refusals(401, 403) },
});
const create = createRoute({
  method: "post",
  path: "/people",
  tags,
  security,
  summary: "Make a person",
  request: body(
    z.object({
      name: oneLine(200),
      email: emailAddress,
      admin: z.boolean().default(false),
      language: language.optional(),
      password: z.string().max(1000).optional().openapi({ description: "Without it: invite them." }),
    }),
  ),
  responses: { 201: text(person, "The person."), ...refusals(401, 403, 409, 422) },
});
const inviteRoute = createRoute({
  method: "post",
  path: "/people/{person}/invitation",
  tags,
  security,
  summary: "A link by which this person sets a password",
  request: { params: z.object({ person: id }) },
  responses: { 201: text(invitation, "Give it to them and to nobody else."), ...refusals(401, 403, 404) },
});

export function addPeople(api: OpenAPIHono<AppEnv>): void {
  api.openapi(list, async (c) => {
    requireAdmin(viewerOf(c));
    const { search, after } = c.req.valid("query");
    const rows = await listPeople(c.var.services.db, search, after);
    return c.json(
      page(rows, PEOPLE_PAGE, (row) => row.email, personAnswer),
      200,
    );
  });
  api.openapi(create, async (c) => {
    const viewer = viewerOf(c);
    requireAdmin(viewer);
    const { password, language, ...wish } = c.req.valid("json");
    const { db, auth } = c.var.services;
    // First, so that a person is not left behind without the password that was wished for.
    if (password !== undefined) checkPasswordLength(password);
    const made = await transaction(db, (tx) =>
      createPerson(tx, viewer, { ...wish, ...(language && { language }) }),
    );
    if (password !== undefined) await setPassword(auth, made.id, password);
    return c.json(personAnswer(made), 201);
  });
  api.openapi(inviteRoute, async (c) => {
    const viewer = viewerOf(c);
    requireAdmin(viewer);
    const { db, auth, publicUrl } = c.var.services;
    const found = await personById(db, c.req.valid("param").person);
    if (!found) throw fail("not_found");
    await audit(db, {
      actorId: viewer.id,
      action: "person.invited",
      subject: { kind: "person", id: found.id },
    });
    return c.json({ url: invitationUrl(publicUrl, await invite(auth, found.id)) }, 201);
  });
}

/** The secret stands after the `#`: it reaches no server's log and no Referer. */
export function invitationUrl(publicUrl: string, secret: string): string {
  return `${publicUrl}/set-password#${secret}`;
}
