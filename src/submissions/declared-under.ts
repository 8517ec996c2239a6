// A suite's declared tests with what they are worth by the rules of an attempt: hidden tests are counted from here.
import { pointsUnder } from "../grading/points-of-rules.ts";
import type { Attempt } from "../grading/tables.ts";
import type { DeclaredTest } from "./visibility.ts";

export function declaredUnder({ rules }: Pick<Attempt, "rules">, tests: DeclaredTest[] | null) {
  if (!tests || !rules) return tests;
  return pointsUnder(
    rules,
    tests.map((test) => ({ ...test, score: 0 })),
    {},
  ).map(({ score: _, ...test }) => test);
}
