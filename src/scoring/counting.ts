// Which of a student's submissions counts. Pure.

export type CountingRule = "latest" | "best" | "chosen";

export interface Candidate {
  id: string;
  receivedAt: Date;
  /** Hundredths, after lateness; null while it is not graded. */
  score: number | null;
}

/**
 * The submission that counts, or null where there is none. `best` takes the highest score, the later of equals,
 * and never one that is not graded yet while another is; `chosen` falls back to the latest until something is
 * chosen.
 */
export function whichCounts<C extends Candidate>(
  rule: CountingRule,
  submissions: readonly C[],
  chosenId: string | null,
): C | null {
  const byTime = [...submissions].sort(
    (a, b) => b.receivedAt.getTime() - a.receivedAt.getTime() || (a.id < b.id ? 1 : -1),
  );
  const latest = byTime[0] ?? null;
  if (rule === "chosen") return byTime.find(({ id }) => id === chosenId) ?? latest;
  if (rule === "latest") return latest;
  const graded = byTime.filter(({ score }) => score !== null);
  return (
    graded.reduce<C | null>(
      (best, next) => (best === null || next.score! > best.score! ? next : best),
      null,
    ) ?? latest
  );
}
