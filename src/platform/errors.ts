// Two kinds of trouble, never mixed: a person's (a code, a sentence in both languages that says what to do, an
// HTTP status) and ours (an InfrastructureFault: repeated, then shown to staff, never a verdict).

export interface ErrorEntry {
  status: number;
  en: string;
  zh: string;
}
export type ErrorTable = Record<string, ErrorEntry>;
export type ErrorParams = Record<string, string | number>;

/** What a person did that cannot be done, in words that they can act on. */
export class UserError extends Error {
  readonly code: string;
  readonly status: number;
  readonly params: ErrorParams;
  private readonly entry: ErrorEntry;

  constructor(code: string, entry: ErrorEntry, params: ErrorParams = {}) {
    super(filled(entry.en, params));
    this.name = "UserError";
    this.code = code;
    this.status = entry.status;
    this.params = params;
    this.entry = entry;
  }

  /** The sentence in a language, placeholders filled. */
  sentence(lang: "en" | "zh"): string {
    return filled(this.entry[lang], this.params);
  }
}

/** A fault on our own side: engine gone, worker dead, a suite that fails before any answer. */
export class InfrastructureFault extends Error {
  override name = "InfrastructureFault";
  /** What the work stood on went away under it (an engine that stopped): that says nothing of the work itself. */
  readonly outage: boolean;

  constructor(message: string, options: ErrorOptions & { outage?: boolean } = {}) {
    super(message, options);
    this.outage = options.outage ?? false;
  }
}

/**
 * Makes a room's `fail` from its table of errors.
 * @example const fail = failWith(reviewErrors); throw fail("already_answered", { by: name });
 */
export function failWith<T extends ErrorTable>(
  table: T,
): (code: keyof T & string, params?: ErrorParams) => UserError {
  return (code, params) => new UserError(code, table[code] as ErrorEntry, params);
}

function filled(text: string, params: ErrorParams): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
