import { en } from "./en.ts";
import { zh } from "./zh.ts";

export type Lang = "en" | "zh";
export type MessageKey = keyof typeof en;
export type Translate = (key: MessageKey, params?: Record<string, string | number>) => string;

const tables = { en, zh };

/** The texts of one language: `translator("zh")("nav.courses")`. Placeholders `{name}` are filled from `params`. */
export function translator(lang: Lang): Translate {
  return (key, params = {}) =>
    tables[lang][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
