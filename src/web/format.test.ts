import { expect, test } from "vitest";
import { duration, fileSize, memorySize, moment, points, relative, zoneName } from "./format.ts";

test.each([
  [1250, "12.5"],
  [5400, "54"],
  [4833, "48.33"],
  [0, "0"],
  [100000, "1000"],
  [-540, "-5.4"],
])("%i hundredths are %s points", (hundredths, text) => expect(points(hundredths)).toBe(text));

test.each([
  [999, "999 B"],
  [1536, "1.5 kB"],
  [5_000_000, "5 MB"],
  [123_456_789, "123 MB"],
])("%i bytes are %s", (bytes, text) => expect(fileSize(bytes)).toBe(text));

test("memory is counted in powers of two", () => {
  expect(memorySize(1024 ** 3)).toBe("1 GiB");
  expect(memorySize(64 * 1024 ** 2)).toBe("64 MiB");
});

const due = new Date("2026-11-20T15:59:00Z");

test("a moment is told in the course's time zone and in the language", () => {
  expect(moment(due, "Asia/Shanghai", "en")).toBe("Fri, 20 Nov 2026, 23:59");
  expect(moment(due, "Asia/Shanghai", "zh")).toContain("2026年11月20日");
  expect(zoneName(due, "Asia/Shanghai", "en")).toBe("GMT+8");
});

test("a time zone that this machine does not know is shown as UTC", () => {
  expect(moment(due, "Mars/Olympus", "en")).toContain("15:59");
});

test.each([
  ["2026-11-17T15:59:00Z", "in 3 days"],
  ["2026-11-20T17:59:30Z", "2 hours ago"],
  ["2026-11-20T15:58:30Z", "in less than a minute"],
  ["2026-11-20T15:59:30Z", "just now"],
])("seen at %s it is %s", (now, text) => expect(relative(due, new Date(now), "en")).toBe(text));

test("a wait is rounded up", () => {
  expect(duration(11, "en")).toBe("15 seconds");
  expect(duration(130, "zh")).toBe("3分钟");
});
