// What routes share in describing themselves: bodies, pages of a list, refusals.
import { z } from "@hono/zod-openapi";
import { wordsRecord } from "../judge/words.ts";

export const text = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});
export const body = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

const refusal = z
  .object({
    error: z.object({
      code: z.string().openapi({ example: "missing_file", description: "Stable; for programs." }),
      message: z.string().openapi({ description: "For people, in the language of the request." }),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  })
  .openapi("Refusal");

const meanings: Record<number, string> = {
  400: "The request could not be read.",
  401: "Nobody is signed in, or the token is not good.",
  403: "The role or the token's scope does not allow it, or the request came from another site.",
  404: "It is not there, or it is not yours to see.",
  409: "It does not fit what is there.",
  410: "It is no longer kept.",
  413: "Too large.",
  415: "Not an upload.",
  422: "Something in it is not right; the message says what.",
  429: "Too often.",
};

/** The refusals that a route may answer with, described once. */
export function refusals<S extends keyof typeof meanings>(...statuses: S[]) {
  return Object.fromEntries(
    statuses.map((status) => [status, text(refusal, meanings[status] ?? "Refused.")]),
  );
}

export const moment = z.iso.datetime({ offset: true }).openapi({ example: "2026-11-20T15:59:00.000Z" });
// Made anew: only schemas that are made here know `openapi`.
export const words = z.object(wordsRecord.shape).openapi("Words");
/** In a request, one text stands for both languages. */
export const wordsGiven = z
  .union([
    z.string().trim().min(1).max(300),
    z.object({ en: z.string().min(1).max(300), zh: z.string().min(1).max(300) }),
  ])
  .transform((given) => (typeof given === "string" ? { en: given, zh: given } : given));
export const id = z.uuid();
export const hundredths = z.int().openapi({ description: "Hundredths of a point." });

/** `next` is to be sent as the query's `after` (or `before`); null at the end. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

/** A full page has another after it, perhaps an empty one. */
export function page<T, S>(rows: T[], size: number, cursor: (row: T) => string, show: (row: T) => S) {
  const last = rows.at(-1);
  return { items: rows.map(show), next: last && rows.length === size ? cursor(last) : null };
}

export const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
export const security = [{ token: [] }, { session: [] }];
