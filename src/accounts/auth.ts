// Better Auth: passwords, sessions, links that set a password. It serves a few paths under /api/auth; signing in
// goes through accounts/sign-in.ts, which counts tries by person.
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { eq } from "drizzle-orm";
import { v7 } from "uuid";
import { z } from "zod";
import type { Db } from "../platform/database.ts";
import { accounts, people, sessions, verifications } from "./tables.ts";

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 128;
const SESSION_DAYS = 14;
const RESET_HOURS = 2;
const DAY_SECONDS = 86_400;
/** Set by us from the socket (http/address.ts), after whatever a client sent under this name was dropped. */
export const ADDRESS_HEADER = "x-assay-address";

export interface AuthOptions {
  db: Db;
  secret: string;
  /** Where people reach the server: `https://assay.example.edu`. */
  baseUrl: string;
  trustedOrigins: string[];
  /** Sends the link by which a person sets a password; without mail there is none, and an admin gives links out. */
  sendPasswordLink?: (person: { email: string; name: string }, token: string) => Promise<void>;
}

export type Auth = ReturnType<typeof createAuth>;

export function createAuth(options: AuthOptions) {
  const { db, sendPasswordLink } = options;
  return betterAuth({
    appName: "Assay",
    baseURL: options.baseUrl,
    basePath: "/api/auth",
    secret: options.secret,
    trustedOrigins: options.trustedOrigins,
    telemetry: { enabled: false },
    logger: { disabled: true },
    database: drizzleAdapter(db, {
      provider: "pg",
      schema: { people, sessions, accounts, verifications },
      transaction: true,
    }),
    user: { modelName: "people", changeEmail: { enabled: false }, deleteUser: { enabled: false } },
    session: {
      modelName: "sessions",
      fields: { userId: "personId" },
      expiresIn: SESSION_DAYS * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      // A role or session that is taken away is gone at once, not when a cookie's copy expires.
      cookieCache: { enabled: false },
    },
    account: {
      modelName: "accounts",
      fields: { userId: "personId" },
      // By (issuer, subject) only: whoever can name somebody's e-mail at some issuer gets nothing by it.
      accountLinking: { enabled: false, disableImplicitLinking: true },
    },
    verification: { modelName: "verifications", storeIdentifier: "hashed" },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
      resetPasswordTokenExpiresIn: RESET_HOURS * 3600,
      revokeSessionsOnPasswordReset: true,
      ...(sendPasswordLink && {
        sendResetPassword: ({ user, token }: { user: { email: string; name: string }; token: string }) =>
          sendPasswordLink(user, token),
      }),
    },
    // Everything that we do not use is closed: what is not served cannot be misused.
    disabledPaths: closedPaths,
    plugins: [recognised],
    rateLimit: { enabled: true, storage: "memory", window: 10, max: 100 },
    advanced: {
      cookiePrefix: "assay",
      useSecureCookies: options.baseUrl.startsWith("https:"),
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true },
      database: { generateId: () => v7() },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    databaseHooks: {
      session: {
        create: { before: async (session) => ((await isDisabled(db, session.userId)) ? false : undefined) },
      },
    },
  });
}

/**
 * Begins a session of somebody who was recognised elsewhere (accounts/ways.ts). It has no path, so nobody can ask for it
 * but our own code.
 */
const recognised = {
  id: "recognised",
  endpoints: {
    beginFor: createAuthEndpoint(
      { method: "POST", body: z.object({ personId: z.string() }) },
      async (ctx) => {
        const { internalAdapter } = ctx.context;
        const user = await internalAdapter.findUserById(ctx.body.personId);
        const session = user && (await internalAdapter.createSession(user.id));
        if (session) await setSessionCookie(ctx, { session, user });
        return ctx.json({ begun: Boolean(session) });
      },
    ),
  },
};

async function isDisabled(db: Db, personId: string): Promise<boolean> {
  const [person] = await db
    .select({ disabledAt: people.disabledAt })
    .from(people)
    .where(eq(people.id, personId));
  return person?.disabledAt !== null;
}

const closedPaths = [
  "/sign-in/email",
  "/sign-in/social",
  "/sign-up/email",
  "/update-user",
  "/delete-user",
  "/delete-user/callback",
  "/change-email",
  "/link-social",
  "/unlink-account",
  "/send-verification-email",
  "/verify-email",
  "/refresh-token",
  "/get-access-token",
  "/account-info",
];
