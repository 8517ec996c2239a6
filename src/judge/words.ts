import { z } from "zod";

/** A text in both languages; a plain string in a suite's file stands for both. */
export const words = z
  .union([z.string().min(1), z.strictObject({ en: z.string().min(1), zh: z.string().min(1) })])
  .transform((text) => (typeof text === "string" ? { en: text, zh: text } : text));

export type Words = { en: string; zh: string };
export const wordsRecord = z.object({ en: z.string(), zh: z.string() });
