import { expect, test } from "vitest";
import { tryMutatedFrames } from "../../test/soak/frames.ts";

test("3,000 broken streams of frames: each an event, nothing, or a refusal; points stay within a test's", () => {
  const outcomes = tryMutatedFrames(3000, Date.now());
  expect(Object.keys(outcomes)).toEqual(
    expect.arrayContaining([
      "refused",
      "nothing",
      "cut off",
      "test_finished: passed",
      "test_finished: timeout",
    ]),
  );
});
