// In what manner a test failed, in one word that makes failures alike comparable. Pure.
import type { TestReport } from "../judge/report.ts";

type Failure = Pick<TestReport, "verdict" | "traceback" | "message" | "extra">;

/**
 * `value`: numbers that differ. `shape`: an array of another shape. `raised:KIND`: an exception of the student's code.
 * `said`: another assertion of the test. Else the verdict's own word (`timeout`, `memory`, …).
 */
export function kindOfFailure({ verdict, traceback, message, extra }: Failure): string {
  if (verdict !== "failed" && verdict !== "partial" && verdict !== "error") return verdict;
  const last = traceback?.trimEnd().split("\n").at(-1) ?? "";
  const raised = /^([A-Za-z_][\w.]{0,80})(:|$)/.exec(last)?.[1];
  if (verdict === "error") return raised ? `raised:${raised}` : "error";
  if (extra.mismatch !== undefined) return "value";
  return / has the wrong shape: /.test(message?.en ?? "") ? "shape" : "said";
}
