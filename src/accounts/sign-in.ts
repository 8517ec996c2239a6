// Signing in with a password: one answer for whoever is unknown, disabled, without a password, or mistaken.
import { and, eq, isNull } from "drizzle-orm";
import type { Db } from "../platform/database.ts";
import { ADDRESS_HEADER, type Auth, PASSWORD_MAX } from "./auth.ts";
import { fail } from "./errors.ts";
import { countSignIn, forgiveSignIn } from "./sign-in-limits.ts";
import { type Person, people } from "./tables.ts";
import { sessionViewer, type Viewer } from "./viewer.ts";

export interface Credentials {
  /** In small letters. */
  email: string;
  password: string;
}
/** Where a try came from: the socket's address, and the browser's own word for itself. */
export interface Origin {
  address: string;
  userAgent: string;
}

/** Checks a password and begins no session: what the command line's token exchange needs. */
export async function checkPassword(
  db: Db,
  auth: Auth,
  { email, password }: Credentials,
  origin: Origin,
): Promise<Person> {
  await countSignIn(db, email, origin.address);
  const { internalAdapter, password: passwords } = await auth.$context;
  const [person] = await db
    .select()
    .from(people)
    .where(and(eq(people.email, email), isNull(people.disabledAt)));
  const account = person && (await internalAdapter.findCredentialAccount(person.id));
  const known = account?.password;
  const right =
    password.length <= PASSWORD_MAX && known && (await passwords.verify({ hash: known, password }));
  // The same work for whoever is not there, so that time tells nothing.
  if (!known) await passwords.hash(password.slice(0, PASSWORD_MAX));
  if (!person || !right) throw fail("bad_sign_in");
  await forgiveSignIn(db, email, origin.address);
  return person;
}

/** Begins a browser's session; the answer's cookies are to be set as they are. */
export async function beginSession(
  db: Db,
  auth: Auth,
  credentials: Credentials,
  origin: Origin,
): Promise<{ person: Person; cookies: string[] }> {
  const person = await checkPassword(db, auth, credentials, origin);
  const headers = new Headers({
    [ADDRESS_HEADER]: origin.address,
    "user-agent": origin.userAgent.slice(0, 300),
  });
  const answer = await auth.api.signInEmail({ body: credentials, headers, returnHeaders: true });
  return { person, cookies: answer.headers.getSetCookie() };
}

/** Ends the session of these request headers; the answer's cookies clear the browser's. */
export async function endSession(auth: Auth, headers: Headers): Promise<string[]> {
  const answer = await auth.api.signOut({ headers, returnHeaders: true });
  return answer.headers.getSetCookie();
}

/** Whose session the request's cookie names; null where there is none, it has ended, or its person is disabled. */
export async function viewerOfSession(db: Db, auth: Auth, headers: Headers): Promise<Viewer | null> {
  if (!headers.get("cookie")?.includes("assay.session_token")) return null;
  const found = await auth.api.getSession({ headers });
  if (!found) return null;
  const [person] = await db
    .select()
    .from(people)
    .where(and(eq(people.id, found.user.id), isNull(people.disabledAt)));
  return person ? sessionViewer(person) : null;
}
