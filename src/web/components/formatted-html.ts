// Text of an autograder in one of Gradescope's formats, as HTML that can do nothing: no script, no attribute that our
// own scripts obey, nothing loaded from elsewhere. Output of a submission may be in it.
import markdownIt from "markdown-it";
import sanitize from "sanitize-html";
import type { WholeOutput } from "../../judge/report.ts";

type Format = WholeOutput["outputFormat"];

const markdown = markdownIt({ html: false, linkify: false });
const ALLOWED = {
  allowedTags: [
    ...["p", "br", "hr", "b", "i", "u", "em", "strong", "s", "sub", "sup", "code", "pre", "blockquote"],
    ...[
      "ul",
      "ol",
      "li",
      "a",
      "h3",
      "h4",
      "h5",
      "h6",
      "table",
      "thead",
      "tbody",
      "tr",
      "th",
      "td",
      "div",
      "span",
    ],
  ],
  allowedAttributes: { a: ["href", "rel"], ol: ["start"] },
  allowedSchemes: ["https", "http", "mailto"],
  allowProtocolRelative: false,
  transformTags: {
    h1: "h3",
    h2: "h4",
    a: (tagName: string, { href }: Record<string, string>) => {
      return { tagName, attribs: { href: href ?? "", rel: "noopener noreferrer" } };
    },
  },
};

/** Safe HTML of `text`; null where it is plain text, which a page shows as it is. */
export function formattedHtml(text: string, format: Format): string | null {
  switch (format) {
    case "html":
      return sanitize(text, ALLOWED);
    case "simple_format":
      return sanitize(text.replaceAll("\n", "<br>"), ALLOWED);
    case "md":
      return sanitize(markdown.render(text), ALLOWED);
    default:
      return null;
  }
}
