// Which of the two languages a request is answered in: `?lang=`, the cookie of the page's switch, the person's own
// choice, what the browser asks for, English.
import type { Context, MiddlewareHandler } from "hono";
import { accepts } from "hono/accepts";
import { getCookie } from "hono/cookie";
import { type Lang, language } from "../accounts/tables.ts";
import type { AppEnv } from "./services.ts";

export const LANGUAGE_COOKIE = "assay_lang";

export function languageOf(c: Context<AppEnv>): Lang {
  for (const said of [c.req.query("lang"), getCookie(c, LANGUAGE_COOKIE), c.var.viewer?.language]) {
    const known = language.safeParse(said);
    if (known.success) return known.data;
  }
  return accepts(c, {
    header: "Accept-Language",
    supports: ["en", "zh"],
    default: "en",
    match: (asked) => {
      const wanted = [...asked].sort((a, b) => b.q - a.q).map(({ type }) => type.toLowerCase());
      return wanted.map((tag) => /^(zh|en)\b/.exec(tag)?.[1]).find((tag) => tag !== undefined) ?? "en";
    },
  }) as Lang;
}

/** Sets `lang`, first without knowing who asks, so that a refused token is answered in the right language too. */
export const setLanguage: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set("lang", languageOf(c));
  await next();
  c.header("Content-Language", c.var.lang === "zh" ? "zh-CN" : "en");
  c.header("Vary", "Accept-Language, Cookie", { append: true });
};
