// Many cases through one pool, as a worker would meet them.
import { HostileBench } from "./bench.ts";
import type { HostileCase } from "./cases.ts";
import type { ControlName } from "./controls.ts";
import { type CaseResult, judgeCase } from "./judge-case.ts";

/** Gradings at once: what the smallest worker does. */
const LANES = 2;

/** What is left at the end counts against every case, since it may be anyone's. */
export async function runCases(
  cases: HostileCase[],
  without: ControlName | null,
  onResult: (result: CaseResult) => void = () => {},
): Promise<CaseResult[]> {
  const bench = await HostileBench.open(without);
  const waiting = [...cases];
  const results: CaseResult[] = [];
  const lane = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const result = await judgeCase(bench, one);
      results.push(result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const left = await bench.close();
  if (left.length > 0) console.error(`left over: ${left.join(", ")}`);
  return results
    .map((result) => ({ ...result, leftovers: left.length, ok: result.ok && left.length === 0 }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
