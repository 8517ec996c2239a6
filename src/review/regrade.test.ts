import { expect, test } from "vitest";
import {
  fitsOutcome,
  mayAnswer,
  nextRound,
  nextState,
  type RegradeState,
  regradeBegin,
  regradeOutcomes,
  regradeStates,
  regradeWindow,
} from "./regrade.ts";

const acts = ["withdrawn", ...regradeOutcomes] as const;
test.each(regradeStates.flatMap((state) => acts.map((act) => [state, act] as const)))(
  "from %s to %s",
  (state, act) => expect(nextState(state, act)).toBe(state === "open" ? act : null),
);

const published = new Date("2026-11-20T08:00:00Z");
const after = (ms: number) => new Date(published.getTime() + ms);
const WEEK_MS = 7 * 86_400_000;
test.each([
  ["an assignment without a window takes none", null, published, after(0), "none"],
  ["results that are not out cannot be disputed", 7, null, after(0), "not_yet"],
  ["a publication to come is none", 7, published, after(-1), "not_yet"],
  ["it opens with the results", 7, published, after(0), "open"],
  ["its last millisecond", 7, published, after(WEEK_MS - 1), "open"],
  ["the end itself is outside", 7, published, after(WEEK_MS), "over"],
  ["no days are no window", 0, published, after(0), "over"],
] as const)("%s", (_, days, at, now, word) => expect(regradeWindow(days, at, now)).toBe(word));

test.each<[string, string, string[], string[], string[], string[], boolean]>([
  ["another of the staff answers", "b", ["a", "b"], ["a"], [], ["s"], true],
  ["whoever graded it does not", "a", ["a", "b"], ["a"], [], ["s"], false],
  ["the only one of the staff does", "a", ["a"], ["a"], [], ["s"], true],
  ["all of them graded it: each may", "b", ["a", "b"], ["a", "b"], [], ["s"], true],
  ["a name on the submission never answers", "s", ["s", "a"], ["a"], [], ["s"], false],
  ["not even where nobody else is left", "s", ["s"], [], [], ["s"], false],
  ["an administrator outside the roster may", "z", ["a"], ["a"], [], ["s"], true],
  ["a test that no person graded: anybody", "a", ["a", "b"], [], [], ["s"], true],
  ["the only other one handed it in too: the grader", "a", ["a", "b"], ["a"], [], ["b"], true],
  ["an appeal goes to a third person", "c", ["a", "b", "c"], ["a"], ["b"], ["s"], true],
  ["not to who answered", "b", ["a", "b", "c"], ["a"], ["b"], ["s"], false],
  ["nor to who graded", "a", ["a", "b", "c"], ["a"], ["b"], ["s"], false],
  ["of a test that nobody graded: not to who answered", "b", ["a", "b"], [], ["b"], ["s"], false],
  ["without a third the grader answers", "a", ["a", "b"], ["a"], ["b"], ["s"], true],
  ["and who is appealed against does not", "b", ["a", "b"], ["a"], ["b"], ["s"], false],
  ["the third handed it in: the grader", "a", ["a", "b", "c"], ["a"], ["b"], ["c"], true],
  ["who graded and answered, alone on the staff", "a", ["a"], ["a"], ["a"], ["s"], true],
  ["all have answered: each may", "b", ["a", "b"], [], ["a", "b"], ["s"], true],
  ["an administrator outside the roster who answered: not again", "z", ["a"], [], ["z"], ["s"], false],
])("%s", (_, viewer, staff, graders, answerers, submitters, may) => {
  expect(mayAnswer(viewer, staff, { graders, answerers, submitters })).toBe(may);
});

test.each<[string, RegradeState[], number | "waits" | "final"]>([
  ["nothing was asked", [], 1],
  ["it was taken back", ["withdrawn", "withdrawn"], 1],
  ["one waits", ["open"], "waits"],
  ["refused: an appeal", ["refused"], 2],
  ["accepted with too little: an appeal", ["accepted"], 2],
  ["our fault, and more: an appeal", ["ours"], 2],
  ["the appeal waits", ["refused", "open"], "waits"],
  ["the appeal was taken back", ["refused", "withdrawn"], 2],
  ["both are answered", ["refused", "refused"], "final"],
  ["whatever was taken back between", ["withdrawn", "refused", "withdrawn", "accepted"], "final"],
])("%s: the next is %s", (_, earlier, next) => expect(nextRound(earlier)).toBe(next));

test.each([
  ["with the results", after(0), null, after(0)],
  ["an appeal with its answer", after(0), after(5), after(5)],
  ["an answer from before a second publication lengthens nothing", after(5), after(0), after(5)],
  ["without results there is none", null, after(5), null],
])("a window begins %s", (_, at, answered, begin) => expect(regradeBegin(at, answered)).toEqual(begin));

test.each([
  ["accepted", 0, false],
  ["accepted", 1, true],
  ["accepted", -1, false],
  ["ours", 0, true],
  ["ours", 500, true],
  ["ours", -1, false],
  ["refused", 0, true],
  ["refused", 100, false],
] as const)("%s with %s hundredths: %s", (outcome, points, fits) => {
  expect(fitsOutcome(outcome, points)).toBe(fits);
});
