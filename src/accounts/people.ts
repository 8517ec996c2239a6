// People: how they come to be, and how they get a password. Nobody signs up: an administrator or a roster makes
// a person, who then sets a password by a link.
import { randomBytes } from "node:crypto";
import { and, asc, eq, gt, ilike, inArray, or } from "drizzle-orm";
import { z } from "zod";
import { type Executor, type Tx, violates } from "../platform/database.ts";
import { audit } from "./audit.ts";
import { type Auth, PASSWORD_MAX, PASSWORD_MIN } from "./auth.ts";
import { fail } from "./errors.ts";
import { type Lang, type Person, people } from "./tables.ts";
import type { Viewer } from "./viewer.ts";

const INVITATION_DAYS = 14;
export const PEOPLE_PAGE = 100;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const inert = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+$/u;

/** A name or a number as people type it: one line, no control or direction characters. */
export const oneLine = (limit: number) =>
  z.string().trim().min(1).max(limit).regex(inert, "has control characters");
export const emailAddress = z
  .string()
  .trim()
  .max(254)
  .transform((text) => text.toLowerCase())
  .pipe(z.email());

export interface NewPerson {
  name: string;
  /** In small letters. */
  email: string;
  admin?: boolean;
  language?: Lang;
}

/** Makes a person, without a password yet. @throws email_taken */
export async function createPerson(tx: Tx, by: Viewer | null, wish: NewPerson): Promise<Person> {
  try {
    // A savepoint, so that a taken e-mail does not spoil the caller's transaction.
    const [person] = await tx.transaction((inner) =>
      inner
        .insert(people)
        .values({
          name: wish.name,
          email: wish.email,
          admin: wish.admin ?? false,
          language: wish.language ?? null,
        })
        .returning(),
    );
    await audit(tx, {
      actorId: by?.id ?? null,
      action: "person.created",
      subject: { kind: "person", id: person!.id },
      detail: { admin: wish.admin ?? false },
    });
    return person!;
  } catch (error) {
    if (violates(error, "people_email_unique")) throw fail("email_taken", { email: wish.email });
    throw error;
  }
}

export async function personByEmail(db: Executor, email: string): Promise<Person | null> {
  const [person] = await db.select().from(people).where(eq(people.email, email.toLowerCase()));
  return person ?? null;
}

/** For administrators. */
export async function personById(db: Executor, id: string): Promise<Person | null> {
  const [person] = await db.select().from(people).where(eq(people.id, id));
  return person ?? null;
}

export async function peopleByEmail(db: Executor, emails: string[]): Promise<Map<string, Person>> {
  if (emails.length === 0) return new Map();
  const rows = await db.select().from(people).where(inArray(people.email, emails));
  return new Map(rows.map((person) => [person.email, person]));
}

/** For administrators: by e-mail, a page at a time, `after` being the last e-mail of the page before. */
export function listPeople(db: Executor, search: string, after: string): Promise<Person[]> {
  const pattern = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  return db
    .select()
    .from(people)
    .where(
      and(
        gt(people.email, after),
        search === "" ? undefined : or(ilike(people.name, pattern), ilike(people.email, pattern)),
      ),
    )
    .orderBy(asc(people.email))
    .limit(PEOPLE_PAGE);
}

/** Gives a person a password at once; sessions made with an older one end. For administrators and commands. */
export async function setPassword(auth: Auth, personId: string, password: string): Promise<void> {
  checkPasswordLength(password);
  const { internalAdapter, password: passwords } = await auth.$context;
  const hash = await passwords.hash(password);
  const known = await internalAdapter.findCredentialAccount(personId);
  if (known) await internalAdapter.updatePassword(personId, hash);
  else {
    await internalAdapter.createAccount({
      userId: personId,
      providerId: "credential",
      accountId: personId,
      password: hash,
    });
  }
  await internalAdapter.deleteUserSessions(personId);
}

/** The secret of a link by which a person sets a password, once, within two weeks. */
export async function invite(auth: Auth, personId: string): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  const { internalAdapter } = await auth.$context;
  await internalAdapter.createVerificationValue({
    identifier: `reset-password:${token}`,
    value: personId,
    expiresAt: new Date(Date.now() + INVITATION_DAYS * 86_400_000),
  });
  return token;
}

/** Sets the password of whoever the link was made for. @throws bad_invitation, weak_password */
export async function acceptInvitation(auth: Auth, token: string, password: string): Promise<void> {
  checkPasswordLength(password);
  try {
    await auth.api.resetPassword({ body: { token, newPassword: password } });
  } catch (error) {
    if (error instanceof Error && "statusCode" in error && error.statusCode === 400)
      throw fail("bad_invitation");
    throw error;
  }
}

/** @throws weak_password */
export function checkPasswordLength(password: string): void {
  if (password.length >= PASSWORD_MIN && password.length <= PASSWORD_MAX) return;
  throw fail("weak_password", { min: PASSWORD_MIN, max: PASSWORD_MAX });
}
