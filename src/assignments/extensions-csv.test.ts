import { expect, test } from "vitest";
import { readExtensions } from "./extensions-csv.ts";

const ZONE = "Asia/Shanghai";

test.each<[string, string, number | string]>([
  ["two people", "email,due\na@x.edu,2026-11-25 23:59\nb@x.edu,2026-11-26\n", 2],
  ["Chinese headings from Excel", "\ufeff邮箱;截止时间\r\na@x.edu;2026-11-25 23:59\r\n", 1],
  ["columns in another order, and more of them", "name,until,email\nA,2026-11-25,a@x.edu\n", 1],
  ["no heading", "a@x.edu,2026-11-25\n", "1: email, due (邮箱, 截止时间)"],
  ["no lines", "email,due\n", "1–2000"],
  ["no date", "email,due\na@x.edu,soon\n", "2: a@x.edu, soon"],
  ["no e-mail", "email,due\nAnna,2026-11-25\n", "2: Anna, 2026-11-25"],
  ["somebody twice", "email,due\na@x.edu,2026-11-25\nA@x.edu,2026-11-26\n", "3: A@x.edu, 2026-11-26"],
])("%s", (_, text, expected) => {
  const reading = readExtensions(text, ZONE);
  expect("lines" in reading ? reading.lines.length : reading.problems[0]).toBe(expected);
});

test("dates are the course's", () => {
  const reading = readExtensions("email,due\na@x.edu,2026-11-25 23:59\n", ZONE);
  expect(reading).toEqual({
    lines: [{ line: 2, email: "a@x.edu", dueAt: new Date("2026-11-25T15:59:00Z") }],
  });
});
