// From what the reader's child says to what a person reads. (The child itself loads nothing of the platform.)
import { type ErrorParams, UserError } from "../platform/errors.ts";
import {
  type ArchiveNote,
  archiveNotes,
  filled,
  type Params,
  type Refusal,
  storageErrors,
} from "./errors.ts";
import { megabytes } from "./zip-checks.ts";

type Language = "en" | "zh";

/** The `UserError` of a refusal; parts that differ between the languages are already in its sentences. */
export function userError({ code, params }: Refusal): UserError {
  const { status, en, zh } = storageErrors[code];
  const entry = { status, en: filledWords(en, params, "en"), zh: filledWords(zh, params, "zh") };
  return new UserError(code, entry, inEnglish(params));
}

/** For intake, when `BlobTooLarge` ended an upload. */
export function uploadTooLarge(limitBytes: number): UserError {
  return new UserError("too_large", storageErrors.too_large, { limit: megabytes(limitBytes) });
}

export function noteSentence(note: ArchiveNote, language: Language): string {
  return filled(archiveNotes[note.code][language], note.params, language);
}

/** Fills only what differs by language; `UserError` fills the rest. */
function filledWords(text: string, params: Params, language: Language): string {
  const words = Object.entries(params).filter(([, value]) => typeof value === "object");
  return filled(text, Object.fromEntries(words), language);
}

function inEnglish(params: Params): ErrorParams {
  const values = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === "object" ? value.en : value,
  ]);
  return Object.fromEntries(values);
}
