// Who is asking, and by what right. Made by accounts/tokens.ts and http/viewer.ts only; every `find…` takes one.
import { fail } from "./errors.ts";
import type { Lang, Person, Scope } from "./tables.ts";

export interface Viewer {
  id: string;
  name: string;
  email: string;
  /** Of the installation. A token acts as its person, so this holds for tokens too, within their scopes. */
  admin: boolean;
  language: Lang | null;
  via: "session" | "token";
  scopes: readonly Scope[];
}

export const ALL_SCOPES: readonly Scope[] = ["read", "submit", "manage"];

/** What someone signed in with a password may do: everything that their roles allow. */
export function sessionViewer(person: Person): Viewer {
  return { ...identity(person), via: "session", scopes: ALL_SCOPES };
}

export function tokenViewer(person: Person, scopes: readonly Scope[]): Viewer {
  return { ...identity(person), via: "token", scopes };
}

function identity({ id, name, email, admin, language }: Person) {
  return { id, name, email, admin, language };
}

/** Refuses a token that was not made for this. */
export function requireScope(viewer: Viewer, scope: Scope): void {
  if (!viewer.scopes.includes(scope)) throw fail("insufficient_scope", { scope });
}

/** Refuses everyone but administrators, and their tokens without `manage`. */
export function requireAdmin(viewer: Viewer): void {
  if (!viewer.admin) throw fail("admin_only");
  requireScope(viewer, "manage");
}
