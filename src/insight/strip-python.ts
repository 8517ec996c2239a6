// A student's Python without what it says of its writer: comments, docstrings, names of people. What it computes
// stays the same.
import type { Parser } from "web-tree-sitter";
import { type Identity, maskText } from "../submissions/blind.ts";

/** Comments and docstrings go; a body that was nothing else becomes `pass`. Null for what is no Python. */
export function stripPython(parser: Parser, text: string): string | null {
  const tree = parser.parse(text);
  if (!tree) return null;
  try {
    if (tree.rootNode.hasError) return null;
    return withoutRanges(text, rangesOf(tree.walk()));
  } finally {
    tree.delete();
  }
}

interface Range {
  from: number;
  to: number;
  /** What stands there instead. */
  instead: string;
}

function rangesOf(cursor: ReturnType<NonNullable<ReturnType<Parser["parse"]>>["walk"]>): Range[] {
  const ranges: Range[] = [];
  try {
    // By hand, not by recursion: a file may be nested as deeply as its writer likes.
    for (;;) {
      const { nodeType, startIndex: from, endIndex: to } = cursor;
      if (nodeType === "comment") ranges.push({ from, to, instead: "" });
      const text = nodeType === "expression_statement" && isOnlyText(cursor);
      if (text) {
        // Before "from __future__ import …" nothing may stand but such a text.
        const inModule = cursor.currentNode.parent?.type === "module";
        ranges.push({ from, to, instead: inModule ? "" : "pass" });
      }
      if (!text && cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return ranges;
    }
  } finally {
    cursor.delete();
  }
}

function isOnlyText({
  currentNode,
}: {
  currentNode: { childCount: number; firstChild: { type: string } | null };
}) {
  const { childCount, firstChild } = currentNode;
  return childCount === 1 && (firstChild?.type === "string" || firstChild?.type === "concatenated_string");
}

/** Lines that only a comment stood on go whole. */
function withoutRanges(text: string, ranges: Range[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, instead } of ranges) {
    if (from < at) continue;
    const before = text.lastIndexOf("\n", from - 1) + 1;
    const after = text.indexOf("\n", to);
    const end = after < 0 ? text.length : after;
    const alone =
      instead === "" &&
      /^[ \t]*$/.test(text.slice(Math.max(before, at), from)) &&
      /^\s*$/.test(text.slice(to, end));
    if (alone && before >= at) {
      parts.push(text.slice(at, before));
      at = Math.min(text.length, end + 1);
    } else {
      parts.push(text.slice(at, from).replace(instead === "" ? /[ \t]+$/ : /$^/, ""), instead);
      at = to;
    }
  }
  parts.push(text.slice(at));
  return parts.join("");
}

/** No name, address or number of theirs stays, in whatever it is written. */
export function withoutPeople(text: string, people: readonly Identity[]): string {
  return maskText(text, people).replaceAll("▒▒▒▒", "someone");
}
