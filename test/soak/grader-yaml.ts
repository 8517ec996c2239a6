// grader.yaml as an instructor may have written it, or somebody who wants to harm the server: read, or refused with
// lines that name the file.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { SuiteError, suiteOf } from "../../src/judge/read-suite.ts";
import { mutated } from "../hostile-archives/mutate.ts";
import { type Part, Tally, watchMemory } from "./part.ts";

const GRADERS = join(import.meta.dirname, "../../graders");
const written = ["hw1-cnn", "hw2-rnn", "hw3-fusion", "hw4-dtw", "final-t2i"].map((suite) =>
  readFileSync(join(GRADERS, suite, "grader.yaml")),
);
const odd = [
  "limits: { memory: -1, wall: .inf, upload: 1e400 }",
  "? [a, b]\n: c",
  "x: &x [*x, *x]",
  "a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]",
  "<<: { id: x }",
  "id: !!js/function 'x'",
  "__proto__: { polluted: true }",
  "title: { en: x, zh: y, constructor: { prototype: 1 } }",
  "rubric: [{ id: a, title: b, points: .nan }]",
  "\u2028: \u0000",
  "--- \n...\n---",
];
const text = fc
  .tuple(
    fc.constantFrom(...written),
    fc.array(fc.tuple(fc.nat(60), fc.constantFrom(...odd)), { maxLength: 2 }),
  )
  .map(([yaml, lines]) => {
    const all = yaml.toString("utf8").split("\n");
    for (const [at, line] of lines) all.splice(at % (all.length + 1), at % 2, line);
    return Buffer.from(all.join("\n"));
  });
/** Longer than any honest one takes by far; a bomb takes for ever. */
const READ_LIMIT_MS = 2000;
const files = ["cnn.py", "rnn.py", "fusion.py", "coordination.py", "dtw.py", "model.py", "report.pdf"];
const others = ["tests/test_x.py", ...files.map((name) => `reference/${name}`)].map((path) => {
  return { path, bytes: Buffer.from("") };
});

export function tryMutatedSettings(runs: number, seed: number): Record<string, number> {
  const tally = new Tally();
  fc.assert(
    fc.property(mutated(text), (bytes) => tally.add(outcomeOf(bytes))),
    { numRuns: runs, seed, endOnFailure: false },
  );
  if ("polluted" in {}) throw new Error("a prototype was changed");
  return tally.counts;
}

function outcomeOf(bytes: Buffer): string {
  const began = performance.now();
  const outcome = readOrRefuse(bytes);
  if (performance.now() - began > READ_LIMIT_MS) throw new Error("it took too long to read");
  return outcome;
}

function readOrRefuse(bytes: Buffer): string {
  try {
    suiteOf([{ path: "grader.yaml", bytes }, ...others]);
    return "read";
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    if (error.problems.length === 0) throw new Error("refused without a reason");
    return "refused";
  }
}

export const graderYaml: Part = {
  name: "grader-yaml",
  runs: 20_000,
  run: (runs, seed) => watchMemory(runs, (some) => tryMutatedSettings(some, seed)),
};
