// Numbers, sizes and moments as people of a language read them. Pure.
import type { Lang } from "./messages/translate.ts";

const locale = (lang: Lang) => (lang === "zh" ? "zh-CN" : "en-GB");

/** Hundredths as points, without needless zeros: `1250` is `12.5`. */
export function points(hundredths: number): string {
  return (hundredths / 100).toFixed(2).replace(/\.?0+$/, "");
}

export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [size, unit] =
    bytes < 1e6 ? [bytes / 1e3, "kB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${size >= 100 ? Math.round(size) : Number(size.toFixed(1))} ${unit}`;
}

/** Memory is counted in powers of two. */
export function memorySize(bytes: number): string {
  const mebi = bytes / 1024 ** 2;
  return mebi < 1024
    ? `${Number(mebi.toFixed(mebi < 10 ? 1 : 0))} MiB`
    : `${Number((mebi / 1024).toFixed(1))} GiB`;
}

/** `Fri 20 Nov 2026, 23:59` in the course's time zone. */
export function moment(at: Date, timeZone: string, lang: Lang): string {
  return new Intl.DateTimeFormat(locale(lang), momentParts(timeZone)).format(at);
}

/** The same to the second. */
export function exactMoment(at: Date, timeZone: string, lang: Lang): string {
  return new Intl.DateTimeFormat(locale(lang), { ...momentParts(timeZone), second: "2-digit" }).format(at);
}

function momentParts(timeZone: string): Intl.DateTimeFormatOptions {
  return {
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: known(timeZone),
  };
}

/** The zone's own name beside a moment: `GMT+8`. */
export function zoneName(at: Date, timeZone: string, lang: Lang): string {
  const parts = new Intl.DateTimeFormat(locale(lang), {
    timeZone: known(timeZone),
    timeZoneName: "shortOffset",
  }).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

const withinAMinute: Record<Lang, { before: string; after: string }> = {
  en: { before: "in less than a minute", after: "just now" },
  zh: { before: "1分钟内", after: "刚刚" },
};

/** `in 3 days`, `2 hours ago`. */
export function relative(at: Date, now: Date, lang: Lang): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const format = new Intl.RelativeTimeFormat(lang, { numeric: "always" });
  const step = steps.find(([, length]) => Math.abs(seconds) >= length);
  if (!step) return withinAMinute[lang][seconds > 0 ? "before" : "after"];
  const [unit, length] = step;
  return format.format(Math.trunc(seconds / length), unit);
}

/** A short time to wait, rounded so that it promises no more than is known. */
export function duration(seconds: number, lang: Lang): string {
  const [value, unit] =
    seconds < 90 ? [Math.max(5, Math.ceil(seconds / 5) * 5), "second"] : [Math.ceil(seconds / 60), "minute"];
  return new Intl.NumberFormat(locale(lang), { style: "unit", unit, unitDisplay: "long" }).format(value);
}

/** `1 day`, `2 days`, `2天`. */
export function days(value: number, lang: Lang): string {
  return new Intl.NumberFormat(locale(lang), { style: "unit", unit: "day", unitDisplay: "long" }).format(
    value,
  );
}

export function count(value: number, lang: Lang): string {
  return new Intl.NumberFormat(locale(lang)).format(value);
}

/** A name and what it stands for: `Review: Lin`, `评阅：林`. */
export const labelled = (label: string, value: string, lang: Lang): string =>
  lang === "zh" ? `${label}：${value}` : `${label}: ${value}`;

/** Several names in a row: `a, b`, `a、b`. */
export const listed = (names: readonly string[], lang: Lang): string =>
  names.join(lang === "zh" ? "、" : ", ");

/** A time zone from a row; one that this machine does not know is shown as UTC instead of failing a page. */
function known(timeZone: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return timeZone;
  } catch {
    return "UTC";
  }
}
