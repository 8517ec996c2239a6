// Which word a test's end is called by. Pure: the facts come from the harness's clock and the kernel's counters.
import type { Verdict } from "./report.ts";

/** How the harness saw a test end. */
export type Ended =
  | "passed"
  | "assertion"
  | "score"
  | "student_exception"
  | "deadline"
  | "output_limit"
  | "sandbox_lost"
  | "bad_answer"
  | "harness_exception";

export interface TestEnd {
  ended: Ended;
  /** 0 to 1. */
  score: number;
  /** By how much the kernel's counter of out-of-memory kills moved during the test. */
  oomKills: number;
}

/**
 * The verdict word, decided by what we did first (our deadline), then by what the kernel counted, then by
 * what came over the wire. A test that got its points keeps them even if a helper process of the student's
 * was killed on the way.
 */
export function verdictOf({ ended, score, oomKills }: TestEnd): Verdict {
  if (ended === "passed" || ended === "score") {
    if (score >= 1) return "passed";
    if (score > 0) return "partial";
    return oomKills > 0 ? "memory" : "failed";
  }
  if (ended === "deadline") return "timeout";
  if (oomKills > 0) return "memory";
  switch (ended) {
    case "output_limit":
      return "output_limit";
    case "sandbox_lost":
      return "killed";
    case "student_exception":
      return "error";
    case "assertion":
    case "bad_answer":
    case "harness_exception":
      return "failed";
  }
}

/** Hundredths earned: only an unbroken end earns any; not finite is 0. */
export function pointsOf(end: Pick<TestEnd, "ended" | "score">, max: number): number {
  if (end.ended !== "passed" && end.ended !== "score") return 0;
  if (!Number.isFinite(end.score)) return 0;
  return Math.round(max * Math.min(1, Math.max(0, end.score)));
}
