// Formulas in Markdown: `$…$` in a line, `$$…$$` on its own, ```math blocks. Each is set aside and leaves a
// placeholder of private-use characters, which neither Markdown nor the sanitizer touches.
import type { MarkdownIt } from "markdown-it";

export interface Formula {
  tex: string;
  display: boolean;
}

/** Also what has to be taken out of a text beforehand, so that nobody writes one by hand. */
export const placeholders = /\uE000(\d*)\uE001|[\uE000\uE001]/g;
const MOST_FORMULAS = 2000;
const LONGEST_FORMULA = 2000;

/** @param formulas gets them in order; a placeholder's number is its place. */
export function addMath(md: MarkdownIt, formulas: Formula[]): void {
  const keep = (tex: string, display: boolean): string | null => {
    if (formulas.length >= MOST_FORMULAS || tex.length > LONGEST_FORMULA) return null;
    formulas.push({ tex: tex.trim(), display });
    return `\uE000${formulas.length - 1}\uE001`;
  };
  md.inline.ruler.before("escape", "math", (state, silent) => {
    if (state.src[state.pos] !== "$") return false;
    const display = state.src.startsWith("$$", state.pos);
    const mark = display ? "$$" : "$";
    const from = state.pos + mark.length;
    const to = closing(state.src, from, state.posMax, mark);
    if (to < 0) return false;
    if (!silent) {
      const placeholder = keep(state.src.slice(from, to), display);
      if (placeholder === null) return false;
      state.push("text", "", 0).content = placeholder;
    }
    state.pos = to + mark.length;
    return true;
  });
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index]!;
    const placeholder = token.info.trim() === "math" ? keep(token.content, true) : null;
    return placeholder === null ? fence!(tokens, index, options, env, self) : `<p>${placeholder}</p>\n`;
  };
}

/** Where the formula ends; -1 where this is no formula (`$5 and $6`: a space before the end, a digit after it). */
function closing(text: string, from: number, end: number, mark: string): number {
  if (mark === "$" && /\s/.test(text[from] ?? " ")) return -1;
  for (let at = from; at < end; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(mark, at) && at > from) {
      const price = mark === "$" && (/\s/.test(text[at - 1]!) || /\d/.test(text[at + 1] ?? ""));
      return price ? -1 : at;
    }
  }
  return -1;
}
