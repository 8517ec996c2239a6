import { expect, test } from "vitest";
import { highlight, languageOf } from "./highlight.ts";

test("code comes back whole, its keywords told apart", async () => {
  const code = "def f(x):\n    return 'a' + x  # note\n";
  const lines = await highlight("h1", code, languageOf("src/rnn.py"));
  expect(lines.map((line) => line.map(([text]) => text).join("")).join("\n")).toBe(code);
  const kinds = lines.flat().map(([, kind]) => kind);
  expect(kinds).toContain("keyword");
  expect(kinds).toContain("comment");
});

test("a language that is not known is shown plain", async () => {
  expect(await highlight("h2", "a\nb", languageOf("x.unknown"))).toEqual([[["a", ""]], [["b", ""]]]);
});
