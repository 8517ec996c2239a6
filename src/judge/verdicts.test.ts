import { expect, test } from "vitest";
import { type Ended, pointsOf, verdictOf } from "./verdicts.ts";

test.each<[string, Ended, number, number, string]>([
  ["every assertion held", "passed", 1, 0, "passed"],
  ["partial credit", "score", 0.5, 0, "partial"],
  ["partial credit of nothing", "score", 0, 0, "failed"],
  ["full partial credit", "score", 1, 0, "passed"],
  ["an assertion", "assertion", 0, 0, "failed"],
  ["the student's exception", "student_exception", 0, 0, "error"],
  ["our deadline", "deadline", 0, 0, "timeout"],
  ["our deadline comes before the kernel's counter", "deadline", 0, 1, "timeout"],
  ["the channel closed and the kernel had killed for memory", "student_exception", 0, 1, "memory"],
  ["the sandbox died and the kernel had killed for memory", "sandbox_lost", 0, 1, "memory"],
  ["the sandbox died for no reason that we know", "sandbox_lost", 0, 0, "killed"],
  ["a flood of output", "output_limit", 0, 0, "output_limit"],
  ["an answer that does not decode", "bad_answer", 0, 0, "failed"],
  ["points stay though a helper process was killed", "passed", 1, 1, "passed"],
])("%s: %s, score %d, %d kills is %s", (_, ended, score, oomKills, verdict) => {
  expect(verdictOf({ ended, score, oomKills })).toBe(verdict);
});

test.each<[Ended, number, number]>([
  ["passed", 1, 800],
  ["score", 0.7, 560],
  ["score", Number.NaN, 0],
  ["score", Number.POSITIVE_INFINITY, 0],
  ["score", 7, 800],
  ["score", -1, 0],
  ["assertion", 1, 0],
  ["deadline", 1, 0],
])("%s with score %d earns %d of 800", (ended, score, points) => {
  expect(pointsOf({ ended, score }, 800)).toBe(points);
});
