// Rows as CSV (RFC 4180), made so that a spreadsheet calculates nothing of it. Pure.

export type Value = string | number | null;

/** What spreadsheets take for the beginning of a formula, after the blanks that they skip. */
const formula = /^[\s]*[=+\-@\t\r|]/;

/**
 * A text that would be a formula gets an apostrophe before it, as spreadsheets themselves write a text; numbers are
 * our own and stay numbers.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function inertText(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

export function csvOf(rows: readonly (readonly Value[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(value: Value): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = inertText(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
