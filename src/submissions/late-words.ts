// What lateness costs, in a sentence: on the page before it is spent, in the API's refusal, on the command line. Pure.
import { UserError } from "../platform/errors.ts";
import type { LateQuote } from "./late-days.ts";

type Lang = "en" | "zh";

/** `3 h`, `2 d 4 h`, `12 min`: rounded up, so that nobody is told less than it is. */
export function lateTime(seconds: number, lang: Lang): string {
  const units = lang === "zh" ? { d: " 天", h: " 小时", m: " 分钟" } : { d: " d", h: " h", m: " min" };
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  if (minutes < 60) return `${minutes}${units.m}`;
  const hours = Math.ceil(minutes / 60);
  if (hours < 24) return `${hours}${units.h}`;
  const rest = hours % 24;
  return `${Math.floor(hours / 24)}${units.d}${rest === 0 ? "" : ` ${rest}${units.h}`}`.replace("  ", " ");
}

/** `3 h late: 1 of your 4 late days; Ben has none left.` */
export function lateWords(quote: LateQuote, lang: Lang): string {
  const said = lang === "zh" ? zhParts(quote) : enParts(quote);
  const time = lateTime(quote.seconds, lang);
  return lang === "zh" ? `迟交 ${time}：${said.join("；")}。` : `${time} late: ${said.join("; ")}.`;
}

function enParts({ charge, left, covered, percent, others, without, costs }: LateQuote): string[] {
  return [
    ...(charge > 0 ? [`${charge} of your ${left} late ${left === 1 ? "day" : "days"}`] : []),
    ...(charge === 0 && covered > 0 ? ["late days spent on this assignment pay for it"] : []),
    ...(percent > 0 && charge === 0 && left === 0 ? ["you have no late days left"] : []),
    ...(percent > 0 ? [`${percent} % of your points`] : []),
    ...others.map(({ name, days }) => `${days} late ${days === 1 ? "day" : "days"} of ${name}`),
    ...without.map((name) => `${name} has none left`),
    ...(costs || covered > 0 ? [] : ["at no cost"]),
  ];
}

function zhParts({ charge, left, covered, percent, others, without, costs }: LateQuote): string[] {
  return [
    ...(charge > 0 ? [`将使用您剩余 ${left} 个迟交日中的 ${charge} 个`] : []),
    ...(charge === 0 && covered > 0 ? ["由已用于本作业的迟交日抵扣"] : []),
    ...(percent > 0 && charge === 0 && left === 0 ? ["您已没有剩余的迟交日"] : []),
    ...(percent > 0 ? [`扣除 ${percent} % 的分数`] : []),
    ...others.map(({ name, days }) => `使用 ${name} 的 ${days} 个迟交日`),
    ...without.map((name) => `${name} 已没有剩余的迟交日`),
    ...(costs || covered > 0 ? [] : ["不扣分"]),
  ];
}

/** Nothing is spent that was not agreed to: 409, with what it would cost and how to agree. */
export function lateNotAccepted(quote: LateQuote): UserError {
  const entry = {
    status: 409,
    en: `${lateWords(quote, "en")} Confirm it to submit late all the same (on the command line: --accept-late).`,
    zh: `${lateWords(quote, "zh")}如仍要迟交，请确认后提交（命令行请加 --accept-late）。`,
  };
  return new UserError("late_not_accepted", entry, { days: quote.days });
}
