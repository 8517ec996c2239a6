// Text of a stranger's as text that does nothing, on a terminal and on a page. Pure.

/** ECMA-48: control sequences (colours, cursor), and what terminals take as titles and links (OSC). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that it is about
const SEQUENCES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-Z\\-_]/g;
const LINE_ENDS = /\r\n/g;
/** Lone escapes, carriage returns that would write over a line, direction marks that would turn one around. */
const OBEYED = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/** What a terminal would obey is left out; of what else is no character of a text it is seen that it was there. */
export function inert(text: string): string {
  return text.replace(SEQUENCES, "").replace(LINE_ENDS, "\n").replace(OBEYED, "\ufffd");
}
