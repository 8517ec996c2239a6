// Failed sign-ins, counted before a password is looked at: guessing is slow for known and unknown people alike,
// and a right password past the limit is refused like a wrong one. Behind one campus address sit hundreds of
// students, so an address alone has a high limit, an e-mail from one address a low one.
import { createHash } from "node:crypto";
import { eq, inArray, lt, sql } from "drizzle-orm";
import type { Executor } from "../platform/database.ts";
import { fail } from "./errors.ts";
import { signInLimits } from "./tables.ts";

const WINDOW_MINUTES = 15;
const LIMITS = { pair: 10, email: 50, address: 300 };

/** Counts one try; throws `too_many_sign_ins` where any of its counters is over its limit. */
export async function countSignIn(db: Executor, email: string, address: string): Promise<void> {
  const keys = keysOf(email, address);
  // In a fixed order, so that two tries never wait for each other crosswise.
  const rows = await db
    .insert(signInLimits)
    .values(
      Object.values(keys)
        .sort()
        .map((key) => ({ key, failures: 1 })),
    )
    .onConflictDoUpdate({
      target: signInLimits.key,
      set: {
        failures: sql`case when ${inWindow} then ${signInLimits.failures} + 1 else 1 end`,
        windowStartedAt: sql`case when ${inWindow} then ${signInLimits.windowStartedAt} else now() end`,
      },
    })
    .returning();
  for (const kind of ["pair", "email", "address"] as const) {
    const failures = rows.find(({ key }) => key === keys[kind])?.failures ?? 0;
    if (failures > LIMITS[kind]) throw fail("too_many_sign_ins", { minutes: WINDOW_MINUTES });
  }
}

/** A right password takes its own try back; only the pair's earlier failures are forgiven with it. */
export async function forgiveSignIn(db: Executor, email: string, address: string): Promise<void> {
  const keys = keysOf(email, address);
  await db.delete(signInLimits).where(eq(signInLimits.key, keys.pair));
  await db
    .update(signInLimits)
    .set({ failures: sql`greatest(${signInLimits.failures} - 1, 0)` })
    .where(inArray(signInLimits.key, [keys.email, keys.address]));
}

/** Drops counters that nobody is held by any more. */
export async function dropOldSignInLimits(db: Executor): Promise<void> {
  await db
    .delete(signInLimits)
    .where(lt(signInLimits.windowStartedAt, sql`now() - make_interval(mins => ${WINDOW_MINUTES}::int)`));
}

const inWindow = sql`${signInLimits.windowStartedAt} > now() - make_interval(mins => ${WINDOW_MINUTES}::int)`;

function keysOf(email: string, address: string) {
  const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
  return {
    pair: `pair:${digest(`${email}\0${address}`)}`,
    email: `email:${digest(email)}`,
    address: `address:${digest(address)}`,
  };
}
