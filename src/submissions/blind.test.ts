import { expect, test } from "vitest";
import { blankPdf, codeOf, isBlind, maskedPath, maskText } from "./blind.ts";

const out = new Date(0);
test.each([
  ["a teaching assistant grades without names", "ta", true, null, true],
  ["until the results are out", "ta", true, out, false],
  ["where the assignment says so", "ta", false, null, false],
  ["whoever leads the course sees names", "instructor", true, null, false],
  ["so does an administrator", "admin", true, null, false],
  ["a student's own view is not concerned", "student", true, null, false],
] as const)("%s", (_, standing, blind, resultsPublishedAt, is) => {
  expect(isBlind(standing, { blind, resultsPublishedAt })).toBe(is);
});

test("a code is the same each time, another for each submission, and no part of the id", () => {
  const id = "0195b3c4-aaaa-7bbb-8ccc-123456789abc";
  expect(codeOf(id)).toBe(codeOf(id));
  expect(codeOf(id)).toMatch(/^[0-9A-F]{8}$/);
  expect(codeOf(id)).not.toBe(codeOf(id.replace("c", "d")));
  expect(id.toUpperCase()).not.toContain(codeOf(id));
});

const alike = new Set(["cnn.py", "report.pdf"]);
test.each([
  ["what the suite asks for", "cnn.py", 0, "cnn.py"],
  ["a folder with a name", "ada_lovelace/notes.md", 1, "file-2.md"],
  ["a file with a name", "Ada Lovelace.PY", 2, "file-3.py"],
  ["the same name elsewhere is another file", "ada/cnn.py", 3, "file-4.py"],
  ["no ending", "README", 4, "file-5"],
  ["what only looks like an ending", "x.lovelaceada1815", 5, "file-6"],
  ["an ending that is no letters", "x.爱", 6, "file-7"],
])("%s: %s", (_, path, position, shown) => expect(maskedPath(path, position, alike)).toBe(shown));

const ada = { name: "Ada Lovelace", email: "alove@example.edu", studentNumber: "20260001" };
const zh = { name: "林小明", email: "a@b.cn", studentNumber: null };
test.each([
  ["the full name", "# by Ada Lovelace\nx = 1", "# by ▒▒▒▒\nx = 1"],
  ["the family name first", "Lovelace, Ada", "▒▒▒▒"],
  ["small letters, no space", "adalovelace", "▒▒▒▒"],
  ["an underscore between", "ada_lovelace.py", "▒▒▒▒.py"],
  ["the e-mail whole before its part", "alove@example.edu alove", "▒▒▒▒ ▒▒▒▒"],
  ["the student number", "id 20260001.", "id ▒▒▒▒."],
  ["a Chinese name inside a sentence", "作者林小明完成", "作者▒▒▒▒完成"],
  ["nothing else", "love is all you need", "love is all you need"],
  ["an e-mail's part that is short would be everywhere", "a = b", "a = b"],
])("%s", (_, text, shown) => expect(maskText(text, [ada, zh])).toBe(shown));

test("no line moves", () => {
  const text = "a\nAda Lovelace\nb\n";
  expect(maskText(text, [ada]).split("\n").length).toBe(text.split("\n").length);
});

test("a PDF loses its metadata and not one offset", () => {
  const pdf = Buffer.from(
    "%PDF-1.7\n1 0 obj << /Author (Ada \\(Lovelace\\)) /Title <416461> /Producer(me) >>\n" +
      "<x:xmpmeta><dc:creator>Ada Lovelace</dc:creator></x:xmpmeta>\nstream (Ada in the text) \xff\xfe\n%%EOF",
    "latin1",
  );
  const blank = blankPdf(pdf);
  expect(blank.length).toBe(pdf.length);
  const left = blank.toString("latin1");
  expect(left).not.toContain("Lovelace");
  expect(left).not.toContain("416461");
  expect(left).toContain("stream (Ada in the text) \xff\xfe\n%%EOF");
  expect(left.indexOf("%%EOF")).toBe(pdf.indexOf("%%EOF"));
});
