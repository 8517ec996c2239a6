// Times as Moodle writes them, by the clock of the site's time zone. Pure.
import { readZoned } from "../../assignments/zoned.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const clock = /(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?/i;
const dayFirst = /(\d{1,2})\s+([a-z]{3})[a-z]*\.?,?\s+(\d{4})/i;
const monthFirst = /([a-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4})/i;
const chinese = /(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日/;

/**
 * `Wednesday, 10 June 2026, 2:14 PM`, `Wednesday, June 10, 2026, 2:14 PM`, `2026年06月10日 星期三 14:14`, with AM, PM,
 * 上午 or 下午 or by 24 hours; or ISO 8601. A time without seconds is its minute's first. Null for anything else.
 */
export function readTime(text: string, timeZone: string): Date | null {
  const iso = readZoned(text, timeZone);
  if (iso) return iso;
  const day = dayOf(text);
  const time = clock.exec(text);
  if (!day || !time) return null;
  const [, hours, minutes, seconds = "00", half] = time;
  const hour = onTheClock(Number(hours), half?.toUpperCase() ?? chineseHalf(text));
  return readZoned(`${day}T${two(hour)}:${minutes}:${seconds}`, timeZone);
}

function dayOf(text: string): string | null {
  const zh = chinese.exec(text);
  if (zh) return `${zh[1]}-${two(Number(zh[2]))}-${two(Number(zh[3]))}`;
  const [day, name, year] = dayFirst.exec(text)?.slice(1) ?? [];
  if (day && name && year) return written(year, name, day);
  const [month, date, of] = monthFirst.exec(text)?.slice(1) ?? [];
  return month && date && of ? written(of, month, date) : null;
}

function written(year: string, name: string, day: string): string | null {
  const month = months.indexOf(name.toLowerCase());
  return month < 0 ? null : `${year}-${two(month + 1)}-${two(Number(day))}`;
}

const chineseHalf = (text: string) =>
  /下午|晚上/.test(text) ? "PM" : /上午|早上/.test(text) ? "AM" : undefined;

function onTheClock(hour: number, half: string | undefined): number {
  if (half === "PM" && hour < 12) return hour + 12;
  return half === "AM" && hour === 12 ? 0 : hour;
}

const two = (number: number) => String(number).padStart(2, "0");
