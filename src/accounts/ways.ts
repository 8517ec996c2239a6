// Other ways to sign in than a password: a person has them by (issuer, subject). They are connected by whoever is that
// person here already, by session or by invitation; what a provider says of an e-mail connects nothing.
import { createHash } from "node:crypto";
import { and, eq, gt, isNull, ne, sql } from "drizzle-orm";
import { type Db, type Executor, type Tx, transaction, violates } from "../platform/database.ts";
import { audit } from "./audit.ts";
import { ADDRESS_HEADER, type Auth } from "./auth.ts";
import { fail } from "./errors.ts";
import type { Origin } from "./sign-in.ts";
import { accounts, type Person, people, verifications } from "./tables.ts";

/** Who somebody is elsewhere. */
export interface Subject {
  issuer: string;
  subject: string;
}

export interface Way {
  id: string;
  issuer: string;
  since: Date;
}

/** Null: nobody here has said to be that subject. Somebody disabled counts as nobody. */
export async function personOfSubject(db: Executor, { issuer, subject }: Subject): Promise<Person | null> {
  const [found] = await db
    .select({ person: people })
    .from(accounts)
    .innerJoin(people, eq(people.id, accounts.personId))
    .where(and(eq(accounts.providerId, issuer), eq(accounts.accountId, subject), isNull(people.disabledAt)));
  return found?.person ?? null;
}

/** Passwords are not listed. */
export async function waysOf(db: Executor, personId: string): Promise<Way[]> {
  return db
    .select({ id: accounts.id, issuer: accounts.providerId, since: accounts.createdAt })
    .from(accounts)
    .where(and(eq(accounts.personId, personId), ne(accounts.providerId, "credential")))
    .limit(50);
}

/** @throws way_taken when the subject is somebody else here. Twice: nothing changes. */
export async function connectWay(tx: Tx, personId: string, { issuer, subject }: Subject): Promise<void> {
  const [there] = await tx
    .select({ personId: accounts.personId })
    .from(accounts)
    .where(and(eq(accounts.providerId, issuer), eq(accounts.accountId, subject)));
  if (there?.personId === personId) return;
  if (there) throw fail("way_taken");
  try {
    await tx.transaction((inner) =>
      inner.insert(accounts).values({ personId, providerId: issuer, accountId: subject }),
    );
  } catch (error) {
    if (violates(error, "accounts_subject")) throw fail("way_taken");
    throw error;
  }
  await audit(tx, {
    ...{ actorId: personId, action: "sign_in_way.connected" },
    ...{ subject: { kind: "person", id: personId }, detail: { issuer } },
  });
}

/** @throws not_found */
export function disconnectWay(db: Db, personId: string, id: string): Promise<void> {
  return transaction(db, async (tx) => {
    const [gone] = await tx
      .delete(accounts)
      .where(
        and(
          sql`${accounts.id}::text = ${id.toLowerCase()}`,
          eq(accounts.personId, personId),
          ne(accounts.providerId, "credential"),
        ),
      )
      .returning();
    if (!gone) throw fail("not_found");
    await audit(tx, {
      ...{ actorId: personId, action: "sign_in_way.disconnected" },
      ...{ subject: { kind: "person", id: personId }, detail: { issuer: gone.providerId } },
    });
  });
}

/** Connects whoever an invitation was made for, which is used up by it. @throws bad_invitation, way_taken */
export function connectByInvitation(db: Db, token: string, subject: Subject): Promise<string> {
  return transaction(db, async (tx) => {
    const [used] = await tx
      .delete(verifications)
      .where(and(eq(verifications.identifier, invitationKey(token)), gt(verifications.expiresAt, sql`now()`)))
      .returning();
    if (!used) throw fail("bad_invitation");
    await connectWay(tx, used.value, subject);
    return used.value;
  });
}

/** As Better Auth keeps it with `storeIdentifier: "hashed"`. */
const invitationKey = (token: string) =>
  createHash("sha256").update(`reset-password:${token}`).digest("base64url");

/** Begins a session of somebody who was recognised elsewhere. @throws bad_sign_in for a disabled person */
export async function beginSessionFor(auth: Auth, personId: string, origin: Origin): Promise<string[]> {
  const headers = new Headers({
    [ADDRESS_HEADER]: origin.address,
    "user-agent": origin.userAgent.slice(0, 300),
  });
  const answer = await auth.api.beginFor({ body: { personId }, headers, returnHeaders: true });
  const cookies = answer.headers.getSetCookie();
  if (cookies.length === 0) throw fail("bad_sign_in");
  return cookies;
}
