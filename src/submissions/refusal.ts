// The archive reader's refusals as sentences for the person who uploaded.
import { UserError } from "../platform/errors.ts";
import { type Params, Refusal, storageErrors, type Words } from "../storage/errors.ts";

/** A refused archive as a `UserError`; any other error as it is. */
export function asUserError(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const entry = storageErrors[error.code];
  const plain = Object.fromEntries(
    Object.entries(error.params).map(([name, value]) => [name, isWords(value) ? value.en : value]),
  );
  return new UserError(
    error.code,
    {
      status: entry.status,
      en: inLanguage(entry.en, error.params, "en"),
      zh: inLanguage(entry.zh, error.params, "zh"),
    },
    plain,
  );
}

/** Fills in what differs by language; the rest is filled by `UserError`, once. */
function inLanguage(text: string, params: Params, lang: "en" | "zh"): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return isWords(value) ? value[lang] : whole;
  });
}

function isWords(value: unknown): value is Words {
  return typeof value === "object" && value !== null;
}

/** A note of the archive reader as a sentence. */
export function filledNote(text: string, params: Params, lang: "en" | "zh"): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return isWords(value) ? value[lang] : String(value ?? whole);
  });
}
