// The sheet: Markdown and formulas of a suite's author, made into HTML once and kept by the suite's hash. Raw HTML
// in it stays text; what Markdown made is cut down to an allow-list before formulas are put in, so nothing of it
// can run, carry an attribute that our scripts obey, or load anything.
import katex from "katex";
import markdownIt, { type MarkdownIt } from "markdown-it";
import sanitize from "sanitize-html";
import { addMath, type Formula, placeholders } from "./math.ts";

export interface Sheet {
  html: string;
  /** Sizes and places of formulas: the content policy allows no style attributes. */
  css: string;
  hasMath: boolean;
}

const KEPT = 100;
const sheets = new Map<string, Sheet>();

/** @param key the suite's hash and the language: a sheet of the same key is the same sheet. */
export function sheetOf(key: string, markdown: string): Sheet {
  const known = sheets.get(key);
  if (known) return known;
  const sheet = renderSheet(markdown);
  sheets.set(key, sheet);
  if (sheets.size > KEPT) sheets.delete(sheets.keys().next().value!);
  return sheet;
}

export function renderSheet(markdown: string): Sheet {
  const formulas: Formula[] = [];
  const html = clean(markdownOf(formulas).render(markdown.replace(placeholders, "")));
  const styles = new Styles();
  const filled = html.replace(placeholders, (_, index: string) => {
    const formula = formulas[Number(index)];
    return formula ? styles.moveOut(formulaHtml(formula)) : "";
  });
  return { html: withScrolling(filled), css: styles.css(), hasMath: formulas.length > 0 };
}

function markdownOf(formulas: Formula[]): MarkdownIt {
  const md = new markdownIt({ html: false, linkify: false });
  addMath(md, formulas);
  // What an author notes in a comment is not for its readers; a comment in code is code.
  md.core.ruler.push("comments", (state) => {
    state.tokens = state.tokens.filter((_, at, all) => {
      const inline = [all[at - 1], all[at], all[at + 1]].find((one) => one?.type === "inline");
      const of = all[at]!.type;
      return !(
        /^(paragraph_open|inline|paragraph_close)$/.test(of) && /^<!--.*-->$/s.test(inline?.content ?? "")
      );
    });
  });
  // Between two Chinese characters the end of a source line is no space.
  md.core.ruler.push("soft-breaks", (state) => {
    for (const { children } of state.tokens) {
      children?.forEach((token, at) => {
        const around = `${children[at - 1]?.content.at(-1) ?? ""}${children[at + 1]?.content.at(0) ?? ""}`;
        if (token.type !== "softbreak" || !/^[\p{Script=Han}，。、；：？！（）“”《》]{2}$/u.test(around))
          return;
        token.type = "text";
        token.content = "";
      });
    }
  });
  // The page has the assignment's title already; the sheet's own headings come below it.
  md.core.ruler.push("headings", (state) => {
    const { tokens } = state;
    if (tokens[0]?.type === "heading_open" && tokens[0].tag === "h1") tokens.splice(0, 3);
    for (const token of tokens) {
      if (/^heading_(open|close)$/.test(token.type)) {
        token.tag = `h${Math.min(6, Math.max(3, Number(token.tag[1]) + 1))}`;
      }
    }
  });
  return md;
}

const text = ["p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"];
const structure = ["h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"];

/** Pictures are left out: a sheet's files are not served. */
function clean(html: string): string {
  return sanitize(html, {
    allowedTags: [...text, ...structure],
    allowedAttributes: { a: ["href", "rel"], ol: ["start"] },
    allowedSchemes: ["https", "http", "mailto"],
    allowProtocolRelative: false,
    transformTags: {
      a: (tagName, { href }) => ({ tagName, attribs: { href: href ?? "", rel: "noopener noreferrer" } }),
    },
  });
}

function formulaHtml({ tex, display }: Formula): string {
  return katex.renderToString(tex, {
    displayMode: display,
    throwOnError: false,
    trust: false,
    strict: "ignore",
    maxSize: 20,
    maxExpand: 500,
  });
}

/** Style attributes as rules of a sheet of their own. */
class Styles {
  private readonly rules = new Map<string, number>();

  moveOut(html: string): string {
    return html.replace(/ style="([^"]*)"/g, (_, style: string) => {
      // Lengths and colours that KaTeX wrote; anything else is dropped.
      if (!/^([a-z-]+:\s?[-#a-z0-9.%() ,]+;?)+$/i.test(style) || /url|expression/i.test(style)) return "";
      if (!this.rules.has(style)) this.rules.set(style, this.rules.size);
      return ` data-k="${this.rules.get(style)}"`;
    });
  }

  css(): string {
    // Thrice, to weigh more than KaTeX's own rules, as the attribute would have.
    return [...this.rules].map(([style, k]) => `${`[data-k="${k}"]`.repeat(3)}{${style}}`).join("");
  }
}

/** Wide tables scroll in a frame of their own, so that the page does not. */
function withScrolling(html: string): string {
  return html
    .replaceAll("<table>", '<div class="scrolls" tabindex="0"><table>')
    .replaceAll("</table>", "</table></div>")
    .replaceAll("<pre>", '<pre tabindex="0">');
}
