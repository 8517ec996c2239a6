// A Python file as tokens of its syntax, each with its place. Names, numbers and texts are told by their kind alone, so
// that renaming hides nothing; comments and layout are left out.
import { createRequire } from "node:module";
import { File, Region, TokenizedFile } from "@dodona/dolos-core";
import { Language, Parser } from "web-tree-sitter";

const require = createRequire(import.meta.url);

/** Loads the grammar: compiled to WebAssembly, so that installing needs no compiler. */
export async function pythonParser(): Promise<Parser> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(require.resolve("tree-sitter-python/tree-sitter-python.wasm")));
  return parser;
}

/** Null where the parser gives no tree. */
export function tokenize(parser: Parser, path: string, text: string): TokenizedFile | null {
  const tree = parser.parse(text);
  if (!tree) return null;
  const tokens: string[] = [];
  const regions: Region[] = [];
  const cursor = tree.walk();
  const take = (token: string) => {
    const { startPosition: start, endPosition: end } = cursor;
    tokens.push(token);
    regions.push(new Region(start.row, start.column, end.row, end.column));
  };
  try {
    // By hand, not by recursion: a file may be nested as deeply as its writer likes.
    for (;;) {
      if (cursor.nodeIsNamed && cursor.nodeType !== "comment") take(cursor.nodeType);
      if (cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return new TokenizedFile(new File(path, text), tokens, regions);
        if (cursor.nodeIsNamed) take(")");
      }
    }
  } finally {
    cursor.delete();
    tree.delete();
  }
}
