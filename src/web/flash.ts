// A sentence for the next page, in a cookie that is read once. It names a message of ours, so that a forged cookie
// can only say what we say.
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import type { AppEnv } from "../http/services.ts";
import { en } from "./messages/en.ts";
import type { MessageKey } from "./messages/translate.ts";

const COOKIE = "assay_flash";
const flash = z.object({
  key: z.string().refine((key): key is MessageKey => Object.hasOwn(en, key)),
  kind: z.enum(["success", "info"]),
});
export type Flash = { key: MessageKey; kind: "success" | "info" };

export function setFlash(c: Context<AppEnv>, key: MessageKey, kind: Flash["kind"] = "success"): void {
  setCookie(c, COOKIE, JSON.stringify({ key, kind }), {
    httpOnly: true,
    sameSite: "Lax",
    path: "/",
    maxAge: 60,
  });
}

export function takeFlash(c: Context<AppEnv>): Flash | null {
  const said = getCookie(c, COOKIE);
  if (said === undefined) return null;
  deleteCookie(c, COOKIE, { path: "/" });
  try {
    return flash.parse(JSON.parse(said)) as Flash;
  } catch {
    return null;
  }
}
