// Our key pair, by which platforms know that a request for points is ours.
import { asc, desc, sql } from "drizzle-orm";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { v7 } from "uuid";
import { type Db, transaction } from "../platform/database.ts";
import { type LmsPlatform, lmsKeys } from "./tables.ts";

/** Any number that nobody else locks: two servers must not make two first keys. */
const KEYS_LOCK = 7_461_830_021;
const ASSERTION_SECONDS = 60;

/** What platforms fetch: the public halves. */
export async function publicKeys(db: Db): Promise<{ keys: JWK[] }> {
  await signingKey(db);
  const rows = await db.select().from(lmsKeys).orderBy(asc(lmsKeys.createdAt));
  return {
    keys: rows.map(({ id, privateKey: { kty, n, e } }) => ({
      ...({ kty, n, e } as JWK),
      ...{ kid: id, alg: "RS256", use: "sig" },
    })),
  };
}

/** RFC 7523: who we are at a platform's token endpoint. */
export async function clientAssertion(db: Db, { clientId, tokenUrl }: LmsPlatform): Promise<string> {
  const { id, privateKey } = await signingKey(db);
  return new SignJWT({ jti: v7() })
    .setProtectedHeader({ alg: "RS256", kid: id, typ: "JWT" })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setIssuedAt()
    .setExpirationTime(`${ASSERTION_SECONDS}s`)
    .sign(privateKey);
}

async function signingKey(db: Db): Promise<{ id: string; privateKey: JWK }> {
  const newest = () => db.select().from(lmsKeys).orderBy(desc(lmsKeys.createdAt)).limit(1);
  const [known] = await newest();
  if (known) return known;
  const { privateKey } = await generateKeyPair("RS256", { modulusLength: 3072, extractable: true });
  await transaction(db, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${KEYS_LOCK})`);
    if ((await tx.$count(lmsKeys)) > 0) return;
    await tx.insert(lmsKeys).values({ id: v7(), privateKey: await exportJWK(privateKey) });
  });
  return (await newest())[0]!;
}
