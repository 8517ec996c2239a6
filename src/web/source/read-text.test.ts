import { expect, test } from "vitest";
import { readText, SHOWN_LIMIT_BYTES, SHOWN_LIMIT_COLUMNS } from "./read-text.ts";

test("UTF-8 is text, its byte order mark and carriage returns taken off", () => {
  expect(readText(Buffer.from("\uFEFFx = 1\r\ny = 2"))).toEqual({
    kind: "text",
    text: "x = 1\ny = 2",
    encoding: "utf-8",
  });
});

test("GBK from an older editor is text too", () => {
  // 注释 in GBK
  const shown = readText(Buffer.from([0x23, 0x20, 0xd7, 0xa2, 0xca, 0xcd]));
  expect(shown).toEqual({ kind: "text", text: "# 注释", encoding: "gb18030" });
});

test.each([
  ["a NUL byte", Buffer.from([1, 0, 2]), "binary"],
  ["bytes of no encoding", Buffer.from([0x61, 0xff, 0xff]), "binary"],
  ["one byte too many", Buffer.alloc(SHOWN_LIMIT_BYTES + 1, 10), "large"],
  ["one line too long", Buffer.alloc(SHOWN_LIMIT_COLUMNS + 1, 97), "large"],
])("%s is %s", (_, bytes, kind) => expect(readText(bytes).kind).toBe(kind));

test("marks that reverse the reading order are made visible", () => {
  expect(readText(Buffer.from("a\u202Eb"))).toMatchObject({ text: "a\uFFFDb" });
});
