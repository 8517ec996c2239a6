// Language and theme: kept in cookies, so that they hold before anybody has signed in.
import type { Context, Hono } from "hono";
import { deleteCookie, setCookie } from "hono/cookie";
import { language } from "../accounts/tables.ts";
import { LANGUAGE_COOKIE } from "../http/language.ts";
import type { AppEnv } from "../http/services.ts";
import { localPath, THEME_COOKIE } from "./context.ts";

const YEAR_SECONDS = 31_536_000;

export function addPreferences(web: Hono<AppEnv>): void {
  web.post("/preferences", async (c) => {
    const form = await c.req.parseBody();
    const lang = language.safeParse(form.language);
    if (lang.success) keep(c, LANGUAGE_COOKIE, lang.data);
    if (form.theme === "system") deleteCookie(c, THEME_COOKIE, { path: "/" });
    if (form.theme === "light" || form.theme === "dark") keep(c, THEME_COOKIE, form.theme);
    return c.redirect(localPath(form.back), 303);
  });
}

function keep(c: Context<AppEnv>, name: string, value: string): void {
  const secure = c.var.services.publicUrl.startsWith("https:");
  setCookie(c, name, value, { path: "/", sameSite: "Lax", httpOnly: true, secure, maxAge: YEAR_SECONDS });
}
