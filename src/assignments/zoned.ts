// A date and time as people write them, in the course's time zone. Pure.

const written = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?$/;
const withOffset = /(Z|[+-]\d{2}:?\d{2})$/;

const DAY_MS = 86_400_000;

/**
 * `2026-11-25 23:59`, `2026-11-25T23:59` (as a browser's field gives it) or a date alone (its last minute), in
 * `timeZone`; or a moment with its own offset. Null for anything else. A time that the clocks skip is the one an hour
 * later; of one that comes twice it is the first.
 */
export function readZoned(text: string, timeZone: string): Date | null {
  const plain = text.trim();
  if (withOffset.test(plain)) {
    const moment = new Date(plain);
    return Number.isNaN(moment.getTime()) ? null : moment;
  }
  const parts = written.exec(plain);
  if (!parts) return null;
  const [, year, month, day, hour = "23", minute = "59", second = "0"] = parts.map(
    (part) => part ?? undefined,
  );
  const wanted = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  // A month of 13 or a 31st of February rolls over instead of failing.
  if (new Date(wanted).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return momentOf(wanted, timeZone);
}

/** The moment at which the zone's clock shows `wall`; of two the one with `offset`, where it is given, else the first. */
function momentOf(wall: number, timeZone: string, offset?: number): Date {
  // The offset a little before and after: where they differ the clocks change in between.
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((near) => offsetMs(new Date(near), timeZone));
  const fits = offsets.filter((ms) => offsetMs(new Date(wall - ms), timeZone) === ms);
  if (offset !== undefined && fits.includes(offset)) return new Date(wall - offset);
  return new Date(wall - (fits.length > 0 ? Math.max(...fits) : offsets[0]!));
}

/** So many days later by the zone's clock: 23:59 stays 23:59 over a change of the clocks. */
export function moveDays(at: Date, days: number, timeZone: string): Date {
  const offset = offsetMs(at, timeZone);
  return momentOf(at.getTime() + offset + days * DAY_MS, timeZone, offset);
}

/** As a browser's field wants it: `2026-11-25T23:59`. */
export function writeZoned(at: Date, timeZone: string): string {
  return new Date(at.getTime() + offsetMs(at, timeZone)).toISOString().slice(0, 16);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Kept by zone: making one costs more than a thousand uses. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(timeZone, made);
  return made;
}

/** How far the zone's clock is ahead of UTC. */
function offsetMs(at: Date, timeZone: string): number {
  const parts = formatFor(timeZone).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)!.value);
  const local = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return local - Math.floor(at.getTime() / 1000) * 1000;
}
