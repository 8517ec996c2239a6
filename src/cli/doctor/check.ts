// What a check of the doctor is. One file a check; doctor.ts runs them in order.

export type Outcome =
  | { state: "ok"; found: string }
  /** `mend` is the exact command; `fix` does the same from here, where we can. */
  | { state: "missing" | "warning"; found: string; mend: string; fix?: (on: FixOptions) => Promise<void> }
  | { state: "skipped"; found: string };

export interface FixOptions {
  /** Do not ask before anything is installed. */
  yes: boolean;
  onProgress: (line: string) => void;
}

export interface Check {
  id: string;
  title: string;
  /** Without it nothing can be graded; otherwise its absence is a warning. */
  required: boolean;
  /** Only Assay's own tests need it: mended where somebody is about to run them. */
  forTests?: boolean;
  run(): Promise<Outcome>;
}

export interface Finding {
  id: string;
  title: string;
  required: boolean;
  outcome: Outcome;
}

/** Runs one check; a check that throws is a finding, not the end of the doctor. */
export async function examine({ id, title, required, run }: Check): Promise<Finding> {
  try {
    return { id, title, required, outcome: await run() };
  } catch (error) {
    const found = (error as Error).message;
    return { id, title, required, outcome: { state: "warning", found, mend: "see the message" } };
  }
}

/** A required thing that is missing: what makes `assay doctor` end with an error. */
export const isFatal = ({ required, outcome }: Finding) => required && outcome.state === "missing";
