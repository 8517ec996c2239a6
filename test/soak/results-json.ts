// results.json as an autograder may have written it: read, or a fault with words for staff; points are whole
// hundredths that a row can hold, the score is never below nothing and never above what extra credit allows.
import fc from "fast-check";
import { BadResults, readResults } from "../../src/judge/gradescope/results.ts";
import { mutated } from "../hostile-archives/mutate.ts";
import { type Part, Tally, watchMemory } from "./part.ts";

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    "1e999",
    "-0",
    "NaN",
    "١٢",
    1e308,
    -1e308,
    2 ** 63,
    "__proto__",
    "<script>",
    "\u202e",
  ),
);
const usually = (value: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: odd });
const number = fc.oneof(fc.nat(20), fc.double(), fc.nat(20).map(String));
const text = fc.string({ unit: "binary", maxLength: 20 });
const visibility = fc.constantFrom("visible", "hidden", "after_due_date", "after_published");
const format = fc.constantFrom("text", "html", "simple_format", "md", "ansi");
const some = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, usually(value)])), {
    requiredKeys: [],
  });
const oneTest = some({
  score: number,
  max_score: number,
  status: fc.constantFrom("passed", "failed"),
  name: text,
  name_format: format,
  number: text,
  output: text,
  output_format: format,
  tags: fc.array(text, { maxLength: 2 }),
  visibility,
  extra_data: fc.dictionary(text, fc.jsonValue(), { maxKeys: 2 }),
});
const results = some({
  score: number,
  execution_time: number,
  output: text,
  visibility,
  stdout_visibility: visibility,
  tests: fc.array(oneTest, { maxLength: 4 }),
  leaderboard: fc.array(some({ name: text, value: number, order: fc.constantFrom("asc", "desc") }), {
    maxLength: 2,
  }),
});
const source = results.map((value) => Buffer.from(JSON.stringify(value)));
const EXTRA_CREDIT = 1.5;
/** What a column of the database holds. */
const COLUMN_LIMIT = 2 ** 31 - 1;

export function tryMutatedResults(runs: number, seed: number): Record<string, number> {
  const tally = new Tally();
  const points = fc.option(fc.integer({ min: 1, max: 100_000 }));
  fc.assert(
    fc.property(mutated(source), points, (bytes, max) => tally.add(outcomeOf(bytes.toString("utf8"), max))),
    { numRuns: runs, seed, endOnFailure: false },
  );
  return tally.counts;
}

function outcomeOf(text: string, points: number | null): string {
  try {
    const read = readResults(text, points);
    const amounts = [read.score, read.max, ...read.tests.flatMap(({ score, max }) => [score, max])];
    if (amounts.some((amount) => !Number.isInteger(amount) || Math.abs(amount) > COLUMN_LIMIT))
      throw new Error(`points that are none: ${amounts.join(", ")}`);
    const most = read.max > 0 ? Math.ceil(read.max * EXTRA_CREDIT) : COLUMN_LIMIT;
    if (read.score < 0 || read.score > most) throw new Error(`${read.score} of ${read.max}`);
    return "read";
  } catch (error) {
    if (!(error instanceof BadResults)) throw error;
    if (error.message === "") throw new Error("refused without a reason");
    return "refused";
  }
}

export const resultsJson: Part = {
  name: "results-json",
  runs: 100_000,
  run: (runs, seed) => watchMemory(runs, (some) => tryMutatedResults(some, seed)),
};
