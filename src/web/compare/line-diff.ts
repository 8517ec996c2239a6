// Two texts line by line, within a limit: what is too different is said to be so, since finding the shortest way
// between two texts takes the square of their distance, on the one thread that answers everybody.
import { structuredPatch } from "diff";

/** Lines that differ between two versions of a file; past that nobody reads a difference. */
export const DIFFERING_LIMIT_LINES = 1200;
const CONTEXT_LINES = 3;
/** A file made for it would take the thread for longer than that within the limit above. */
const LIMIT_MS = 100;

export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
  /** Its number in the file that has it: the later one, unless it was removed. */
  number: number;
}
export type Hunk = DiffLine[];

/** Null: more differs than the limits. */
export function lineDiff(before: string, after: string): Hunk[] | null {
  const options = { context: CONTEXT_LINES, maxEditLength: DIFFERING_LIMIT_LINES, timeout: LIMIT_MS };
  const patch = structuredPatch("", "", before, after, undefined, undefined, options);
  return patch?.hunks.map(({ oldStart, newStart, lines }) => numbered(lines, oldStart, newStart)) ?? null;
}

function numbered(lines: string[], oldStart: number, newStart: number): Hunk {
  let [was, is] = [oldStart, newStart];
  // `\ No newline at end of file` is no line of either.
  return lines
    .filter((line) => !line.startsWith("\\"))
    .map((line): DiffLine => {
      const text = line.slice(1);
      if (line.startsWith("-")) return { kind: "removed", text, number: was++ };
      if (line.startsWith("+")) return { kind: "added", text, number: is++ };
      was++;
      return { kind: "same", text, number: is++ };
    });
}
