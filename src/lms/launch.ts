// The way from a platform to here (LTI 1.3: OpenID Connect begun by a third party). Three steps: the platform's page
// sends the browser to us (`beginLogin`), we send it to the platform, it comes back with a signed token (`takeLaunch`).
import { createHash } from "node:crypto";
import { and, eq, gt, lt, sql } from "drizzle-orm";
import { createRemoteJWKSet, errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { SIGNATURES, secretWord } from "../accounts/oidc.ts";
import { type Db, violates } from "../platform/database.ts";
import { type LaunchFacts, launchFacts } from "./claims.ts";
import { fail } from "./errors.ts";
import { platformBy, platformById } from "./platforms.ts";
import { type LmsPlatform, lmsLaunches } from "./tables.ts";

const LAUNCH_MINUTES = 10;
const KEYS_LIMIT_MS = 10_000;

export interface LaunchSettings {
  /** Signs what the browser carries to the platform and back. */
  secret: string;
  /** Where the platform sends it back to. */
  launchUrl: string;
}

const login = z.object({
  iss: z.string().min(1).max(255),
  login_hint: z.string().min(1).max(2000),
  target_link_uri: z.string().max(2000).optional(),
  lti_message_hint: z.string().max(8000).optional(),
  client_id: z.string().max(255).optional(),
});
const state = z.object({ platformId: z.string(), nonce: z.string(), browser: z.string() });

/** @returns where the browser goes, and what its cookie keeps. @throws lms_unknown, lms_refused */
export async function beginLogin(
  db: Db,
  settings: LaunchSettings,
  asked: unknown,
): Promise<{ url: string; browser: string }> {
  const read = login.safeParse(asked);
  if (!read.success) throw fail("lms_refused", { why: "the platform did not say who it is" });
  const { iss, client_id, login_hint, lti_message_hint } = read.data;
  const platform = await platformBy(db, iss, client_id);
  const [nonce, browser] = [secretWord(), secretWord()];
  const carried = await new SignJWT({ platformId: platform.id, nonce, browser: hashOf(browser) })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(settings.launchUrl)
    .setExpirationTime(`${LAUNCH_MINUTES}m`)
    .sign(keyOf(settings));
  const url = new URL(platform.authorizationUrl);
  const parameters = {
    ...{ scope: "openid", response_type: "id_token", response_mode: "form_post", prompt: "none" },
    ...{ client_id: platform.clientId, redirect_uri: settings.launchUrl, login_hint, nonce, state: carried },
    ...(lti_message_hint !== undefined && { lti_message_hint }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, browser };
}

/**
 * Checks what the platform posted and keeps it until the browser has arrived: a post from another site carries no cookie
 * of ours, so that it is the same browser shows with the next step only.
 * @returns the key of the kept launch. @throws lms_refused
 */
export async function takeLaunch(
  db: Db,
  settings: LaunchSettings,
  posted: { id_token?: unknown; state?: unknown; error?: unknown; error_description?: unknown },
): Promise<string> {
  const { platformId, nonce, browser } = await stateOf(settings, posted.state);
  if (posted.error !== undefined)
    throw fail("lms_refused", { why: String(posted.error_description ?? posted.error).slice(0, 200) });
  const platform = await platformById(db, platformId);
  if (!platform) throw fail("lms_refused", { why: "the platform is no longer registered" });
  const facts = await factsOf(platform, nonce, posted.id_token);
  const key = secretWord();
  try {
    await db.insert(lmsLaunches).values({
      ...{ key: hashOf(key), platformId, browser, nonce, facts },
      expiresAt: sql`now() + make_interval(mins => ${LAUNCH_MINUTES})`,
    });
  } catch (error) {
    if (violates(error, "lms_launches_nonce_unique"))
      throw fail("lms_refused", { why: "it was used already" });
    throw error;
  }
  return key;
}

async function stateOf(settings: LaunchSettings, carried: unknown) {
  try {
    const { payload } = await jwtVerify(String(carried), keyOf(settings), {
      ...{ algorithms: ["HS256"], audience: settings.launchUrl },
    });
    return state.parse(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError)
      throw fail("lms_refused", { why: "it was not begun here, or it took too long" });
    throw error;
  }
}

async function factsOf(platform: LmsPlatform, nonce: string, token: unknown): Promise<LaunchFacts> {
  const claims = await verified(platform, token);
  if (Array.isArray(claims.aud) && claims.aud.length > 1 && claims.azp !== platform.clientId)
    throw fail("lms_refused", { why: "the token is another tool's" });
  const facts = launchFacts(claims);
  if (!facts) throw fail("lms_refused", { why: "it is no launch of a link in a course" });
  const { nonce: said, ...kept } = facts;
  if (said !== nonce) throw fail("lms_refused", { why: "the token is of another launch" });
  if (!platform.deployments.includes(kept.deployment))
    throw fail("lms_refused", { why: `the deployment ${kept.deployment} is not registered here` });
  return kept;
}

/** By URL: a key that is not known yet is fetched, at most every half minute. */
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

async function verified(platform: LmsPlatform, token: unknown) {
  const url = platform.keysUrl;
  const keys = keySets.get(url) ?? createRemoteJWKSet(new URL(url), { timeoutDuration: KEYS_LIMIT_MS });
  keySets.set(url, keys);
  try {
    const { payload } = await jwtVerify(String(token), keys, {
      ...{ issuer: platform.issuer, audience: platform.clientId, algorithms: SIGNATURES, clockTolerance: 60 },
      ...{ requiredClaims: ["exp", "iat", "sub", "nonce"], maxTokenAge: "1h" },
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw fail("lms_refused", { why: error.message });
    throw error;
  }
}

export interface Launch {
  platform: LmsPlatform;
  facts: LaunchFacts;
}

/** The launch that this browser began. @throws lms_other_browser */
export async function findLaunch(db: Db, key: string, browser: string | undefined): Promise<Launch> {
  const [found] = await db
    .select()
    .from(lmsLaunches)
    .where(and(eq(lmsLaunches.key, hashOf(key)), gt(lmsLaunches.expiresAt, sql`now()`)));
  if (!found || browser === undefined || found.browser !== hashOf(browser)) throw fail("lms_other_browser");
  const platform = await platformById(db, found.platformId);
  return { platform: platform!, facts: found.facts };
}

/** The key opens nothing any more; the nonce is remembered as long as its token could come again. */
export async function closeLaunch(db: Db, key: string): Promise<void> {
  await db
    .update(lmsLaunches)
    .set({ browser: "", expiresAt: sql`now() + interval '2 hours'` })
    .where(eq(lmsLaunches.key, hashOf(key)));
}

export async function forgetOldLaunches(db: Db): Promise<void> {
  await db.delete(lmsLaunches).where(lt(lmsLaunches.expiresAt, sql`now() - interval '2 hours'`));
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const keyOf = ({ secret }: LaunchSettings) => createHash("sha256").update(`assay: lti ${secret}`).digest();
