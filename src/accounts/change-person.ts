// What an administrator changes of a person: whether they are one, and whether they can sign in at all.
import { and, eq, isNull, sql } from "drizzle-orm";
import { type Db, transaction } from "../platform/database.ts";
import { audit } from "./audit.ts";
import { fail } from "./errors.ts";
import { type Person, people, sessions } from "./tables.ts";
import { requireAdmin, type Viewer } from "./viewer.ts";

export interface PersonChange {
  admin?: boolean;
  disabled?: boolean;
}

/** Any number that nobody else locks: two administrators must not take each other's right at once. */
const ADMINS_LOCK = 7_461_830_017;

/** @throws admin_only, not_found, last_admin */
export function changePerson(db: Db, viewer: Viewer, id: string, change: PersonChange): Promise<Person> {
  requireAdmin(viewer);
  return transaction(db, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${ADMINS_LOCK})`);
    const [before] = await tx.select().from(people).where(eq(people.id, id)).for("update");
    // Whose data was deleted comes back as somebody new, never as the pseudonym.
    if (!before || before.removedAt) throw fail("not_found");
    const admin = change.admin ?? before.admin;
    const disabled = change.disabled ?? before.disabledAt !== null;
    const disabledAt = disabled ? (before.disabledAt ?? sql`now()`) : null;
    const [after] = await tx
      .update(people)
      .set({ admin, disabledAt: disabledAt as Date | null, updatedAt: sql`now()` })
      .where(eq(people.id, id))
      .returning();
    if ((await tx.$count(people, and(eq(people.admin, true), isNull(people.disabledAt)))) === 0) {
      throw fail("last_admin");
    }
    if (disabled) await tx.delete(sessions).where(eq(sessions.personId, id));
    await audit(tx, {
      ...{ actorId: viewer.id, action: "person.changed", subject: { kind: "person", id } },
      detail: { admin, disabled, before: { admin: before.admin, disabled: before.disabledAt !== null } },
    });
    return after!;
  });
}
