import { raw } from "hono/html";
import type { WholeOutput } from "../../judge/report.ts";
import { formattedHtml, plainText } from "./formatted-html.ts";

/** A text in one of an autograder's formats. */
export function Formatted({ text, format }: { text: string; format: WholeOutput["outputFormat"] }) {
  const html = formattedHtml(text, format);
  if (html === null) return <p class="whitespace-pre-line wrap-anywhere">{plainText(text)}</p>;
  return <div class="sheet wrap-anywhere overflow-x-auto">{raw(html)}</div>;
}
