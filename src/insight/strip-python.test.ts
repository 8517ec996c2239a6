import { expect, test } from "vitest";
import { pythonParser } from "../similarity/tokens.ts";
import { stripPython, withoutPeople } from "./strip-python.ts";

const parser = await pythonParser();

test.each<[string, string, string | null]>([
  ["a comment on a line of its own", "# Ada\nx = 1\n", "x = 1\n"],
  ["a comment behind code", "x = 1  # Ada\ny = 2\n", "x = 1\ny = 2\n"],
  ["a number sign in a text", 'x = "# no"\n', 'x = "# no"\n'],
  [
    "a module's text before __future__",
    '"""Ada"""\nfrom __future__ import annotations\n',
    "from __future__ import annotations\n",
  ],
  ["a body that is only a text", 'def f():\n    """Ada"""\n', "def f():\n    pass\n"],
  ["a text before code", 'def f():\n    """Ada"""\n    return 1\n', "def f():\n    pass\n    return 1\n"],
  ["a text that is used", 'def f():\n    return """Ada"""\n', 'def f():\n    return """Ada"""\n'],
  ["two comments, no last line end", "# a\n# b", ""],
  ["no Python", "def (:\n", null],
])("%s", (_, text, stripped) => expect(stripPython(parser, text)).toBe(stripped));

test("names go out of what is left", () => {
  const people = [{ name: "Ada Lovelace", email: "ada.l@example.edu", studentNumber: "S2026" }];
  const text = withoutPeople('AUTHOR = "Ada Lovelace <ada.l@example.edu> S2026"\nada_lovelace = 1\n', people);
  expect(text).not.toMatch(/ada|lovelace|S2026/i);
  expect(stripPython(parser, text)).toBe(text);
});
