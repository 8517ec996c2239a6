// Signing in: a browser's session, or a token for programs. And the link by which a password is set.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { acceptInvitation, emailAddress } from "../accounts/people.ts";
import { beginSession, checkPassword, endSession } from "../accounts/sign-in.ts";
import { scope } from "../accounts/tables.ts";
import { issueToken, TOKEN_DAYS_DEFAULT, TOKEN_DAYS_LIMIT } from "../accounts/tokens.ts";
import { ALL_SCOPES } from "../accounts/viewer.ts";
import { addressOf } from "../http/address.ts";
import type { AppEnv } from "../http/services.ts";
import { body, refusals, text } from "./answers.ts";
import { person, personAnswer, tokenAnswer, tokenName, tokenRecord } from "./me.ts";

const tags = ["sign in"];
// Both are bounded, so that nobody makes us hash megabytes.
const credentials = z.object({ email: emailAddress, password: z.string().min(1).max(1000) });

const signIn = createRoute({
  method: "post",
  path: "/sign-in",
  tags,
  summary: "Begin a browser's session",
  request: body(credentials),
  responses: {
    200: text(z.object({ person }), "Signed in; the answer sets the session's cookie."),
    ...refusals(401, 403, 422, 429),
  },
});
const signOut = createRoute({
  method: "post",
  path: "/sign-out",
  tags,
  summary: "End the browser's session",
  responses: { 204: { description: "Signed out." }, ...refusals(403) },
});
const exchange = createRoute({
  method: "post",
  path: "/token",
  tags,
  summary: "Exchange e-mail and password for an API token",
  request: body(
    credentials.extend({
      name: tokenName,
      scopes: z
        .array(scope)
        .min(1)
        .default([...ALL_SCOPES]),
      days: z.int().min(1).max(TOKEN_DAYS_LIMIT).default(TOKEN_DAYS_DEFAULT),
    }),
  ),
  responses: {
    201: text(tokenRecord.extend({ token: z.string(), person }), "The token; it is shown this once."),
    ...refusals(401, 403, 422, 429),
  },
});
const setPassword = createRoute({
  method: "post",
  path: "/set-password",
  tags,
  summary: "Set a password by the token of an invitation or reset link",
  request: body(z.object({ token: z.string().min(1).max(200), password: z.string().max(1000) })),
  responses: {
    204: { description: "The password is set; sessions made with an older one have ended." },
    ...refusals(403, 422),
  },
});

export function addSignIn(api: OpenAPIHono<AppEnv>): void {
  api.openapi(signIn, async (c) => {
    const { db, auth } = c.var.services;
    const begun = await beginSession(db, auth, c.req.valid("json"), originOf(c));
    for (const cookie of begun.cookies) c.header("Set-Cookie", cookie, { append: true });
    return c.json({ person: personAnswer(begun.person) }, 200);
  });
  api.openapi(signOut, async (c) => {
    for (const cookie of await endSession(c.var.services.auth, c.req.raw.headers)) {
      c.header("Set-Cookie", cookie, { append: true });
    }
    return c.body(null, 204);
  });
  api.openapi(exchange, async (c) => {
    const { db, auth } = c.var.services;
    const wish = c.req.valid("json");
    const owner = await checkPassword(db, auth, wish, originOf(c));
    const { token, record } = await issueToken(db, owner.id, wish);
    return c.json({ ...tokenAnswer(record), token, person: personAnswer(owner) }, 201);
  });
  api.openapi(setPassword, async (c) => {
    const { token, password } = c.req.valid("json");
    await acceptInvitation(c.var.services.auth, token, password);
    return c.body(null, 204);
  });
}

function originOf(c: Context<AppEnv>) {
  return { address: addressOf(c), userAgent: c.req.header("user-agent") ?? "" };
}
