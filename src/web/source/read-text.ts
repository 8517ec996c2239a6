// A submitted file as text to show: whole, or not at all with the reason named. Pure.

export const SHOWN_LIMIT_BYTES = 400_000;
export const SHOWN_LIMIT_LINES = 8000;
export const SHOWN_LIMIT_COLUMNS = 2000;

export type Shown =
  | { kind: "text"; text: string; encoding: "utf-8" | "gb18030" }
  | { kind: "binary" }
  | { kind: "large" };

/** UTF-8, or else GB18030, in which older editors of many students write; anything with a NUL byte is no text. */
export function readText(bytes: Buffer): Shown {
  if (bytes.length > SHOWN_LIMIT_BYTES) return { kind: "large" };
  if (bytes.includes(0)) return { kind: "binary" };
  for (const encoding of ["utf-8", "gb18030"] as const) {
    const text = decode(bytes, encoding);
    if (text === null) continue;
    const lines = text.split("\n");
    const large = lines.length > SHOWN_LIMIT_LINES || lines.some((line) => line.length > SHOWN_LIMIT_COLUMNS);
    return large ? { kind: "large" } : { kind: "text", text: visible(text), encoding };
  }
  return { kind: "binary" };
}

function decode(bytes: Buffer, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).replaceAll("\r\n", "\n");
  } catch {
    return null;
  }
}

/** Marks that turn the direction of text make code read as something else than it is. */
function visible(text: string): string {
  return text.replace(/\p{Bidi_Control}/gu, "\uFFFD");
}
