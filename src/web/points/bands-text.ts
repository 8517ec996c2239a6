// Cutoffs of a metric as people write them, a line each. Pure.
//
//   test_kaggle accuracy 0.6:30 0.7:50 0.9:90 bonus 0.9:0 0.95:5 on-time
import type { ScoreRules } from "../../scoring/rules.ts";

type Bands = ScoreRules["bands"][number];

/** The lines' rules, or the first line that cannot be read. */
export function readBands(text: string): { bands: Bands[] } | { problem: string } {
  const bands: Bands[] = [];
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "") continue;
    const read = readLine(line);
    if (!read) return { problem: line.slice(0, 120) };
    bands.push(read);
  }
  return { bands };
}

function readLine(line: string): Bands | null {
  const [test = "", metric, ...words] = line.split(/\s+/);
  const onTime = words.at(-1) === "on-time";
  const rest = onTime ? words.slice(0, -1) : words;
  const at = rest.indexOf("bonus");
  const own = readPairs(at < 0 ? rest : rest.slice(0, at));
  const bonus = readPairs(at < 0 ? [] : rest.slice(at + 1));
  if (metric === undefined || !own || own.length === 0 || !bonus) return null;
  return { test, metric, bands: own, bonus, bonusOnTimeOnly: onTime };
}

function readPairs(words: string[]): Bands["bands"] | null {
  const pairs = words.map((word) => /^(-?\d+(?:\.\d+)?(?:e-?\d+)?):(\d+(?:\.\d{1,2})?)$/i.exec(word));
  if (pairs.some((pair) => pair === null)) return null;
  return pairs.map((pair) => ({ value: Number(pair![1]), points: Math.round(Number(pair![2]) * 100) }));
}

/** The same the other way. */
export function writeBands(bands: Bands[]): string {
  const pairs = (some: Bands["bands"]) => some.map(({ value, points }) => `${value}:${points / 100}`);
  return bands
    .map(({ test, metric, bands, bonus, bonusOnTimeOnly }) =>
      [
        test,
        metric,
        ...pairs(bands),
        ...(bonus.length > 0 ? ["bonus", ...pairs(bonus)] : []),
        ...(bonusOnTimeOnly ? ["on-time"] : []),
      ].join(" "),
    )
    .join("\n");
}
