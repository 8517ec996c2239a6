// Who is asking: an API token, or a session's cookie. A token that is sent and not good is refused; it is never
// quietly replaced by whoever is signed in.
import type { Context, MiddlewareHandler } from "hono";
import { fail } from "../accounts/errors.ts";
import { viewerOfSession } from "../accounts/sign-in.ts";
import { viewerOfToken } from "../accounts/tokens.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { languageOf } from "./language.ts";
import type { AppEnv, Services } from "./services.ts";

/** Reads the request's credentials against the rows as they are now. @throws bad_token */
export async function identify({ db, auth }: Services, headers: Headers): Promise<Viewer | null> {
  const authorization = headers.get("authorization");
  if (authorization === null) return viewerOfSession(db, auth, headers);
  const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
  const viewer = token ? await viewerOfToken(db, token) : null;
  if (!viewer) throw fail("bad_token");
  return viewer;
}

export const setViewer: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set("viewer", await identify(c.var.services, c.req.raw.headers));
  c.set("lang", languageOf(c));
  await next();
};

/** @throws sign_in_needed */
export function viewerOf(c: Context<AppEnv>): Viewer {
  if (!c.var.viewer) throw fail("sign_in_needed");
  return c.var.viewer;
}
