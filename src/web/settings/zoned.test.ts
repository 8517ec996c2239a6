import { expect, test } from "vitest";
import { momentOf, onTheWall } from "./zoned.ts";

test.each([
  ["Shanghai has no summer time", "2026-11-20T23:59", "Asia/Shanghai", "2026-11-20T15:59:00Z"],
  ["a zone of three quarters", "2026-11-20T12:00", "Asia/Kathmandu", "2026-11-20T06:15:00Z"],
  ["New York in winter", "2026-01-10T23:59", "America/New_York", "2026-01-11T04:59:00Z"],
  ["New York in summer", "2026-07-10T23:59", "America/New_York", "2026-07-11T03:59:00Z"],
  ["the minute before the clocks go forward", "2026-03-08T01:59", "America/New_York", "2026-03-08T06:59:00Z"],
  [
    "a time that is skipped falls behind the jump",
    "2026-03-08T02:30",
    "America/New_York",
    "2026-03-08T07:30:00Z",
  ],
  ["the minute after it", "2026-03-08T03:00", "America/New_York", "2026-03-08T07:00:00Z"],
  ["a time shown twice is the first", "2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z"],
  ["after the second", "2026-11-01T02:00", "America/New_York", "2026-11-01T07:00:00Z"],
  ["half an hour of summer time", "2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00Z"],
  ["a leap day", "2028-02-29T00:00", "UTC", "2028-02-29T00:00:00Z"],
])("%s", (_, text, zone, moment) => expect(momentOf(text, zone)).toEqual(new Date(moment)));

test.each([["2026-02-30T10:00"], ["2026-11-20T24:10"], ["2026-11-20"], ["tomorrow"], [""]])(
  "“%s” is no moment",
  (text) => expect(momentOf(text, "Asia/Shanghai")).toBeNull(),
);

test("what is shown is read back as the same moment, every three hours of a year", () => {
  for (const zone of ["America/New_York", "Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"]) {
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 3 * 3_600_000) {
      const shown = onTheWall(new Date(at), zone);
      const read = momentOf(shown, zone)!.getTime();
      // Shown twice: the first of the two.
      if (read !== at) expect([zone, shown, onTheWall(new Date(read), zone)]).toEqual([zone, shown, shown]);
    }
  }
});
