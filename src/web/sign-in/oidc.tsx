// Signing in at the installation's OpenID provider, and connecting a login there with a person here.
import { createHmac } from "node:crypto";
import type { Context, Hono } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import { z } from "zod";
import { fail } from "../../accounts/errors.ts";
import { type OidcClient, pendingSignIn } from "../../accounts/oidc.ts";
import {
  beginSessionFor,
  connectByInvitation,
  connectWay,
  disconnectWay,
  personOfSubject,
} from "../../accounts/ways.ts";
import { addressOf } from "../../http/address.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { transaction } from "../../platform/database.ts";
import { Page } from "../components/page.tsx";
import { localPath, type PageContext, pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";

const COOKIE = "assay_oidc";
const CALLBACK = "/sign-in/oidc/callback";
const PENDING_SECONDS = 10 * 60;

/** What the browser had in mind when it went there. */
const intent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("sign-in"), next: z.string() }),
  z.object({ kind: z.literal("connect"), personId: z.string() }),
  z.object({ kind: z.literal("invitation"), token: z.string().max(200) }),
]);
type Intent = z.infer<typeof intent>;
const cookie = z.object({ pending: pendingSignIn, intent });

export function addOidc(web: Hono<AppEnv>): void {
  // Only a link: nothing is connected by it, and the browser that comes back has to be the one that left.
  web.get("/sign-in/oidc", async (c) => {
    const url = await leave(c, { kind: "sign-in", next: localPath(c.req.query("next")) });
    return c.redirect(url, 303);
  });
  web.post("/account/ways", async (c) => {
    const viewer = sessionOf(c);
    return continueTo(c, await leave(c, { kind: "connect", personId: viewer.id }));
  });
  web.post("/account/ways/:way/disconnect", async (c) => {
    await disconnectWay(c.var.services.db, sessionOf(c).id, c.req.param("way"));
    setFlash(c, "ways.disconnected");
    return c.redirect("/account", 303);
  });
  web.post("/set-password/oidc", async (c) => {
    const form = await c.req.parseBody();
    const token = String(form.token ?? "")
      .trim()
      .slice(0, 200);
    if (token === "") throw fail("bad_invitation");
    return continueTo(c, await leave(c, { kind: "invitation", token }));
  });
  web.get(CALLBACK, async (c) => {
    const oidc = oidcOf(c);
    const left = await takeCookie(c);
    const { subject } = await oidc.finish(left.pending, new URL(c.req.url).searchParams);
    return arrive(c, left.intent, { issuer: oidc.issuer, subject });
  });
}

async function arrive(c: Context<AppEnv>, wanted: Intent, subject: { issuer: string; subject: string }) {
  const { db, auth } = c.var.services;
  const origin = { address: addressOf(c), userAgent: c.req.header("user-agent") ?? "" };
  if (wanted.kind === "connect") {
    // Somebody else may have signed in here meanwhile.
    if (sessionOf(c).id !== wanted.personId)
      throw fail("oidc_refused", { why: "you signed in as somebody else" });
    await transaction(db, (tx) => connectWay(tx, wanted.personId, subject));
    setFlash(c, "ways.connected");
    return c.redirect("/account", 303);
  }
  const personId =
    wanted.kind === "invitation"
      ? await connectByInvitation(db, wanted.token, subject)
      : (await personOfSubject(db, subject))?.id;
  if (personId === undefined) throw fail("oidc_unknown");
  for (const one of await beginSessionFor(auth, personId, origin))
    c.header("Set-Cookie", one, { append: true });
  return c.redirect(wanted.kind === "sign-in" ? wanted.next : "/", 303);
}

/** Remembers in the browser what it went away for. @returns where it goes */
async function leave(c: Context<AppEnv>, wanted: Intent): Promise<string> {
  const { url, pending } = await oidcOf(c).begin();
  await setSignedCookie(c, COOKIE, JSON.stringify({ pending, intent: wanted }), await keyOf(c), {
    ...{ httpOnly: true, sameSite: "Lax", path: "/sign-in/oidc", maxAge: PENDING_SECONDS },
    secure: c.var.services.publicUrl.startsWith("https:"),
  });
  return url;
}

async function takeCookie(c: Context<AppEnv>): Promise<z.infer<typeof cookie>> {
  const text = await getSignedCookie(c, await keyOf(c), COOKIE);
  deleteCookie(c, COOKIE, { path: "/sign-in/oidc" });
  if (!text) throw fail("oidc_refused", { why: "this browser did not begin it, or it took too long" });
  return cookie.parse(JSON.parse(text));
}

/** Apart from the key of sessions, so that neither's signatures are the other's. */
async function keyOf(c: Context<AppEnv>): Promise<string> {
  const { secret } = await c.var.services.auth.$context;
  return createHmac("sha256", secret).update("assay: signing in elsewhere").digest("base64url");
}

function oidcOf(c: Context<AppEnv>): OidcClient {
  const { oidc } = c.var.services;
  if (!oidc) throw fail("not_found");
  return oidc;
}

function sessionOf(c: Context<AppEnv>) {
  const viewer = viewerOf(c);
  if (viewer.via !== "session") throw fail("session_needed");
  return viewer;
}

/** Not a redirect: our policy lets no form lead to another site, by whatever way. */
function continueTo(c: Context<AppEnv>, url: string) {
  c.header("Refresh", `0; url=${url}`);
  return c.html(<ContinuePage at={pageContext(c)} url={url} name={oidcOf(c).name} />);
}

function ContinuePage({ at, url, name }: { at: PageContext; url: string; name: string }) {
  return (
    <Page at={at} title={at.t("ways.continue.title", { name })}>
      <div class="card-box max-w-md">
        <a class="btn btn-primary w-full" href={url} rel="noreferrer">
          {at.t("ways.continue", { name })}
        </a>
      </div>
    </Page>
  );
}
