import fc from "fast-check";
import { expect, test } from "vitest";
import { readZoned, writeZoned } from "./zoned.ts";

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

test("what is written into a field is read back as the same minute, but for an hour that comes twice", () => {
  const minute = fc.integer({ min: 29_000_000, max: 31_000_000 }).map((n) => new Date(n * 60_000));
  fc.assert(
    fc.property(minute, fc.constantFrom(SHANGHAI, BERLIN, "America/St_Johns", "UTC"), (at, zone) => {
      const back = readZoned(writeZoned(at, zone), zone)!;
      expect([0, 3_600_000]).toContain(at.getTime() - back.getTime());
    }),
  );
});
