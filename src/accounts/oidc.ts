// Signing in at somebody else's: OpenID Connect's authorization code flow, against any provider. Here is the protocol
// only; whom an (issuer, subject) is here, accounts/ways.ts knows.
import { randomBytes } from "node:crypto";
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import { InfrastructureFault } from "../platform/errors.ts";
import { fail } from "./errors.ts";

export interface OidcSettings {
  issuer: string;
  clientId: string;
  /** Undefined: a public client, by PKCE alone. */
  clientSecret: string | undefined;
  /** What the button says. */
  name: string;
  redirectUri: string;
}

/** What the browser keeps, signed, until it comes back. */
export const pendingSignIn = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
});
export type PendingSignIn = z.infer<typeof pendingSignIn>;

export interface OidcClient {
  name: string;
  issuer: string;
  /** Where to send the browser, and what it has to bring back. */
  begin(): Promise<{ url: string; pending: PendingSignIn }>;
  /** Who came back. @throws oidc_refused when the provider said no, or what it said does not hold */
  finish(pending: PendingSignIn, answer: URLSearchParams): Promise<{ subject: string; email: string | null }>;
}

const ANSWER_LIMIT_MS = 10_000;
const KNOWN_FOR_MS = 10 * 60_000;
/** No symmetric ones and no `none`: the provider's published keys decide. */
export const SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"];

const discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(["client_secret_basic"]),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
});
type Discovery = z.infer<typeof discovery>;

/** 256 bits that nobody can guess. */
export const secretWord = () => randomBytes(32).toString("base64url");

export function openOidc(settings: OidcSettings): OidcClient {
  const provider = cachedDiscovery(settings.issuer);
  return {
    name: settings.name,
    issuer: settings.issuer,
    async begin() {
      const { meta } = await provider();
      const pending = { state: secretWord(), nonce: secretWord(), verifier: secretWord() };
      const url = new URL(meta.authorization_endpoint);
      const asked = {
        ...{ response_type: "code", client_id: settings.clientId, redirect_uri: settings.redirectUri },
        ...{ scope: "openid email", state: pending.state, nonce: pending.nonce },
        ...{ code_challenge: await challengeOf(pending.verifier), code_challenge_method: "S256" },
      };
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
      return { url: url.href, pending };
    },
    async finish(pending, answer) {
      const { meta, keys } = await provider();
      const code = codeOf(meta, pending, answer);
      const idToken = await exchange(settings, meta, code, pending.verifier);
      const claims = await verified(idToken, keys, settings);
      if (claims.nonce !== pending.nonce || typeof claims.sub !== "string" || claims.sub === "")
        throw fail("oidc_refused", { why: "the answer is not of this sign-in" });
      return { subject: claims.sub, email: typeof claims.email === "string" ? claims.email : null };
    },
  };
}

/** Asked again after some minutes, and at once where the last try failed. */
function cachedDiscovery(issuer: string) {
  let known: { meta: Discovery; keys: ReturnType<typeof createRemoteJWKSet>; at: number } | null = null;
  return async () => {
    if (known && performance.now() - known.at < KNOWN_FOR_MS) return known;
    const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const read = discovery.safeParse(await jsonFrom(url, {}));
    if (!read.success) throw new InfrastructureFault(`${url} is no discovery document`);
    // Else one provider could speak for another.
    if (read.data.issuer !== issuer)
      throw new InfrastructureFault(`OIDC_ISSUER: ${url} names itself ${read.data.issuer}; write it so`);
    const keys = createRemoteJWKSet(new URL(read.data.jwks_uri), { timeoutDuration: ANSWER_LIMIT_MS });
    known = { meta: read.data, keys, at: performance.now() };
    return known;
  };
}

function codeOf(meta: Discovery, pending: PendingSignIn, answer: URLSearchParams): string {
  const refused = answer.get("error");
  if (answer.get("state") !== pending.state)
    throw fail("oidc_refused", { why: "another sign-in was begun since" });
  // RFC 9207: an answer of another provider that was made to look like this one's.
  const iss = answer.get("iss");
  if (iss === null ? meta.authorization_response_iss_parameter_supported : iss !== meta.issuer)
    throw fail("oidc_refused", { why: "the answer is another provider's" });
  if (refused !== null)
    throw fail("oidc_refused", { why: (answer.get("error_description") ?? refused).slice(0, 200) });
  const code = answer.get("code");
  if (code === null) throw fail("oidc_refused", { why: "there is no code in the answer" });
  return code;
}

async function exchange(
  settings: OidcSettings,
  meta: Discovery,
  code: string,
  verifier: string,
): Promise<string> {
  const { clientId, clientSecret, redirectUri } = settings;
  const form = new URLSearchParams({
    ...{ grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier },
  });
  const headers: Record<string, string> = {};
  const basic = meta.token_endpoint_auth_methods_supported.includes("client_secret_basic");
  if (clientSecret !== undefined && basic) {
    // RFC 6749 2.3.1: each part is form-encoded first.
    const pair = [clientId, clientSecret].map((part) =>
      new URLSearchParams([["", part]]).toString().slice(1),
    );
    headers.authorization = `Basic ${Buffer.from(pair.join(":")).toString("base64")}`;
  } else {
    form.set("client_id", clientId);
    if (clientSecret !== undefined) form.set("client_secret", clientSecret);
  }
  const answer = z
    .object({ id_token: z.string() })
    .safeParse(await jsonFrom(meta.token_endpoint, { method: "POST", headers, body: form }));
  if (!answer.success) throw fail("oidc_refused", { why: "the provider gave no identity token" });
  return answer.data.id_token;
}

async function verified(
  idToken: string,
  keys: ReturnType<typeof createRemoteJWKSet>,
  { issuer, clientId }: OidcSettings,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(idToken, keys, {
      ...{ issuer, audience: clientId, algorithms: SIGNATURES, clockTolerance: 60 },
      ...{ requiredClaims: ["exp", "iat", "sub"] },
    });
    if (Array.isArray(payload.aud) && payload.aud.length > 1 && payload.azp !== clientId)
      throw fail("oidc_refused", { why: "the identity token is another site's" });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw fail("oidc_refused", { why: error.message });
    throw error;
  }
}

/** @throws InfrastructureFault when the provider cannot be reached, oidc_refused when it says no */
async function jsonFrom(url: string, init: RequestInit): Promise<unknown> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }).catch(
    (cause) => {
      throw new InfrastructureFault(`${url} does not answer`, { cause });
    },
  );
  const text = await answer.text();
  if (answer.status >= 500) throw new InfrastructureFault(`${url} answers ${answer.status}`);
  if (!answer.ok) throw fail("oidc_refused", { why: `the provider answers ${answer.status}` });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InfrastructureFault(`${url} answers no JSON`, { cause });
  }
}

async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return Buffer.from(digest).toString("base64url");
}
