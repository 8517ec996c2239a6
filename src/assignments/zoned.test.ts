import fc from "fast-check";
import { expect, test } from "vitest";
import { moveDays, readZoned, writeZoned } from "./zoned.ts";

const SHANGHAI = "Asia/Shanghai";
const BERLIN = "Europe/Berlin";

test.each<[string, string, string | null]>([
  ["2026-11-25T23:59", SHANGHAI, "2026-11-25T15:59:00.000Z"],
  ["2026-11-25 23:59", SHANGHAI, "2026-11-25T15:59:00.000Z"],
  ["2026-11-25", SHANGHAI, "2026-11-25T15:59:00.000Z"],
  ["2026-11-25 23:59:30", SHANGHAI, "2026-11-25T15:59:30.000Z"],
  ["2026-07-01 12:00", BERLIN, "2026-07-01T10:00:00.000Z"],
  ["2026-12-01 12:00", BERLIN, "2026-12-01T11:00:00.000Z"],
  // Clocks go from 02:00 to 03:00.
  ["2026-03-29 01:59", BERLIN, "2026-03-29T00:59:00.000Z"],
  ["2026-03-29 02:30", BERLIN, "2026-03-29T01:30:00.000Z"],
  ["2026-03-29 03:00", BERLIN, "2026-03-29T01:00:00.000Z"],
  // Clocks go back from 03:00 to 02:00: the first of the two.
  ["2026-10-25 02:30", BERLIN, "2026-10-25T00:30:00.000Z"],
  ["2026-10-25 03:30", BERLIN, "2026-10-25T02:30:00.000Z"],
  ["2026-11-25T23:59:00+08:00", BERLIN, "2026-11-25T15:59:00.000Z"],
  ["2026-11-25T15:59:00Z", SHANGHAI, "2026-11-25T15:59:00.000Z"],
  ["2026-02-30 12:00", SHANGHAI, null],
  ["2026-13-01 12:00", SHANGHAI, null],
  ["2026-11-25 24:00", SHANGHAI, null],
  ["2026-11-25 12:60", SHANGHAI, null],
  ["25.11.2026", SHANGHAI, null],
  ["tomorrow", SHANGHAI, null],
  ["", SHANGHAI, null],
])("%j in %s is %s", (text, zone, moment) => {
  expect(readZoned(text, zone)?.toISOString() ?? null).toBe(moment);
});

test.each([
  ["a zone of three quarters", "2026-11-20T12:00", "Asia/Kathmandu", "2026-11-20T06:15:00Z"],
  ["New York in winter", "2026-01-10T23:59", "America/New_York", "2026-01-11T04:59:00Z"],
  ["New York in summer", "2026-07-10T23:59", "America/New_York", "2026-07-11T03:59:00Z"],
  ["the minute before the clocks go forward", "2026-03-08T01:59", "America/New_York", "2026-03-08T06:59:00Z"],
  ["a time that is skipped", "2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00Z"],
  ["the minute after it", "2026-03-08T03:00", "America/New_York", "2026-03-08T07:00:00Z"],
  ["a time shown twice is the first", "2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z"],
  ["after the second", "2026-11-01T02:00", "America/New_York", "2026-11-01T07:00:00Z"],
  ["half an hour of summer time", "2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00Z"],
  ["a leap day", "2028-02-29T00:00", "UTC", "2028-02-29T00:00:00Z"],
])("%s", (_, text, zone, moment) => expect(readZoned(text, zone)).toEqual(new Date(moment)));

test.each<[string, string, string, number, string]>([
  ["23:59 stays 23:59 into summer", "2026-03-27T22:59:00Z", BERLIN, 7, "2026-04-03T21:59:00Z"],
  ["and back into winter", "2026-10-20T21:59:59Z", BERLIN, 7, "2026-10-27T22:59:59Z"],
  [
    "a year of weeks, where clocks never change",
    "2026-03-20T15:59:00Z",
    SHANGHAI,
    364,
    "2027-03-19T15:59:00Z",
  ],
  ["a year of weeks in New York", "2026-03-06T04:59:00Z", "America/New_York", 364, "2027-03-05T04:59:00Z"],
  [
    "into the days between two years' changes",
    "2026-03-12T03:59:00Z",
    "America/New_York",
    364,
    "2027-03-11T04:59:00Z",
  ],
  ["back", "2027-03-11T04:59:00Z", "America/New_York", -364, "2026-03-12T03:59:00Z"],
  ["onto an hour that is skipped: an hour later", "2026-03-22T01:30:00Z", BERLIN, 7, "2026-03-29T01:30:00Z"],
  [
    "from summer onto an hour shown twice: the first",
    "2026-10-18T00:30:00Z",
    BERLIN,
    7,
    "2026-10-25T00:30:00Z",
  ],
  ["from winter onto it: the second", "2026-11-01T01:30:00Z", BERLIN, -7, "2026-10-25T01:30:00Z"],
  ["by no day at all the second stays the second", "2026-10-25T01:30:00Z", BERLIN, 0, "2026-10-25T01:30:00Z"],
  ["over a leap day", "2028-02-28T12:00:00Z", "UTC", 1, "2028-02-29T12:00:00Z"],
])("moved, %s", (_, at, zone, days, to) => expect(moveDays(new Date(at), days, zone)).toEqual(new Date(to)));

test("what is shown is read back as the same moment, every three hours of a year", () => {
  for (const zone of ["America/New_York", SHANGHAI, BERLIN, "Australia/Lord_Howe"]) {
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 3 * 3_600_000) {
      const shown = writeZoned(new Date(at), zone);
      const read = readZoned(shown, zone)!;
      // Shown twice: the first of the two.
      if (read.getTime() !== at) expect([zone, shown, writeZoned(read, zone)]).toEqual([zone, shown, shown]);
    }
  }
});

test("what is written into a field is read back as the same minute, but for an hour that comes twice", () => {
  const minute = fc.integer({ min: 29_000_000, max: 31_000_000 }).map((n) => new Date(n * 60_000));
  fc.assert(
    fc.property(minute, fc.constantFrom(SHANGHAI, BERLIN, "America/St_Johns", "UTC"), (at, zone) => {
      const back = readZoned(writeZoned(at, zone), zone)!;
      expect([0, 3_600_000]).toContain(at.getTime() - back.getTime());
    }),
  );
});
