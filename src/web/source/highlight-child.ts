// A process that colours code, so that a file made to be slow holds up nobody: whoever asks ends it when it is late.
import { createCssVariablesTheme, createHighlighterCore } from "shiki/core";
import { createOnigurumaEngine } from "shiki/engine/oniguruma";

const highlighter = createHighlighterCore({
  themes: [createCssVariablesTheme({ name: "assay", variablePrefix: "", variableDefaults: {} })],
  langs: [
    import("shiki/langs/python.mjs"),
    import("shiki/langs/json.mjs"),
    import("shiki/langs/yaml.mjs"),
    import("shiki/langs/toml.mjs"),
    import("shiki/langs/markdown.mjs"),
    import("shiki/langs/shellscript.mjs"),
    import("shiki/langs/c.mjs"),
    import("shiki/langs/cpp.mjs"),
    import("shiki/langs/java.mjs"),
    import("shiki/langs/javascript.mjs"),
    import("shiki/langs/typescript.mjs"),
  ],
  engine: createOnigurumaEngine(import("shiki/wasm")),
});

export interface Question {
  id: number;
  code: string;
  lang: string;
}
/** Lines of pieces: a text, and what it is (`keyword`, `string`, …; empty for plain). */
export type Lines = [text: string, kind: string][][];

process.on("message", async ({ id, code, lang }: Question) => {
  const { tokens } = (await highlighter).codeToTokens(code, { lang, theme: "assay" });
  const lines: Lines = tokens.map((line) =>
    line.map(({ content, color }) => [content, /token-([a-z-]+)/.exec(color ?? "")?.[1] ?? ""]),
  );
  process.send!({ id, lines });
});
// The server is gone, however it went.
process.on("disconnect", () => process.exit());
