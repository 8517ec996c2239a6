import { raw } from "hono/html";
import { inert } from "../../judge/inert.ts";
import type { WholeOutput } from "../../judge/report.ts";
import { formattedHtml } from "./formatted-html.ts";

/** A text in one of an autograder's formats. */
export function Formatted({ text, format }: { text: string; format: WholeOutput["outputFormat"] }) {
  const html = formattedHtml(text, format);
  if (html === null) return <p class="whitespace-pre-line wrap-anywhere">{inert(text)}</p>;
  return <div class="sheet wrap-anywhere overflow-x-auto">{raw(html)}</div>;
}
