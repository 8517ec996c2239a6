import { expect, test } from "vitest";
import { type AttemptEvent, type AttemptState, attemptStates, isOpen, nextState } from "./states.ts";

const events: AttemptEvent[] = [
  { type: "started" },
  { type: "finished" },
  { type: "cancelled" },
  { type: "failed", last: false },
  { type: "failed", last: true },
];

/** Everything that may happen; whatever is not here must not. */
const table: Partial<Record<AttemptState, (AttemptState | null)[]>> = {
  waiting: ["running", null, "cancelled", null, null],
  running: [null, "finished", null, "infrastructure", "needs_attention"],
};
const cases = attemptStates.flatMap((state) =>
  events.map((event, at) => [state, event, table[state]?.[at] ?? null] as const),
);

test.each(cases)("%s, %o → %s", (state, event, next) => expect(nextState(state, event)).toBe(next));

test("an attempt that is not open never changes again", () => {
  const ended = attemptStates.filter((state) => !isOpen(state));
  expect(ended.flatMap((state) => events.map((event) => nextState(state, event))).filter(Boolean)).toEqual(
    [],
  );
});
