import { expect, test } from "vitest";
import type { TestReport } from "../judge/report.ts";
import { kindOfFailure } from "./kind-of-failure.ts";

type Failure = Pick<TestReport, "verdict" | "traceback" | "message" | "extra">;
const failure = (more: Partial<Failure>): Failure => ({
  ...{ verdict: "failed", traceback: null, message: null, extra: {} },
  ...more,
});
const said = (en: string) => ({ message: { en, zh: en } });

test.each<[string, Partial<Failure>, string]>([
  ["numbers that differ", { extra: { mismatch: { index: [0] } } }, "value"],
  ["another shape", said("dx has the wrong shape: got [2], expected [3]"), "shape"],
  ["another assertion", said("nothing was raised"), "said"],
  ["an exception", { verdict: "error", traceback: "Traceback\nTypeError: no" }, "raised:TypeError"],
  [
    "an exception without words",
    { verdict: "error", traceback: "NotImplementedError\n" },
    "raised:NotImplementedError",
  ],
  ["a missing file", { verdict: "error" }, "error"],
  ["time", { verdict: "timeout", traceback: "TypeError: no" }, "timeout"],
])("%s", (_, more, kind) => expect(kindOfFailure(failure(more))).toBe(kind));
