// What every page is drawn with, taken from the request once.
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { AppEnv } from "../http/services.ts";
import { builtAssets } from "./assets.ts";
import { type Flash, takeFlash } from "./flash.ts";
import { type Lang, type Translate, translator } from "./messages/translate.ts";

export const THEME_COOKIE = "assay_theme";
export type Theme = "light" | "dark";

export interface PageContext {
  t: Translate;
  lang: Lang;
  /** Null: as the system. */
  theme: Theme | null;
  /** Names of the built script and style sheets. */
  assets: { script: string; styles: string[] };
  /** For the few elements that the content policy lets in by name. */
  nonce: string;
  viewer: { name: string; email: string; admin: boolean } | null;
  unread: number;
  /** This page's own address, to come back to. */
  path: string;
  flash: Flash | null;
}

export function pageContext(c: Context<AppEnv>): PageContext {
  const theme = getCookie(c, THEME_COOKIE);
  const { pathname, search } = new URL(c.req.url);
  return {
    t: translator(c.var.lang),
    lang: c.var.lang,
    theme: theme === "light" || theme === "dark" ? theme : null,
    assets: builtAssets("main.ts"),
    nonce: c.get("secureHeadersNonce" as never) as string,
    viewer: c.var.viewer,
    unread: c.var.unread ?? 0,
    path: pathname + search,
    flash: takeFlash(c),
  };
}

/** Where a form may send its sender back to: a page of ours, never another site. */
export function localPath(wanted: unknown): string {
  if (typeof wanted !== "string" || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted)) return "/";
  return wanted;
}
