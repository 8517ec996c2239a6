// Moments as a form's field writes them (`2026-11-20T23:59`), in a course's time zone. Pure.

const written = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::\d{2})?$/;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Kept by zone: making one costs more than a thousand uses. */
function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-CA", {
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
    ...{ hourCycle: "h23", timeZone: zone },
  });
  formats.set(zone, made);
  return made;
}

/** A moment as the clock on the wall of `zone` shows it; seconds are left out. */
export function onTheWall(at: Date, zone: string): string {
  const parts = formatFor(zone).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("year").padStart(4, "0")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}`;
}

/**
 * The moment when the clock on the wall of `zone` shows `text`. A time that a clock shows twice is the first of the
 * two; one that it skips is as long after the jump as it stands after the hour skipped. Null where it is no time.
 */
export function momentOf(text: string, zone: string): Date | null {
  const match = written.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  const valid = new Date(asUtc);
  if (valid.getUTCDate() !== day || valid.getUTCHours() !== hour || valid.getUTCMinutes() !== minute)
    return null;
  const [before, after] = [offsetAt(asUtc - DAY_MS, zone), offsetAt(asUtc + DAY_MS, zone)];
  // With the offset from before a change the first of two is found, and a skipped time falls behind the jump.
  const first = asUtc - before;
  if (offsetAt(first, zone) === before || before === after) return new Date(first);
  const second = asUtc - after;
  return new Date(offsetAt(second, zone) === after ? second : first);
}

const DAY_MS = 86_400_000;

/** Milliseconds that the zone's clock is ahead of UTC. */
function offsetAt(at: number, zone: string): number {
  const minute = Math.floor(at / 60_000) * 60_000;
  const [date = "", time = ""] = onTheWall(new Date(minute), zone).split("T");
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const [hour, minutes] = time.split(":").map(Number) as [number, number];
  return Date.UTC(year, month - 1, day, hour, minutes) - minute;
}
