import fc from "fast-check";
import { expect, test } from "vitest";
import { inert } from "./inert.ts";

test.each([
  ["colours", "\u001b[31mred\u001b[0m", "red"],
  ["a link and a title", "\u001b]8;;https://elsewhere.example\u0007link\u001b]8;;\u001b\\", "link"],
  ["a cursor that goes up to write over what stands there", "no\u001b[1A\u001b[2Kyes", "noyes"],
  ["an escape that begins nothing", "a\u001b", "a\ufffd"],
  ["a return that writes over the line", "failed\rpassed", "failed\ufffdpassed"],
  ["lines as another system ends them", "one\r\ntwo", "one\ntwo"],
  ["marks of direction", "a\u202eb", "a\ufffdb"],
  ["the eight-bit form", "\u009b31mred", "\ufffd31mred"],
  ["lines, tabs and Chinese stay", "一\t二\n三", "一\t二\n三"],
])("%s", (_, text, shown) => expect(inert(text)).toBe(shown));

test("nothing is left that a terminal obeys, and a second time changes nothing", () => {
  const parts = fc.constantFrom("\u001b", "[", "]", "31m", "\u0007", "\\", "a", "\n", "\r", "\u202e");
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), (some) => {
      const shown = inert(some.join(""));
      expect([...shown].filter((one) => "\u001b\u0007\r\u202e".includes(one))).toEqual([]);
      expect(inert(shown)).toBe(shown);
    }),
  );
});
