// The platforms that an administrator registered. Whoever signs as one says who people are in its courses, so
// registering is done on the server's machine (`assay lms`).
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { audit } from "../accounts/audit.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import { fail } from "./errors.ts";
import { type LmsPlatform, lmsPlatforms } from "./tables.ts";

/** People are told by it and tokens sent to it: nobody in between may read or change that. */
const secureUrl = z
  .url()
  .refine(
    (url) => url.startsWith("https:") || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(`${url}/`),
    "write it with https",
  );

export const newPlatform = z.object({
  name: z.string().trim().min(1).max(100),
  issuer: z.string().min(1).max(255),
  clientId: z.string().min(1).max(255),
  authorizationUrl: secureUrl,
  tokenUrl: secureUrl,
  keysUrl: secureUrl,
  deployments: z.array(z.string().min(1).max(255)).min(1).max(100),
});
export type NewPlatform = z.infer<typeof newPlatform>;

/** Registers one, or changes it where its issuer and client are known. */
export function registerPlatform(db: Db, wish: NewPlatform): Promise<LmsPlatform> {
  return transaction(db, async (tx) => {
    const { issuer: _, clientId: __, ...set } = wish;
    const [platform] = await tx
      .insert(lmsPlatforms)
      .values(wish)
      .onConflictDoUpdate({ target: [lmsPlatforms.issuer, lmsPlatforms.clientId], set })
      .returning();
    await audit(tx, {
      ...{ actorId: null, action: "lms.registered", subject: { kind: "lms_platform", id: platform!.id } },
      detail: { ...wish },
    });
    return platform!;
  });
}

export const listPlatforms = (db: Executor) =>
  db.select().from(lmsPlatforms).orderBy(asc(lmsPlatforms.name)).limit(100);

/** By what it calls itself; a platform that serves several clients names the one. @throws lms_unknown */
export async function platformBy(
  db: Executor,
  issuer: string,
  clientId: string | undefined,
): Promise<LmsPlatform> {
  const found = await db
    .select()
    .from(lmsPlatforms)
    .where(
      and(
        eq(lmsPlatforms.issuer, issuer),
        clientId === undefined ? undefined : eq(lmsPlatforms.clientId, clientId),
      ),
    )
    .limit(2);
  if (found.length !== 1) throw fail("lms_unknown", { issuer: issuer.slice(0, 255) });
  return found[0]!;
}

export async function platformById(db: Executor, id: string): Promise<LmsPlatform | null> {
  const [found] = await db.select().from(lmsPlatforms).where(eq(lmsPlatforms.id, id));
  return found ?? null;
}

/** What our table of accounts calls its people's issuer: one platform's subjects are not another's. */
export const issuerOf = ({ id }: Pick<LmsPlatform, "id">) => `lti:${id}`;
