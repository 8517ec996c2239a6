// API tokens: shown once, kept as a hash. 32 random bytes need no slow hash: there is nothing to guess.
import { createHash, randomBytes } from "node:crypto";
import { and, count, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { type Executor, transaction } from "../platform/database.ts";
import { audit } from "./audit.ts";
import { fail } from "./errors.ts";
import { type ApiToken, apiTokens, people, type Scope } from "./tables.ts";
import { tokenViewer, type Viewer } from "./viewer.ts";

const PREFIX = "assay_";
const TOKEN_BYTES = 32;
const TOKENS_LIMIT = 50;
export const TOKEN_DAYS_DEFAULT = 120;
export const TOKEN_DAYS_LIMIT = 400;

export interface TokenWish {
  name: string;
  scopes: readonly Scope[];
  days: number;
}
/** What one may know of a token once it has been shown. */
export type TokenRecord = Omit<ApiToken, "hash" | "personId">;

/** Makes a token for a person; the answer's `token` is the only time that anyone sees it. */
export async function issueToken(
  db: Executor,
  personId: string,
  wish: TokenWish,
): Promise<{ token: string; record: TokenRecord }> {
  const token = PREFIX + randomBytes(TOKEN_BYTES).toString("base64url");
  return transaction(db, async (tx) => {
    await tx.select({ id: people.id }).from(people).where(eq(people.id, personId)).for("update");
    const [live] = await tx
      .select({ count: count() })
      .from(apiTokens)
      .where(and(eq(apiTokens.personId, personId), alive));
    if ((live?.count ?? 0) >= TOKENS_LIMIT) throw fail("too_many_tokens", { limit: TOKENS_LIMIT });
    const [row] = await tx
      .insert(apiTokens)
      .values({
        personId,
        name: wish.name,
        hash: hashOf(token),
        tail: token.slice(-4),
        scopes: [...new Set(wish.scopes)],
        expiresAt: sql`now() + make_interval(days => ${Math.min(wish.days, TOKEN_DAYS_LIMIT)}::int)` as never,
      })
      .returning();
    await audit(tx, {
      actorId: personId,
      action: "token.issued",
      subject: { kind: "token", id: row!.id },
      detail: { name: wish.name, scopes: wish.scopes },
    });
    return { token, record: recordOf(row!) };
  });
}

/** Whoever bears this token; null where it is unknown, expired, revoked or its person is disabled. */
export async function viewerOfToken(db: Executor, token: string): Promise<Viewer | null> {
  if (!token.startsWith(PREFIX) || token.length > 100) return null;
  const [found] = await db
    .select({ id: apiTokens.id, scopes: apiTokens.scopes, person: people, stale })
    .from(apiTokens)
    .innerJoin(people, eq(people.id, apiTokens.personId))
    .where(and(eq(apiTokens.hash, hashOf(token)), alive, isNull(people.disabledAt)));
  if (!found) return null;
  if (found.stale) {
    await db.update(apiTokens).set({ lastUsedAt: sql`now()` }).where(eq(apiTokens.id, found.id));
  }
  return tokenViewer(found.person, found.scopes);
}

const alive = and(isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, sql`now()`));
/** Written at most once an hour, so that reading does not write. */
const stale = sql<boolean>`${apiTokens.lastUsedAt} is null or ${apiTokens.lastUsedAt} < now() - interval '1 hour'`;

export async function listTokens(db: Executor, viewer: Viewer): Promise<TokenRecord[]> {
  const rows = await db
    .select()
    .from(apiTokens)
    .where(and(eq(apiTokens.personId, viewer.id), alive))
    .orderBy(desc(apiTokens.createdAt))
    .limit(TOKENS_LIMIT);
  return rows.map(recordOf);
}

/** Ends one of the viewer's own tokens. */
export async function revokeToken(db: Executor, viewer: Viewer, id: string): Promise<void> {
  await transaction(db, async (tx) => {
    const gone = await tx
      .update(apiTokens)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(apiTokens.id, id), eq(apiTokens.personId, viewer.id), isNull(apiTokens.revokedAt)))
      .returning({ id: apiTokens.id });
    if (gone.length === 0) throw fail("not_found");
    await audit(tx, { actorId: viewer.id, action: "token.revoked", subject: { kind: "token", id } });
  });
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function recordOf({ hash: _, personId: __, ...record }: ApiToken): TokenRecord {
  return record;
}
