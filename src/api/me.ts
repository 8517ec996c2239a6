// Whoever asks: who they are, their courses, their tokens.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { fail } from "../accounts/errors.ts";
import { oneLine } from "../accounts/people.ts";
import { language, type Person, scope } from "../accounts/tables.ts";
import {
  issueToken,
  listTokens,
  revokeToken,
  TOKEN_DAYS_DEFAULT,
  TOKEN_DAYS_LIMIT,
  type TokenRecord,
} from "../accounts/tokens.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { body, id, iso, moment, refusals, security, text } from "./answers.ts";

const tags = ["me"];
export const tokenName = oneLine(100).openapi({ example: "laptop" });
export const person = z
  .object({
    id,
    name: z.string(),
    email: z.string(),
    admin: z.boolean(),
    language: language.nullable(),
  })
  .openapi("Person");
export const tokenRecord = z
  .object({
    id,
    name: z.string(),
    tail: z.string().openapi({ description: "The token's last four characters." }),
    scopes: z.array(scope),
    createdAt: moment,
    expiresAt: moment,
    lastUsedAt: moment.nullable(),
  })
  .openapi("Token");

export const personAnswer = ({ id, name, email, admin, language }: Person | Viewer) => {
  return { id, name, email, admin, language };
};
export const tokenAnswer = ({ id, name, tail, scopes, createdAt, expiresAt, lastUsedAt }: TokenRecord) => {
  const times = {
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: iso(lastUsedAt),
  };
  return { id, name, tail, scopes, ...times };
};

const me = createRoute({
  method: "get",
  path: "/me",
  tags,
  security,
  summary: "Who I am",
  responses: {
    200: text(person.extend({ via: z.enum(["session", "token"]), scopes: z.array(scope) }), "You."),
    ...refusals(401),
  },
});
const tokens = createRoute({
  method: "get",
  path: "/me/tokens",
  tags,
  security,
  summary: "My live tokens",
  responses: {
    200: text(z.object({ items: z.array(tokenRecord) }), "Without the tokens themselves."),
    ...refusals(401, 403),
  },
});
const issue = createRoute({
  method: "post",
  path: "/me/tokens",
  tags,
  security,
  summary: "Make a token (from a session, not with a token)",
  request: body(
    z.object({
      name: tokenName,
      scopes: z.array(scope).min(1),
      days: z.int().min(1).max(TOKEN_DAYS_LIMIT).default(TOKEN_DAYS_DEFAULT),
    }),
  ),
  responses: {
    201: text(tokenRecord.extend({ token: z.string() }), "The token; it is shown this once."),
    ...refusals(401, 403, 422),
  },
});
const revoke = createRoute({
  method: "delete",
  path: "/me/tokens/{token}",
  tags,
  security,
  summary: "End one of my tokens",
  request: { params: z.object({ token: id }) },
  responses: { 204: { description: "It is worth nothing any more." }, ...refusals(401, 403, 404) },
});

export function addMe(api: OpenAPIHono<AppEnv>): void {
  api.openapi(me, (c) => {
    const viewer = viewerOf(c);
    return c.json({ ...personAnswer(viewer), via: viewer.via, scopes: [...viewer.scopes] }, 200);
  });
  api.openapi(tokens, async (c) => {
    const items = await listTokens(c.var.services.db, sessionOnly(viewerOf(c)));
    return c.json({ items: items.map(tokenAnswer) }, 200);
  });
  api.openapi(issue, async (c) => {
    const viewer = sessionOnly(viewerOf(c));
    const { token, record } = await issueToken(c.var.services.db, viewer.id, c.req.valid("json"));
    return c.json({ ...tokenAnswer(record), token }, 201);
  });
  api.openapi(revoke, async (c) => {
    await revokeToken(c.var.services.db, sessionOnly(viewerOf(c)), c.req.valid("param").token);
    return c.body(null, 204);
  });
}

/** A token makes no tokens: one that was stolen cannot make itself last. */
function sessionOnly(viewer: Viewer): Viewer {
  if (viewer.via !== "session") throw fail("session_needed");
  return viewer;
}
