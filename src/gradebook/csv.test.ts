import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvOf, inertText } from "./csv.ts";

test.each([
  ['=HYPERLINK("http://x")'],
  ["+1"],
  ["-1+1"],
  ["@SUM(A1)"],
  ["\t=1"],
  ["\r=1"],
  [" =1"],
  ["|calc"],
])("%j is written as a text", (text) => expect(inertText(text)).toBe(`'${text}`));

test.each([["林同学"], ["O'Brien"], ["a=b"], ["3-1"], [""]])("%j stays as it is", (text) => {
  expect(inertText(text)).toBe(text);
});

test("a negative number is a number", () => expect(csvOf([[-2.5, null, 0]])).toBe("-2.5,,0\r\n"));

test("whatever stands in a cell is read back, in its cell", () => {
  const texts = fc.array(fc.array(fc.string({ unit: "grapheme" }), { minLength: 3, maxLength: 3 }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(texts, (rows) => {
      const read = parse(csvOf(rows), {
        relax_column_count: true,
        skip_empty_lines: false,
        record_delimiter: "\r\n",
      });
      expect(read).toEqual(rows.map((row) => row.map(inertText)));
    }),
  );
});
